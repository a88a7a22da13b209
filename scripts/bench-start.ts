/**
 * Measures how exactly a box starts a sound: a private PulseAudio null sink, the agent's own player, and an ear on the
 * sink's monitor. `node scripts/bench-start.ts [--starts N] [--mpv=--FLAG]` prints p50, p99 and max of |heard - asked| after the
 * constant latency is taken off, and that latency, which belongs into the box's configuration.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, hostname, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { uptimeMs } from '../agent/devices/mpv/uptime.ts';
import { MpvPlayer } from '../agent/devices/player/mpv-player.ts';
import type { Playback } from '../agent/devices/player/seam.ts';
import type { Ear } from '../agent/sim/ear.ts';
import { startSoundSinks } from '../agent/sim/sound-sink.ts';

const run = promisify(execFile);
const sink = 'bench';
/** Between the quiet programme (a tenth of full scale) and the loud one that starts or joins (a half). */
const loudness = { quiet: 0.1, loud: 0.5, threshold: 8_000 };

/** An mp3 that begins with a loud sample, so that its onset is sharp. */
const tone = async (
  folder: string,
  name: string,
  hz: number,
  seconds: number,
  level: number,
): Promise<string> => {
  const path = join(folder, `${name}.mp3`);
  const samples = `aevalsrc=${level}*cos(2*PI*${hz}*t):d=${seconds}:s=48000`;
  await run('ffmpeg', ['-loglevel', 'error', '-y', '-f', 'lavfi', '-i', samples, '-b:a', '64k', path]);
  return path;
};

const playbackOf = (uri: string, durationMs: number): Playback => ({
  key: uri,
  tracks: [{ uri, sha256: null, durationMs }],
  startIndex: 0,
  offsetMs: 0,
  passes: 'fill',
  volume: 100,
});

/** When the loud sound that was asked for at this uptime was heard; throws where it never was. */
const onsetAfter = async (ear: Ear, upMs: number): Promise<number> => {
  for (let waitedMs = 0; waitedMs < 5_000; waitedMs += 20) {
    const heard = ear.soundings().findLast((sounding) => sounding.fromUpMs > upMs - 500);
    if (heard !== undefined) return heard.fromUpMs;
    await sleep(20);
  }
  throw new Error('nothing was heard within five seconds');
};

type Bench = {
  readonly player: MpvPlayer;
  readonly ear: Ear;
  readonly quiet: Playback;
  readonly loud: Playback;
};

const okOrThrow = (outcome: { ok: boolean }): void => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
};

const fromSilence = async ({ player, ear, loud }: Bench): Promise<number> => {
  okOrThrow(await player.cue(loud));
  const atUpMs = uptimeMs() + 300 + 200 * Math.random();
  okOrThrow(await player.release(atUpMs));
  await sleep(atUpMs - uptimeMs() + 100);
  const heardUpMs = await onsetAfter(ear, atUpMs);
  await player.stop(0);
  await sleep(600);
  return heardUpMs - atUpMs;
};

const atJoin = async ({ player, ear, quiet, loud }: Bench): Promise<number> => {
  okOrThrow(await player.replace(quiet, null));
  await sleep(700);
  const atUpMs = uptimeMs() + 100 + 200 * Math.random();
  okOrThrow(await player.replace(loud, atUpMs));
  await sleep(200);
  return (await onsetAfter(ear, atUpMs)) - atUpMs;
};

const round = (ms: number): string => ms.toFixed(1);

const report = (what: string, errorsMs: readonly number[]): void => {
  const sorted = errorsMs.toSorted((a, b) => a - b);
  const at = (values: readonly number[], share: number): number =>
    values[Math.ceil(values.length * share) - 1] ?? NaN;
  const latencyMs = at(sorted, 0.5);
  const jitter = sorted.map((error) => Math.abs(error - latencyMs)).toSorted((a, b) => a - b);
  const figures = `p50 ${round(at(jitter, 0.5))}  p99 ${round(at(jitter, 0.99))}  max ${round(at(jitter, 1))} ms`;
  console.log(
    `${what}  ${figures}  (${sorted.length} starts; left after the configured latency: ${round(latencyMs)} ms)`,
  );
};

const series = async (count: number, once: () => Promise<number>): Promise<number[]> => {
  const errors: number[] = [];
  for (let done = 0; done < count; done += 1) errors.push(await once());
  return errors;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      starts: { type: 'string', default: '100' },
      mpv: { type: 'string', multiple: true, default: [] },
    },
  });
  const starts = Number(values.starts);
  if (!Number.isInteger(starts) || starts < 1) throw new Error('--starts wants a whole number above 0');
  const folder = await mkdtemp(join(tmpdir(), 'bench-start-'));
  const sinks = await startSoundSinks([sink]);
  const player = new MpvPlayer({
    runtimeFolder: folder,
    ao: 'pulse',
    device: `pulse/${sink}`,
    env: { PULSE_SERVER: sinks.server },
    flags: values.mpv,
  });
  try {
    const ear = sinks.listen(sink, { threshold: loudness.threshold, silenceMs: 100 });
    const quiet = playbackOf(await tone(folder, 'quiet', 400, 10, loudness.quiet), 10_000);
    const loud = playbackOf(await tone(folder, 'loud', 1000, 10, loudness.loud), 10_000);
    await player.open();
    await sleep(2_500);
    const bench = { player, ear, quiet, loud };
    const model = cpus()[0]?.model ?? 'unknown processor';
    console.log(
      `${new Date().toISOString()} ${hostname()}, ${cpus().length} × ${model}, load ${loadavg()[0]?.toFixed(2) ?? '?'}`,
    );
    report('from silence', await series(starts, () => fromSilence(bench)));
    report('at joins    ', await series(starts, () => atJoin(bench)));
  } finally {
    await player.close();
    await sinks.close();
    await rm(folder, { recursive: true, force: true });
  }
};

await main();
