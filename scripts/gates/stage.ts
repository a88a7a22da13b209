/** Runs one gate as a process of its own, bounded in time, and tells what came of it. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endSession } from './session.ts';

export type Stage = {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly limitS: number;
  /** Shows this part of the output also where the stage passes (first group). */
  readonly note?: RegExp;
};

export type StageResult = {
  readonly name: string;
  readonly ok: boolean;
  readonly elapsedMs: number;
  /** All output, for people; on a time-out the last line says so. */
  readonly output: string;
  readonly note: string;
};

export type Watch = {
  /** Ends the stage, which then has failed. */
  readonly over?: AbortSignal;
  /** Gets each line of its output at once. */
  readonly hear?: (line: string) => void;
};

/** Never rejects: a command that cannot start is a stage that failed. */
export function runStage(stage: Stage, cwd: string, { over, hear }: Watch = {}): Promise<StageResult> {
  const begunMs = performance.now();
  const [program, ...args] = stage.command;
  const chunks: Buffer[] = [];
  // A session of its own, so that a stage that is stopped takes with it whatever it has started.
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (hear !== undefined) createInterface({ input: child.stdout }).on('line', hear);
  const stop = (why: string) => {
    chunks.push(Buffer.from(`\nStopped: ${why}.\n`));
    if (child.pid !== undefined) void endSession(child.pid);
  };
  const late = setTimeout(stop, stage.limitS * 1000, `more than ${stage.limitS} s`);
  const asked = () => {
    stop('asked to');
  };
  over?.addEventListener('abort', asked, { once: true });

  return new Promise((resolve) => {
    const end = (ok: boolean, extra = '') => {
      clearTimeout(late);
      over?.removeEventListener('abort', asked);
      const output = Buffer.concat(chunks).toString('utf8') + extra;
      const note = stage.note?.exec(output)?.[1]?.trim() ?? '';
      resolve({ name: stage.name, ok, elapsedMs: performance.now() - begunMs, output, note });
    };
    child.on('error', (error) => {
      end(false, `${program} cannot start: ${error.message}\n`);
    });
    child.on('close', (code) => {
      end(code === 0);
    });
  });
}

/** Aborted by Ctrl-C and by an order to end: what was started must not outlive the one who started it. */
export function stopAsked(): AbortSignal {
  const over = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => {
      over.abort();
    });
  return over.signal;
}
