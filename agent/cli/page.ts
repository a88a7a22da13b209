/** Plain lines for a serial console: eighty columns, no colours, times as the clocks on the walls of Vietnam show them. */
import type { Language, Text } from '../../shared/messages/text.ts';

const COLUMNS = 80;

/** Never in what is shown (`shown` makes it visible), so it can hold the words of a command together. */
const GLUE = '\u00A0';

/** Breaks at spaces, but not within a quoted command; what follows the first line is indented by `hang`. Letters of Vietnamese take one column each. */
export function wrapped(line: string, hang: number, columns = COLUMNS): readonly string[] {
  const lines: string[] = [];
  let current = /^ */.exec(line)?.[0] ?? '';
  let isEmpty = true;
  const glued = line.replaceAll(/"[^"]{1,60}"/g, (command) => command.replaceAll(' ', GLUE));
  for (const word of glued.trimStart().split(' ')) {
    const longer = isEmpty ? current + word : `${current} ${word}`;
    if (isEmpty || widthOf(longer) <= columns) current = longer;
    else {
      lines.push(current);
      current = ' '.repeat(hang) + word;
    }
    isEmpty = false;
  }
  return [...lines, current].map((each) => each.replaceAll(GLUE, ' '));
}

const widthOf = (line: string): number => Array.from(line.normalize('NFC')).length;

/** So wide at least; longer text stays whole. */
export const padded = (cell: string, width: number): string =>
  cell + ' '.repeat(Math.max(0, width - widthOf(cell)));

const wall = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Ho_Chi_Minh',
  dateStyle: 'short',
  timeStyle: 'medium',
});

const partsOf = (atMs: number): readonly [date: string, time: string] => {
  const [date = '', time = ''] = wall.format(atMs).split(' ');
  return [date, time];
};

/** `2026-11-23 15:12:07`. */
export const dateAndTime = (atMs: number): string => partsOf(atMs).join(' ');

/** The time alone where it is the day of `nowMs`. */
export function clock(atMs: number, nowMs: number): string {
  const [date, time] = partsOf(atMs);
  return date === partsOf(nowMs)[0] ? time : `${date} ${time}`;
}

export type In = (text: Text) => string;
export const inLanguage =
  (language: Language): In =>
  (text) =>
    text[language];
