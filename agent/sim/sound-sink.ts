/** A sound card that is none: a private PulseAudio with null sinks, for tests, benchmark and demo; `listen` hears what one really played. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Ear } from './ear.ts';

export type SoundSinks = {
  /** PULSE_SERVER for players. */
  readonly server: string;
  /** Process id of the PulseAudio, for tests that take it away. */
  readonly pid: number;
  /** A null sink that nobody listens to sleeps up to two seconds, and what begins meanwhile is that late: listen to each. */
  listen(sink: string, options?: { readonly threshold?: number; readonly silenceMs?: number }): Ear;
  /** Something sounds into this sink, like a receiver into a line, until it is told to end. */
  sound(sink: string, file: string): { readonly end: () => void };
  /** False: whoever listens to this sink gets nothing any more, not even silence. */
  tap(sink: string, isOpen: boolean): Promise<void>;
  close(): Promise<void>;
};

const rate = 48_000;

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => {
      resolve(false);
    });
  });

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else
      child.once('close', () => {
        resolve();
      });
  });

const sinkModule = (name: string): readonly string[] => [
  '-L',
  `module-null-sink sink_name=${name} rate=${rate} channels=2`,
];

const startPulse = (folder: string, socket: string, names: readonly string[]): ChildProcess =>
  spawn(
    'pulseaudio',
    [
      ...['-n', '--daemonize=no', '--exit-idle-time=-1', '--realtime=no', '--high-priority=no'],
      ...['-L', `module-native-protocol-unix socket=${socket} auth-anonymous=1`],
      ...names.flatMap(sinkModule),
    ],
    { env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder }, stdio: 'ignore' },
  );

/** Ends the PulseAudio when its owner is gone, however that came: a small process that waits on a pipe of ours. */
const guard = (pulse: ChildProcess, folder: string): ChildProcess => {
  const guarding = spawn('sh', ['-c', 'read -r _; kill "$0"; rm -rf "$1"', String(pulse.pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guarding.once('error', () => undefined);
  return guarding;
};

/** Throws where PulseAudio is not installed or does not start within twenty seconds. */
export const startSoundSinks = async (names: readonly string[]): Promise<SoundSinks> => {
  const folder = await mkdtemp(join(tmpdir(), 'sinks-'));
  const socket = join(folder, 'native');
  const server = `unix:${socket}`;
  const pulse = startPulse(folder, socket, names);
  pulse.once('error', () => undefined);
  for (let waitedMs = 0; !(await answers(socket)); waitedMs += 20) {
    if (pulse.pid === undefined)
      throw new Error('pulseaudio cannot be started: install the package pulseaudio');
    if (waitedMs > 20_000) throw new Error('pulseaudio does not start');
    await sleep(20);
  }
  const env = { ...process.env, PULSE_SERVER: server };
  const children = [guard(pulse, folder)];
  const listen: SoundSinks['listen'] = (sink, options = {}) => {
    const child = spawn(
      'parec',
      [`--device=${sink}.monitor`, `--rate=${rate}`, '--channels=1', '--format=s16le', '--latency-msec=10'],
      { env, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    child.once('error', () => undefined);
    children.push(child);
    return new Ear(child.stdout, rate, options.threshold ?? 300, options.silenceMs ?? 40);
  };
  const sound: SoundSinks['sound'] = (sink, file) => {
    const child = spawn('paplay', [`--device=${sink}`, file], { env, stdio: 'ignore' });
    child.once('error', () => undefined);
    children.push(child);
    return { end: () => void child.kill('SIGTERM') };
  };
  const tell = (...words: readonly string[]) => promisify(execFile)('pactl', words, { env });
  const tap: SoundSinks['tap'] = async (sink, isOpen) => {
    await tell('suspend-sink', sink, isOpen ? '0' : '1');
  };
  const close = async (): Promise<void> => {
    for (const child of [...children, pulse]) child.kill('SIGTERM');
    await Promise.all([...children, pulse].map(ended));
    await rm(folder, { recursive: true, force: true });
  };
  return { server, pid: pulse.pid ?? 0, listen, sound, tap, close };
};
