/** How the machine is looked at: files and programs, each for a bounded time, and null where there is no answer. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

/** Where a kernel shows itself; other folders in tests. */
export type Roots = { readonly sys: string; readonly proc: string; readonly dev: string };
export const machineRoots: Roots = { sys: '/sys', proc: '/proc', dev: '/dev' };

const READ_MS = 2000;

/** The trimmed text of a file of the kernel. */
export const textOf = (file: string): Promise<string | null> =>
  within(
    READ_MS,
    readFile(file, 'utf8').then((text) => text.trim()),
  );

export async function numberOf(file: string): Promise<number | null> {
  const text = await textOf(file);
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null;
}

/** The names in a folder in their natural order; none where it is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const names = (await within(READ_MS, readdir(folder))) ?? [];
  return names.toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

/** Null after so long, or when it failed: a probe says "unknown", it does not end the others. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, limitMs, null);
  });
  try {
    return await Promise.race([work.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}

export type Ran = { readonly exit: number; readonly out: string; readonly err: string };
/** Null where there is no such program, or it did not end in time. */
export type Run = (program: string, args: readonly string[], limitMs: number) => Promise<Ran | null>;

export const runProgram: Run = (program, args, limitMs) =>
  new Promise((resolve) => {
    const options = { timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 1_000_000 } as const;
    execFile(program, args, options, (cause, out, err) => {
      const exit = cause === null ? 0 : cause.code;
      resolve(typeof exit === 'number' ? { exit, out, err } : null);
    });
  });
