/**
 * The player on a kernel's sound card: ALSA, snd-aloop and the real mpv (../shared/bench). A card that is missing or pulled
 * is never counted as played, and is played on when it is back. Skipped where there is no such card. On the bench:
 *   bench/uml-run --timeout 300 'vitest run scripts/hardware/sound.test.ts'
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toneWav } from '../../agent/devices/player/mpv-rig.fixture.ts';
import { MpvPlayer } from '../../agent/devices/player/mpv-player.ts';
import type { Playback, PlayerObserved } from '../../agent/devices/player/seam.ts';

const driver = '/sys/bus/platform/drivers/snd_aloop';
const card = 'snd_aloop.0';
const hasCard = existsSync(`${driver}/${card}`);
const CARD_PRESENT = 'alsa/plughw:CARD=Loopback,DEV=0';

describe('the player on an ALSA card', () => {
  let folder: string;
  let player: MpvPlayer;
  let playback: Playback;

  const playerOn = (device: string) =>
    new MpvPlayer({ runtimeFolder: folder, ao: 'alsa', device, loadTimeoutMs: 20_000 });
  const until = async (isSo: (now: PlayerObserved) => boolean, limitMs: number): Promise<PlayerObserved> => {
    const endUpMs = performance.now() + limitMs;
    while (!isSo(player.observe()) && performance.now() < endUpMs) await sleep(50);
    const now = player.observe();
    expect(isSo(now), JSON.stringify(now)).toBe(true);
    return now;
  };
  const playedMs = () => player.observe().playback?.playedMs ?? 0;
  /** Blocks in the kernel until the last program has closed the card: somebody else has to wait for it. */
  const pull = () => spawn('sh', ['-c', `echo ${card} > ${driver}/unbind`]);
  const plug = () => {
    if (!existsSync(`${driver}/${card}`)) writeFileSync(`${driver}/bind`, card);
  };
  /** As the agent does: until it plays, it is asked for again. */
  const playUntilHeard = async (limitMs: number): Promise<void> => {
    const endUpMs = performance.now() + limitMs;
    while (playedMs() === 0 && performance.now() < endUpMs) {
      await player.replace(playback, null);
      await sleep(1500);
    }
    await until(({ moving, playback: now }) => moving && (now?.playedMs ?? 0) > 500, 20_000);
  };

  beforeEach(({ skip }) => {
    if (!hasCard) skip('no snd-aloop here: run it on the bench');
    folder = mkdtempSync(join(tmpdir(), 'sound-'));
    const uri = join(folder, 'tone.wav');
    writeFileSync(uri, toneWav(440, 60_000));
    const track = { uri, sha256: null, durationMs: 60_000 };
    playback = { key: 'k', tracks: [track], startIndex: 0, offsetMs: 0, passes: 1, volume: 80 };
  });
  afterEach(async () => {
    if (!hasCard) return;
    await player.close();
    plug();
    rmSync(folder, { recursive: true, force: true });
  });

  it('plays on the card that is named', async () => {
    player = playerOn(CARD_PRESENT);
    await player.open();
    await playUntilHeard(60_000);
    expect(player.observe().output).toBe(CARD_PRESENT);
  }, 120_000);

  it('says no-output of a card that is not there, and counts nothing as played', async () => {
    player = playerOn('alsa/plughw:CARD=Nowhere,DEV=0');
    await player.open();
    await player.replace(playback, null);
    const { playback: now, output } = await until(({ playback: each }) => each?.failure != null, 40_000);
    expect([now?.failure?.code, now?.playedMs, now?.startedUpMs, output]).toEqual([
      'no-output',
      0,
      null,
      null,
    ]);
  }, 120_000);

  it('counts not a second more once the card was pulled, says why, and plays when it is back', async () => {
    player = playerOn(CARD_PRESENT);
    await player.open();
    await playUntilHeard(60_000);
    const pulling = pull();
    const isPulled = new Promise((resolve) => pulling.once('close', resolve));
    await sleep(1000);
    const atPullMs = playedMs();
    const lost = await until(({ playback: now }) => now?.failure != null, 60_000);
    expect(lost.playback?.playedMs).toBeLessThan(atPullMs + 1000);
    expect(lost.moving).toBe(false);
    await isPulled;
    await until(({ state }) => state === 'idle' || state === 'failed', 40_000);
    await player.replace({ ...playback, key: 'without' }, null);
    const without = await until(
      ({ playback: now }) => now?.key === 'without' && now.failure !== null,
      40_000,
    );
    expect([without.playback?.failure?.code, without.playback?.playedMs]).toEqual(['no-output', 0]);
    plug();
    await playUntilHeard(60_000);
  }, 300_000);
});
