/** Runs one gate as a process of its own, bounded in time, and tells what came of it. */
import { spawn } from 'node:child_process';

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

/** Never rejects: a command that cannot start is a stage that failed. */
export function runStage(stage: Stage, cwd: string): Promise<StageResult> {
  const begunMs = performance.now();
  const [program, ...args] = stage.command;
  const chunks: Buffer[] = [];
  // A group of its own, so that a stage out of time takes its children with it.
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const endGroup = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
  const timer = setTimeout(() => {
    chunks.push(Buffer.from(`\nStopped: more than ${stage.limitS} s.\n`));
    endGroup();
  }, stage.limitS * 1000);

  return new Promise((resolve) => {
    const end = (ok: boolean, extra = '') => {
      clearTimeout(timer);
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
