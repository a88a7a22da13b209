/**
 * The decoder of RDS: groups of four blocks in, what the station says out. Pure; between the receiver chip, which finds
 * the blocks and corrects what it can, and the FM gate. Layouts: IEC 62106 (EN 50067) §3.1, decided here by group type.
 */
import { emptyCells, hearCell, lettersOf, textOf } from './rds-text.ts';
import type { Cells } from './rds-text.ts';
import type { RdsClock, RdsObserved, RdsSegment } from './seam.ts';

/** 16 bits, and what the chip had to correct: 0 none, 1 one or two bits, 2 three to five, 3 beyond repair; null: it does not say. */
export type RdsBlock = { readonly word: number; readonly errors: 0 | 1 | 2 | 3 | null };
export type RdsGroup = readonly [RdsBlock, RdsBlock, RdsBlock, RdsBlock];

type Clock = Omit<RdsClock, 'upMs'>;

/** All that was heard since the receiver was tuned. */
export type RdsHeard = {
  /** Newest first, at most five. */
  readonly pis: readonly string[];
  readonly pty: number | null;
  readonly tp: boolean | null;
  readonly ta: boolean | null;
  readonly programme: Cells;
  readonly text: { readonly flag: number | null; readonly doubt: number | null; readonly cells: Cells };
  readonly clock: Clock | null;
  readonly clockHeard: Clock | null;
};

const textCells = 16;
export const nothingHeard: RdsHeard = {
  pis: [],
  pty: null,
  tp: null,
  ta: null,
  programme: emptyCells(4),
  text: { flag: null, doubt: null, cells: emptyCells(textCells) },
  clock: null,
  clockHeard: null,
};

/** Three corrected bits of 26 may as well be a miscorrection: Linux (si470x, max_rds_errors = 1) drops them, and so do we. */
const isUsable = ({ errors }: RdsBlock): boolean => errors === null || errors <= 1;
const isClean = (...blocks: readonly RdsBlock[]): boolean => blocks.every(({ errors }) => errors === 0);
/** Nothing had to be corrected, as far as the chip tells. */
const isWhole = (...blocks: readonly RdsBlock[]): boolean =>
  blocks.every(({ errors }) => (errors ?? 0) === 0);

/** One more group. A segment of the house is passed on and not kept: whoever joins them checks them by signature. */
export function hearGroup(
  heard: RdsHeard,
  group: RdsGroup,
): { readonly heard: RdsHeard; readonly segment: RdsSegment | null } {
  const [a, b, c, d] = group;
  if (!isUsable(b)) return { heard: isUsable(a) ? withPi(heard, a.word) : heard, segment: null };
  const isVersionB = (b.word & 0x0800) !== 0;
  const pi = [a, ...(isVersionB ? [c] : [])].find(isUsable);
  const named = pi === undefined ? heard : withPi(heard, pi.word);
  const next = hearContent(hearFlags(named, b), group, isVersionB);
  const isHouse = b.word >> 11 === 6 << 1 && isUsable(c) && isUsable(d);
  const data = Uint8Array.of(c.word >> 8, c.word & 255, d.word >> 8, d.word & 255);
  return { heard: next, segment: isHouse ? { segment: b.word & 31, data } : null };
}

export const rdsOf = ({ programme, text, pty, tp, ta }: RdsHeard): Omit<RdsObserved, 'groups' | 'clock'> => ({
  programme: textOf(programme),
  text: textOf(text.cells)?.trimEnd() ?? null,
  pty,
  tp,
  ta,
});

const withPi = (heard: RdsHeard, word: number): RdsHeard => ({
  ...heard,
  pis: [word.toString(16).padStart(4, '0'), ...heard.pis].slice(0, 5),
});

const hearFlags = (heard: RdsHeard, { word }: RdsBlock): RdsHeard => ({
  ...heard,
  tp: (word & 0x0400) !== 0,
  pty: (word >> 5) & 31,
});

function hearContent(heard: RdsHeard, group: RdsGroup, isVersionB: boolean): RdsHeard {
  const [, b, , d] = group;
  switch (b.word >> 12) {
    case 0:
      return isUsable(d) ? hearProgramme(heard, b, d) : heard;
    case 2:
      return hearText(heard, group, isVersionB);
    case 4:
      return isVersionB ? heard : hearClock(heard, group);
    default:
      return heard;
  }
}

/** Groups 0A and 0B: two characters of the name, and whether there is traffic news now. */
const hearProgramme = (heard: RdsHeard, b: RdsBlock, d: RdsBlock): RdsHeard => ({
  ...heard,
  ta: (b.word & 0x0010) !== 0,
  programme: hearCell(heard.programme, b.word & 3, lettersOf(d.word), isClean(b, d)),
});

/** Groups 2A (four characters) and 2B (two). Another flag says that another text begins. */
function hearText(heard: RdsHeard, [, b, c, d]: RdsGroup, isVersionB: boolean): RdsHeard {
  const flag = (b.word >> 4) & 1;
  const isBelieved = flag === heard.text.flag || isClean(b) || flag === heard.text.doubt;
  if (!isBelieved) return { ...heard, text: { ...heard.text, doubt: flag } };
  const cells = flag === heard.text.flag ? heard.text.cells : emptyCells(textCells);
  const carriers = isVersionB ? [d] : [c, d];
  const letters = lettersOf(...carriers.map(({ word }) => word));
  const next = carriers.every(isUsable)
    ? hearCell(cells, b.word & 15, letters, isClean(b, ...carriers))
    : cells;
  return { ...heard, text: { flag, doubt: null, cells: next } };
}

/**
 * Group 4A, sent at each full minute (IEC 62106 §3.1.5.6): a box may act on it, so no corrected block counts. Where the
 * chip tells no errors a second one must follow it within ten minutes of its own count.
 */
function hearClock(heard: RdsHeard, [, b, c, d]: RdsGroup): RdsHeard {
  if (!isWhole(b, c, d)) return heard;
  const clock = readClock(b.word, c.word, d.word);
  if (clock === null) return heard;
  const before = heard.clockHeard;
  const laterS = before === null ? NaN : clock.utcS - before.utcS;
  const follows = before?.offsetMin === clock.offsetMin && laterS > 0 && laterS <= 600;
  return { ...heard, clockHeard: clock, clock: isClean(b, c, d) || follows ? clock : heard.clock };
}

/** 1970-01-01 as a modified Julian day, and 2100-02-28, the last that IEC 62106 (annex G) lets one count by it. */
const unixEpochMjd = 40_587;
const lastMjd = 88_127;
const halfHourMin = 30;

/** Day (17 bits, modified Julian), hour (5), minute (6), sign and half hours of the local offset (1 + 5); null if impossible. */
function readClock(b: number, c: number, d: number): Clock | null {
  const day = ((b & 3) << 15) | (c >> 1);
  const hour = ((c & 1) << 4) | (d >> 12);
  const minute = (d >> 6) & 63;
  const offsetMin = ((d & 0x20) === 0 ? 1 : -1) * (d & 31) * halfHourMin;
  if (day < unixEpochMjd || day > lastMjd || hour > 23 || minute > 59 || Math.abs(offsetMin) > 14 * 60)
    return null;
  return { utcS: ((day - unixEpochMjd) * 24 + hour) * 3600 + minute * 60, offsetMin: offsetMin + 0 };
}
