/**
 * Measures a station through the line input: `node scripts/bench-line.ts [--times N] [--mpv=--FLAG]` clicks into a null sink
 * of a private PulseAudio, as a receiver would, and prints how much later the agent's player is heard at another, and how long
 * opening the line takes.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { uptimeMs } from '../agent/devices/mpv/uptime.ts';
import { MpvPlayer } from '../agent/devices/player/mpv-player.ts';
import { toneWav } from '../agent/devices/player/mpv-rig.fixture.ts';
import { LINE_IN } from '../agent/devices/player/seam.ts';
import { startSoundSinks } from '../agent/sim/sound-sink.ts';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '20' }, mpv: { type: 'string', multiple: true, default: [] } },
});
const times = Number(values.times);

const spread = (all: readonly number[]): string => {
  const sorted = all.toSorted((one, other) => one - other);
  const at = (part: number): string => (sorted[Math.floor(part * (sorted.length - 1))] ?? NaN).toFixed(0);
  return `p50 ${at(0.5)}, max ${at(1)} ms (${all.length})`;
};

const folder = await mkdtemp(join(tmpdir(), 'bench-line-'));
const click = join(folder, 'click.wav');
await writeFile(click, toneWav(1_000, 80));
const sinks = await startSoundSinks(['radio', 'bench']);
const [radio, loudspeaker] = [sinks.listen('radio'), sinks.listen('bench')];
const player = new MpvPlayer({
  ...{ runtimeFolder: folder, ao: 'pulse', device: 'pulse/bench', line: { pulse: 'radio.monitor' } },
  ...{ flags: values.mpv, lineLatencyMs: 0, env: { PULSE_SERVER: sinks.server } },
});
await player.open();
while (!radio.listening || !loudspeaker.listening) await sleep(20);

const delays: number[] = [];
const openings: number[] = [];
for (let time = 0; time < times; time += 1) {
  const askedUpMs = uptimeMs();
  const line = { key: `line ${time}`, tracks: [LINE_IN] as const, startIndex: 0, offsetMs: 0, passes: 1 };
  await player.replace({ ...line, volume: 100 }, null);
  await sleep(700);
  const { startedUpMs } = player.observe().playback ?? {};
  openings.push((startedUpMs ?? NaN) - askedUpMs);
  const clickedUpMs = uptimeMs();
  sinks.sound('radio', click);
  await sleep(1_200);
  const [sent, heard] = [radio, loudspeaker].map((ear) =>
    ear.soundings().find(({ fromUpMs }) => fromUpMs > clickedUpMs - 20),
  );
  if (sent !== undefined && heard !== undefined) delays.push(heard.fromUpMs - sent.fromUpMs);
  await player.stop(50);
}
console.log(`from the line to the output: ${spread(delays)}`);
console.log(`from asking for the line to its first sample: ${spread(openings)}`);
console.log(`load ${loadavg()[0]?.toFixed(1) ?? '?'}`);
await player.close();
await sinks.close();
await rm(folder, { recursive: true, force: true });
