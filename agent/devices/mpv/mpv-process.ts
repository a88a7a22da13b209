/** Starts one mpv with our own flags and watches it end: the process behind every player and screen. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect, Socket } from 'node:net';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askForMpv } from './mpv-apart.ts';
import type { BegunMpv } from './mpv-apart.ts';

export type MpvStart = {
  /** Which of this box's players it is, e.g. `sound`: what an earlier one left behind under this name is removed. */
  readonly name: string;
  /** Folder of this user's own in which each process gets a private one (0700) for its socket. */
  readonly runtimeFolder: string;
  /** Of an installed box, where mpv runs as a user of its own; null: as a child of this process. */
  readonly playerFolder: string | null;
  readonly flags: readonly string[];
  /** Added to the environment, e.g. DISPLAY or PULSE_SERVER. */
  readonly env: Readonly<Record<string, string>>;
  readonly startTimeoutMs: number;
};

export type MpvProcess = Omit<BegunMpv, 'open'> & { readonly pid: number };

/** What every mpv of ours gets, wherever it shows or sounds. Sources: protocol §9, field notes §2. */
const alwaysFlags = [
  '--config=no',
  '--load-scripts=no',
  '--ytdl=no',
  '--load-unsafe-playlists=no',
  '--access-references=no',
  '--autoload-files=no',
  '--resume-playback=no',
  '--audio-fallback-to-null=no',
  '--idle=yes',
  '--input-default-bindings=no',
  '--input-terminal=no',
  '--terminal=yes',
  '--msg-level=all=error',
  '--osd-level=0',
  '--network-timeout=10',
  '--demuxer-max-bytes=4MiB',
  '--demuxer-max-back-bytes=1MiB',
  // A file that is really a playlist (HLS text named .mp3) must not make its demuxer open anything else; the
  // file itself is read by mpv, not by libavformat's protocols. Streams widen this for themselves.
  '--demuxer-lavf-o=protocol_whitelist=none',
];

/** What else is switched off where this version of mpv has it: names change between versions and an unknown one is fatal. */
const offWhereKnown = [
  'load-auto-profiles',
  'load-stats-overlay',
  'load-osd-console',
  'load-console',
  'load-select',
  'load-positioning',
  'load-commands',
  'load-context-menu',
  'osc',
  'input-media-keys',
  'gpu-shader-cache',
];

const lastWordsBytes = 2_000;

/** Keeps reading so that the child never waits on a full pipe, and keeps only the end. */
const lastWordsOf = (child: ChildProcess): (() => string) => {
  let tail = '';
  child.stderr?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-lastWordsBytes)));
  child.stdout?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-lastWordsBytes)));
  return () => tail.trim();
};

const outputOf = (command: string, argument: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, [argument], { stdio: ['ignore', 'pipe', 'ignore'] });
    const chunks: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    child.once('error', (error) => {
      reject(new Error(`${command} cannot be started: install the package ${command} (${error.message})`));
    });
    child.once('close', () => {
      resolve(chunks.join(''));
    });
  });

const flagsWhereKnown = async (): Promise<readonly string[]> => {
  const options = await outputOf('mpv', '--list-options');
  return offWhereKnown.filter((name) => options.includes(` --${name} `)).map((name) => `--${name}=no`);
};

const answers = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(socketPath);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => {
      resolve(false);
    });
  });

/**
 * A pipe whose other end is ours: mpv quits when it closes, so that no sound outlives an agent that was killed.
 * Its events are switched off, so that nothing is ever written into it.
 */
const holdLifeline = (child: ChildProcess): void => {
  const line = child.stdio[3];
  if (!(line instanceof Socket)) throw new Error('mpv has no lifeline');
  line.on('error', () => undefined);
  line.resume();
  line.write('{"command":["disable_event","all"]}\n');
};

/** Sound before everything else on the machine, where we may say so: a late buffer is a hole that everybody hears. */
const hurry = (pid: number): void => {
  try {
    setPriority(pid, constants.priority.PRIORITY_HIGH);
  } catch (error) {
    // Without CAP_SYS_NICE it runs like everything else.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
};

const watch = (child: ChildProcess, folder: string): Promise<string> => {
  const lastWords = lastWordsOf(child);
  return new Promise((resolve) => {
    const end = (how: string): void => {
      void rm(folder, { recursive: true, force: true }).finally(() => {
        resolve([how, lastWords()].filter((part) => part !== '').join(': '));
      });
    };
    child.once('error', (error) => {
      end(error.message);
    });
    child.once('close', (code, signal) => {
      end(signal === null ? `mpv ended with code ${code ?? 'unknown'}` : `mpv ended by ${signal}`);
    });
  });
};

/** The longest path that a socket may have, with room for our names. */
const longestFolder = 80;

/**
 * A private folder (0700) for one process. Below the runtime folder, unless that is too long for a socket's path;
 * what a killed agent left there under the same name goes.
 */
const privateFolder = async (runtimeFolder: string, name: string): Promise<string> => {
  const prefix = `mpv-${name}-`;
  if (Buffer.byteLength(runtimeFolder) > longestFolder) return mkdtemp(join(tmpdir(), prefix));
  for (const entry of await readdir(runtimeFolder)) {
    if (entry.startsWith(prefix)) await rm(join(runtimeFolder, entry), { recursive: true, force: true });
  }
  return mkdtemp(join(runtimeFolder, prefix));
};

const spawnMpv = async (start: MpvStart, flags: readonly string[]): Promise<BegunMpv> => {
  const folder = await privateFolder(start.runtimeFolder, start.name);
  const socketPath = join(folder, 's');
  const own = ['--input-ipc-client=fd://3', `--input-ipc-server=${socketPath}`];
  const child = spawn('mpv', [...flags, ...own], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...start.env },
  });
  const exited = watch(child, folder);
  const { pid } = child;
  if (pid === undefined) throw new Error(`mpv cannot be started: ${await exited}`);
  holdLifeline(child);
  hurry(pid);
  return {
    ...{ pid, socketPath, exited },
    get open() {
      return child.exitCode === null && child.signalCode === null;
    },
    kill: () => void child.kill('SIGKILL'),
  };
};

/**
 * Resolves when its socket answers: as a child, or on an installed box apart from the agent. Throws where mpv is not
 * installed, refuses a flag or does not answer in time.
 */
export const startMpv = async (start: MpvStart): Promise<MpvProcess> => {
  const flags = [...alwaysFlags, ...(await flagsWhereKnown()), ...start.flags];
  const { playerFolder } = start;
  const mpv =
    playerFolder === null ? await spawnMpv(start, flags) : askForMpv({ ...start, playerFolder, flags });
  const { socketPath, exited, kill } = mpv;
  const deadline = performance.now() + start.startTimeoutMs;
  for (;;) {
    if (mpv.pid !== null && (await answers(socketPath))) return { pid: mpv.pid, socketPath, exited, kill };
    if (!mpv.open) throw new Error(`mpv does not start: ${await exited}`);
    if (performance.now() > deadline) {
      kill();
      throw new Error(`mpv does not answer after ${start.startTimeoutMs} ms: ${await exited}`);
    }
    await sleep(10);
  }
};
