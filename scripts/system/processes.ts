/** The players that a box has started, found from outside as an administrator would: in /proc. */
import { readFileSync, readdirSync } from 'node:fs';
import type { Box } from './box.ts';

/** Process ids of every living mpv that works in this box's folder, whoever started it. */
export function playersOf({ folder }: Box): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const words = commandLine(pid);
      return words[0]?.endsWith('mpv') === true && words.some((word) => word.includes(folder));
    });
}

/** Empty where the process has ended in the meantime. */
function commandLine(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause) return [];
    throw cause;
  }
}
