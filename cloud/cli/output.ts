/** What `loa-cloud` prints: sentences in both languages, tables, or JSON for machines. What comes from outside is shown, never obeyed. */
import { shown } from '../../shared/messages/text.ts';
import type { Text } from '../../shared/messages/text.ts';

export type Output = {
  readonly json: boolean;
  /** To standard output. */
  readonly write: (line: string) => void;
  /** To standard error. */
  readonly warn: (line: string) => void;
};

export const both = ({ vi, en }: Text): string => `${shown(vi, Infinity)} · ${shown(en, Infinity)}`;

/** A sentence of its own: each language on its line. */
export function warnBoth({ warn }: Pick<Output, 'warn'>, { vi, en }: Text): void {
  warn(shown(vi, Infinity));
  warn(shown(en, Infinity));
}

export function printJson({ write }: Output, value: unknown): void {
  write(JSON.stringify(value, null, 2));
}

/** Columns as wide as their widest cell; the first row is the heading. */
export function printTable({ write }: Output, rows: readonly (readonly string[])[]): void {
  const safe = rows.map((row) => row.map((cell) => shown(cell.normalize('NFC'), 60)));
  const widths = (safe[0] ?? []).map((_, column) =>
    Math.max(...safe.map((row) => lengthOf(row[column] ?? ''))),
  );
  for (const row of safe) {
    const cells = row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell)));
    write(cells.join('  ').trimEnd());
  }
}

const lengthOf = (cell: string): number => Array.from(cell).length;

/** `2026-11-23 05:30:00` in Vietnam, where the people who read this are. */
export function momentOf(atMs: number | null): string {
  if (atMs === null) return '–';
  const zone = { timeZone: 'Asia/Ho_Chi_Minh', hourCycle: 'h23' } as const;
  return new Date(atMs).toLocaleString('sv-SE', zone);
}
