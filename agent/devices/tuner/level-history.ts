/**
 * How strong a station usually is here: the box's own median level of 7 days (protocol.md §7), against which the FM
 * gate holds the level of now. Pure; one history a station, plain data that can be stored as JSON.
 */

/** A closed hour counts once, however often it was sampled: an hour of a stronger sender weighs an hour. */
export type LevelHistory = {
  /** Closed hours, oldest first: the hour (whole hours since 1970 UTC) and its median level in dBµV. */
  readonly hours: readonly (readonly [hour: number, levelDbuv: number])[];
  /** The running hour: each level that was seen, and how often. */
  readonly running: {
    readonly hour: number;
    readonly counts: readonly (readonly [levelDbuv: number, count: number])[];
  } | null;
};

export const noLevels: LevelHistory = { hours: [], running: null };

const hourS = 3_600;
const keptHours = 7 * 24;
const levels = { least: 0, most: 127 } as const;

/** One more sample; `atS` in UTC seconds. What lies before the running hour is not taken: the clock was set back. */
export function noteLevel(history: LevelHistory, levelDbuv: number, atS: number): LevelHistory {
  const hour = Math.floor(atS / hourS);
  const level = Math.min(levels.most, Math.max(levels.least, Math.round(levelDbuv)));
  const { running } = history;
  if (running !== null && hour < running.hour) return history;
  if (running?.hour === hour) {
    return { ...history, running: { hour, counts: counted(running.counts, level) } };
  }
  const closed = running === null ? [] : [[running.hour, medianOf(running.counts)] as const];
  const hours = [...history.hours, ...closed].filter(([each]) => each >= hour - keptHours);
  return { hours, running: { hour, counts: [[level, 1]] } };
}

/**
 * Null without a closed hour in the last 7 days; `hours` says on how many the median stands. `atS` null: the box does not
 * know the time, so of the last 7 days in which it did.
 */
export function usualLevel(
  history: LevelHistory,
  atS: number | null,
): { readonly medianDbuv: number; readonly hours: number } | null {
  const now = atS === null ? (history.hours.at(-1)?.[0] ?? 0) : Math.floor(atS / hourS);
  const kept = history.hours.filter(([hour]) => hour >= now - keptHours && hour <= now);
  if (kept.length === 0) return null;
  return { medianDbuv: medianOf(kept.map(([, level]) => [level, 1] as const)), hours: kept.length };
}

/** From storage; null where it is not such a history. */
export function readLevelHistory(stored: unknown): LevelHistory | null {
  if (typeof stored !== 'object' || stored === null || !('hours' in stored) || !('running' in stored))
    return null;
  const { hours, running } = stored;
  if (!isPairs(hours)) return null;
  if (running === null) return { hours, running };
  if (typeof running !== 'object' || !('hour' in running) || !('counts' in running)) return null;
  const { hour, counts } = running;
  return Number.isSafeInteger(hour) && isPairs(counts) && counts.length > 0
    ? { hours, running: { hour: Number(hour), counts } }
    : null;
}

const isPairs = (value: unknown): value is readonly (readonly [number, number])[] =>
  Array.isArray(value) &&
  value.length <= keptHours + 1 &&
  value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(Number.isSafeInteger));

type Counts = readonly (readonly [level: number, count: number])[];

const counted = (counts: Counts, level: number): Counts =>
  counts.some(([each]) => each === level)
    ? counts.map(([each, count]) => [each, each === level ? count + 1 : count] as const)
    : [...counts, [level, 1]];

/** The lower one of two in the middle: the gate is stricter for it. */
function medianOf(counts: Counts): number {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const half = sorted.reduce((sum, [, count]) => sum + count, 0) / 2;
  let below = 0;
  for (const [level, count] of sorted) {
    below += count;
    if (below >= half) return level;
  }
  throw new Error('the median of nothing');
}
