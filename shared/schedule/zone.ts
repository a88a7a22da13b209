/** Wall time of a zone to UTC seconds and back: the only file of the schedule that knows daylight saving. */
import type { Day } from './days.ts';
import { DAY_S } from './days.ts';

/** One UTC day of a zone: its offset at the start, and the later one if it changes at `changeAt`. */
interface OffsetOfDay {
  readonly offsetS: number;
  readonly changeAt: number;
  readonly laterS: number;
}

/** A zone by its IANA name. Offsets are asked of `Intl` once per UTC day and kept: asking takes microseconds. */
export interface Zone {
  readonly name: string;
  readonly reading: Intl.DateTimeFormat;
  readonly known: Map<number, OffsetOfDay>;
}

const zones = new Map<string, Zone>();

/** Null: this machine's `Intl` does not know the name. */
export function zoneOf(name: string): Zone | null {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const reading = readingOf(name);
  if (reading === null) return null;
  const zone = { name, reading, known: new Map<number, OffsetOfDay>() };
  zones.set(name, zone);
  return zone;
}

function readingOf(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Seconds east of UTC at an instant. */
export function offsetAt(zone: Zone, at: number): number {
  const day = Math.floor(at / DAY_S);
  let known = zone.known.get(day);
  if (known === undefined) {
    known = lookUp(zone, day * DAY_S);
    zone.known.set(day, known);
  }
  return at < known.changeAt ? known.offsetS : known.laterS;
}

// No zone changes its offset twice within one UTC day.
function lookUp(zone: Zone, start: number): OffsetOfDay {
  const offsetS = ask(zone, start);
  const laterS = ask(zone, start + DAY_S);
  let before = start;
  let changeAt = start + DAY_S;
  while (offsetS !== laterS && changeAt - before > 1) {
    const middle = Math.floor((before + changeAt) / 2);
    if (ask(zone, middle) === offsetS) before = middle;
    else changeAt = middle;
  }
  return { offsetS, changeAt, laterS };
}

function ask(zone: Zone, at: number): number {
  const read = new Map<string, number>();
  for (const { type, value } of zone.reading.formatToParts(at * 1000)) read.set(type, Number(value));
  const part = (name: Intl.DateTimeFormatPartTypes): number => read.get(name) ?? 0;
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wall / 1000 - at;
}

/** The date that a calendar on the wall shows. */
export function localDay(zone: Zone, at: number): Day {
  return Math.floor((at + offsetAt(zone, at)) / DAY_S);
}

/** Seconds since local midnight that a clock on the wall shows. */
export function localSecond(zone: Zone, at: number): number {
  return at + offsetAt(zone, at) - localDay(zone, at) * DAY_S;
}

/**
 * The instant of a wall time (architecture.md §3): one that daylight saving skips is read with the offset before
 * the gap, a repeated one is its first occurrence. Both are the offset before the change.
 */
export function instantOf(zone: Zone, day: Day, secondOfDay: number): number {
  const wall = day * DAY_S + secondOfDay;
  // No offset is a whole day, so these two lie on either side of the instant looked for.
  const before = wall - offsetAt(zone, wall - DAY_S);
  const after = wall - offsetAt(zone, wall + DAY_S);
  const holds = (instant: number): boolean => instant + offsetAt(zone, instant) === wall;
  return !holds(before) && holds(after) ? after : before;
}

/** The latest local midnight not after `at`, and the one after it. */
export function midnightsAround(zone: Zone, at: number): { readonly passed: number; readonly next: number } {
  // A clock set back over midnight shows yesterday's date again: begin a day ahead.
  let day = localDay(zone, at) + 1;
  while (instantOf(zone, day, 0) > at) day -= 1;
  return { passed: instantOf(zone, day, 0), next: instantOf(zone, day + 1, 0) };
}
