/**
 * The line input on a kernel's sound cards: another program plays into one (the receiver), our player captures it and is
 * heard at another. Two cards of snd-aloop; skipped where they are not. On the bench (../shared/bench):
 *   bench/uml-run --timeout 300 'rmmod snd-aloop; modprobe snd-aloop enable=1,1 id=Loopback,Line; vitest run scripts/hardware/line'
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toneWav } from '../../agent/devices/player/mpv-rig.fixture.ts';
import { MpvPlayer } from '../../agent/devices/player/mpv-player.ts';
import { LINE_IN } from '../../agent/devices/player/seam.ts';
import type { Playback, PlayerObserved } from '../../agent/devices/player/seam.ts';
import { Ear } from '../../agent/sim/ear.ts';

const driver = '/sys/bus/platform/drivers/snd_aloop';
const lineCard = 'snd_aloop.1';
const hasCards = existsSync(`${driver}/${lineCard}`) && existsSync('/proc/asound/Line');
/** What is played into side 0 of a loopback comes out at side 1. */
const RECEIVER = 'plughw:CARD=Line,DEV=0';
const LINE = 'plughw:CARD=Line,DEV=1';
const OUTPUT = 'plughw:CARD=Loopback,DEV=0';
const BESIDE_IT = 'plughw:CARD=Loopback,DEV=1';
const TONE_HZ = 440;

describe('the line input on ALSA cards', () => {
  let folder: string;
  let tone: string;
  let player: MpvPlayer;
  let ear: Ear;
  let children: ChildProcess[];

  const started = (command: string, words: readonly string[]): ChildProcess => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    return child;
  };
  const receive = () => started('aplay', ['-q', '-D', RECEIVER, tone]);
  const playback: Playback = {
    ...{ key: 'k', tracks: [LINE_IN], startIndex: 0, offsetMs: 0, passes: 1, volume: 100 },
  };
  const until = async (isSo: (now: PlayerObserved) => boolean, limitMs: number): Promise<PlayerObserved> => {
    const endUpMs = performance.now() + limitMs;
    while (!isSo(player.observe()) && performance.now() < endUpMs) await sleep(50);
    const now = player.observe();
    expect(isSo(now), JSON.stringify(now)).toBe(true);
    return now;
  };
  const playedMs = () => player.observe().playback?.playedMs ?? 0;
  const hasTone = () =>
    ear.soundings().some(({ lengthMs, startHz }) => lengthMs > 100 && Math.abs(startHz - TONE_HZ) < 90);
  /** As the agent does: until it plays, it is asked for again. */
  const playUntilCounted = async (limitMs: number): Promise<void> => {
    const endUpMs = performance.now() + limitMs;
    while (playedMs() === 0 && performance.now() < endUpMs) {
      await player.replace(playback, null);
      await sleep(1500);
    }
    await until(({ moving, playback: now }) => moving && (now?.playedMs ?? 0) > 500, 20_000);
  };
  const plug = () => {
    if (!existsSync(`${driver}/${lineCard}`)) writeFileSync(`${driver}/bind`, lineCard);
  };
  const playerOn = (alsa: string) =>
    new MpvPlayer({
      ...{ runtimeFolder: folder, ao: 'alsa', device: `alsa/${OUTPUT}`, line: { alsa } },
      loadTimeoutMs: 20_000,
    });

  beforeEach(({ skip }) => {
    if (!hasCards) skip('no two cards of snd-aloop here: run it on the bench');
    children = [];
    folder = mkdtempSync(join(tmpdir(), 'line-'));
    tone = join(folder, 'tone.wav');
    writeFileSync(tone, toneWav(TONE_HZ, 240_000));
    const { stdout } = started('arecord', [
      ...['-q', '-D', BESIDE_IT, '-f', 'S16_LE', '-r', '48000', '-c', '1', '-t', 'raw'],
    ]);
    if (stdout === null) throw new Error('arecord says nothing');
    ear = new Ear(stdout, 48_000, 300, 200);
  });
  afterEach(async () => {
    if (!hasCards) return;
    await player.close();
    for (const child of children) child.kill('SIGKILL');
    plug();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is heard at the output, its own tone, and no longer after a stop', async () => {
    receive();
    player = playerOn(LINE);
    await player.open();
    await playUntilCounted(60_000);
    const { output, line, playback: now } = await until(hasTone, 20_000);
    expect([output, line]).toEqual([`alsa/${OUTPUT}`, 'open']);
    expect(now?.peakDbfs).toBeGreaterThan(-20);
    await player.stop(200);
    expect(player.observe()).toMatchObject({ state: 'idle', line: 'closed' });
    const atStopMs = playedMs();
    await sleep(3000);
    expect(playedMs()).toBe(atStopMs);
    expect(ear.soundings().at(-1)?.toUpMs).not.toBeNull();
  }, 160_000);

  it('says no-input of a line that is not there, and counts nothing as played', async () => {
    player = playerOn('plughw:CARD=Nowhere,DEV=0');
    await player.open();
    await player.replace(playback, null);
    const { playback: now } = await until(({ playback: each }) => each?.failure != null, 40_000);
    expect([now?.failure?.code, now?.playedMs, now?.startedUpMs]).toEqual(['no-input', 0, null]);
  }, 120_000);

  it('counts not a second more once its card was pulled, says why, and is heard when it is back', async () => {
    const receiver = receive();
    player = playerOn(LINE);
    await player.open();
    await playUntilCounted(60_000);
    const pulling = spawn('sh', ['-c', `echo ${lineCard} > ${driver}/unbind`]);
    const isPulled = new Promise((resolve) => pulling.once('close', resolve));
    await sleep(1000);
    receiver.kill('SIGKILL');
    const atPullMs = playedMs();
    const lost = await until(({ playback: now }) => now?.failure != null, 60_000);
    expect(lost.playback?.failure?.code).toBe('no-input');
    expect(lost.playback?.playedMs).toBeLessThan(atPullMs + 1000);
    await isPulled;
    await until(({ state }) => state === 'idle' || state === 'failed', 40_000);
    await player.replace({ ...playback, key: 'without' }, null);
    const without = await until(
      ({ playback: now }) => now?.key === 'without' && now.failure !== null,
      40_000,
    );
    expect([without.playback?.failure?.code, without.playback?.playedMs]).toEqual(['no-input', 0]);
    plug();
    receive();
    await playUntilCounted(60_000);
  }, 300_000);
});
