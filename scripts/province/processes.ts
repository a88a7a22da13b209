/** Child processes of the demo: each writes its log to a file of its own, says when it is up, and is ended by id. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

export type Running = {
  readonly pid: number;
  /** The first line of its output that matches, groups and all; rejects where the process ends before it comes. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** SIGTERM, and SIGKILL for what does not go within ten seconds. */
  stop(): Promise<void>;
  readonly ended: Promise<number | null>;
};

const GRACE_MS = 10_000;
/** Of what a process said last, where it could not start. */
const REASON_LINES = 5;

/** `program` is a script for Node, or a launcher that starts Node itself. */
export function start(program: string, args: readonly string[], logFile: string): Running {
  const [command, ...first] = /\.m?[jt]s$/.test(program) ? [process.execPath, program] : [program];
  const child = spawn(command, [...first, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stderr.pipe(log, { end: false });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.splice(0, said.length - REASON_LINES + 1);
    said.push(line);
  });
  // A demo that fails half way leaves nobody behind.
  process.once('exit', () => child.kill());
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    log.write(`${line}\n`);
    lines.push(line);
    for (const hear of waiting) hear(line);
  });
  const ended = endOf(child);
  return {
    pid: child.pid ?? 0,
    ended,
    said: (pattern) => heard(pattern, { lines, said, waiting, ended, name: `${program} (${logFile})` }),
    stop: () => stop(child, ended),
  };
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', () => {
      resolve(null);
    });
  });
}

type Output = {
  readonly lines: readonly string[];
  readonly said: readonly string[];
  readonly waiting: Set<(line: string) => void>;
  readonly ended: Promise<number | null>;
  readonly name: string;
};

function heard(pattern: RegExp, { lines, said, waiting, ended, name }: Output): Promise<RegExpExecArray> {
  const early = lines.map((line) => pattern.exec(line)).find((match) => match !== null);
  if (early !== undefined) return Promise.resolve(early);
  return new Promise((resolve, reject) => {
    const hear = (line: string) => {
      const match = pattern.exec(line);
      if (match === null) return;
      waiting.delete(hear);
      resolve(match);
    };
    waiting.add(hear);
    void ended.then((code) => {
      reject(new Error([`${name} ended with ${String(code)} before it was up`, ...said].join('\n')));
    });
  });
}

async function stop(child: ChildProcess, ended: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await ended;
  clearTimeout(late);
}
