/** The real player on a private PulseAudio null sink, with sound files made on the spot. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ear } from '../../sim/ear.ts';
import { startSoundSinks } from '../../sim/sound-sink.ts';
import type { SoundSinks } from '../../sim/sound-sink.ts';
import { uptimeMs } from '../mpv/uptime.ts';
import { MpvPlayer } from './mpv-player.ts';
import type { PlayerRig } from './player.contract.ts';
import type { Track } from './seam.ts';

const rate = 48_000;

const header = (dataBytes: number): Buffer => {
  const bytes = Buffer.alloc(44);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + dataBytes, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(dataBytes, 40);
  return bytes;
};

/** A mono WAV that starts loud, so that its onset is sharp. */
export const toneWav = (hz: number, lengthMs: number): Buffer => {
  const count = (rate * lengthMs) / 1000;
  const samples = Buffer.alloc(count * 2);
  for (let at = 0; at < count; at += 1) {
    samples.writeInt16LE(Math.round(16_000 * Math.cos((2 * Math.PI * hz * at) / rate)), at * 2);
  }
  return Buffer.concat([header(samples.length), samples]);
};

export type MpvRig = PlayerRig & {
  readonly player: MpvPlayer;
  readonly folder: string;
  readonly sinks: SoundSinks;
  readonly ear: Ear;
  /** What sounds at the line. */
  readonly receiver: { readonly end: () => void };
};

export const makeMpvRig = async (): Promise<MpvRig> => {
  const folder = await mkdtemp(join(tmpdir(), 'rig-'));
  const sinks = await startSoundSinks(['box1', 'radio']);
  const ear = sinks.listen('box1');
  // A sink that nobody listens to falls asleep.
  const awake = sinks.listen('radio');
  const file = async (name: string, bytes: Buffer, durationMs: number): Promise<Track> => {
    const uri = join(folder, name);
    await writeFile(uri, bytes);
    return { uri, sha256: null, durationMs };
  };
  const env = { PULSE_SERVER: sinks.server };
  const player = new MpvPlayer({
    runtimeFolder: folder,
    ao: 'pulse',
    device: 'pulse/box1',
    // What a receiver plays into its output comes in at this box's line.
    line: { pulse: 'radio.monitor' },
    env,
  });
  const tones = {
    short: await file('short.wav', toneWav(1_000, 1_000), 1_000),
    long: await file('long.wav', toneWav(440, 3_000), 3_000),
    truncated: await file('truncated.wav', toneWav(700, 3_000).subarray(0, 44 + rate * 2), 3_000),
    undecodable: await file('undecodable.mp3', Buffer.from('no sound at all '.repeat(500)), 1_000),
    missing: { uri: join(folder, 'missing.wav'), sha256: null, durationMs: 1_000 },
  };
  const programme = await file('radio.wav', toneWav(300, 60_000), 60_000);
  const receiver = sinks.sound('radio', programme.uri);
  while (!ear.listening || !awake.listening) await sleep(20);
  const signal = (name: 'SIGKILL' | 'SIGSTOP'): void => {
    if (player.pid !== null) process.kill(player.pid, name);
  };
  return {
    ...tones,
    ...{ player, folder, sinks, ear, receiver },
    upMs: uptimeMs,
    pass: (ms) => sleep(ms),
    kill: () => {
      signal('SIGKILL');
    },
    hang: () => {
      signal('SIGSTOP');
    },
    unplug: () => {
      process.kill(sinks.pid, 'SIGKILL');
    },
    unplugLine: () => sinks.tap('radio', false),
    plugLine: () => sinks.tap('radio', true),
    heard: () => ear.soundings(),
    close: async () => {
      await sinks.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
