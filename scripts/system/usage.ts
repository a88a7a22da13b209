/** What a process takes of memory and of a core, by /proc, for the scripts that measure. */
import { readFile } from 'node:fs/promises';

const KB_IN_MB = 1024;

/** In MB: resident, its fair share of what is shared, and what is its own (not the text of node). */
export async function memoryOf(
  pid: number,
): Promise<{ readonly rss: number; readonly pss: number; readonly own: number }> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kB = (field: string): number => Number(new RegExp(`^${field}: +(\\d+)`, 'm').exec(text)?.[1]);
  return { rss: kB('Rss') / KB_IN_MB, pss: kB('Pss') / KB_IN_MB, own: kB('Anonymous') / KB_IN_MB };
}

/** 100 ticks a second on every Linux that we know. */
const TICK_MS = 10;

/** Milliseconds of a core since the process began, its own and the kernel's for it. */
export async function cpuMsOf(pid: number): Promise<number> {
  // After the name in brackets, which may hold anything: fields 14 and 15 of proc(5).
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
