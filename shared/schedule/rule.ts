/** The text of a recurrence rule, read strictly: what RFC 5545 or architecture.md §3 does not allow does not parse. */
import type { Day } from './days.ts';
import { dayOf, daysInMonth } from './days.ts';

export type Frequency = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';

export interface WeekdayOfRule {
  /** 0 is Monday. */
  readonly weekday: number;
  /** The n-th of its month or year, negative from the end; null: every one. */
  readonly nth: number | null;
}

/** A rule of dates: times of day are no part of it. Null: the rule does not have this part. */
export interface RecurrenceRule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  /** Inclusive. */
  readonly until: Day | null;
  readonly months: readonly number[] | null;
  /** 1–31, or −31–−1 from the end of the month. */
  readonly monthDays: readonly number[] | null;
  readonly weekdays: readonly WeekdayOfRule[] | null;
  readonly positions: readonly number[] | null;
  /** The weekday on which a week begins; 0 is Monday. */
  readonly weekStart: number;
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const FREQUENCIES: readonly Frequency[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];
const PARTS = new Set([
  'FREQ',
  'INTERVAL',
  'COUNT',
  'UNTIL',
  'BYMONTH',
  'BYMONTHDAY',
  'BYDAY',
  'BYSETPOS',
  'WKST',
]);

/** Null: the rule does not parse. */
export function parseRule(text: string): RecurrenceRule | null {
  const parts = partsOf(text);
  if (parts === null) return null;
  const rule = read(parts);
  return rule !== null && isAllowed(rule) ? rule : null;
}

/** Each part once, and no part unknown to us. */
function partsOf(text: string): ReadonlyMap<string, string> | null {
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const [name = '', value, ...rest] = part.split('=');
    if (value === undefined || rest.length > 0 || !PARTS.has(name) || parts.has(name)) return null;
    parts.set(name, value);
  }
  return parts;
}

/** `bad` stands for a part that is there and does not parse; null for one that is not there. */
type Read<T> = T | null | 'bad';

function read(parts: ReadonlyMap<string, string>): RecurrenceRule | null {
  const part = <T>(name: string, parse: (value: string) => T | 'bad'): Read<T> => {
    const value = parts.get(name);
    return value === undefined ? null : parse(value);
  };
  const frequency = part('FREQ', (value) => FREQUENCIES.find((known) => known === value) ?? 'bad');
  const interval = part('INTERVAL', positive);
  const count = part('COUNT', positive);
  const until = part('UNTIL', date);
  const months = part('BYMONTH', list(number(1, 12, false)));
  const monthDays = part('BYMONTHDAY', list(number(1, 31, true)));
  const weekdays = part('BYDAY', list(weekdayOfRule));
  const positions = part('BYSETPOS', list(number(1, 366, true)));
  const weekStart = part('WKST', weekday);
  if (frequency === null || frequency === 'bad') return null;
  if (interval === 'bad' || count === 'bad' || until === 'bad' || weekStart === 'bad') return null;
  if (months === 'bad' || monthDays === 'bad' || weekdays === 'bad' || positions === 'bad') return null;
  return {
    frequency,
    interval: interval ?? 1,
    count,
    until,
    months,
    monthDays,
    weekdays,
    positions,
    weekStart: weekStart ?? 0,
  };
}

/** What RFC 5545 §3.3.10 says MUST NOT stand together. */
function isAllowed(rule: RecurrenceRule): boolean {
  const { frequency, months, monthDays, weekdays, positions } = rule;
  if (rule.until !== null && rule.count !== null) return false;
  if (monthDays !== null && frequency === 'WEEKLY') return false;
  const numbered = weekdays?.some(({ nth }) => nth !== null) ?? false;
  if (numbered && frequency !== 'MONTHLY' && frequency !== 'YEARLY') return false;
  return positions === null || months !== null || monthDays !== null || weekdays !== null;
}

const list =
  <T>(element: (value: string) => T | 'bad') =>
  (value: string): readonly T[] | 'bad' => {
    const read: T[] = [];
    for (const each of value.split(',')) {
      const one = element(each);
      if (one === 'bad') return 'bad';
      read.push(one);
    }
    return read;
  };

const number =
  (min: number, max: number, signed: boolean) =>
  (value: string): number | 'bad' => {
    if (!(signed ? /^[+-]?\d{1,3}$/ : /^\d{1,2}$/).test(value)) return 'bad';
    const read = Number(value);
    return Math.abs(read) >= min && Math.abs(read) <= max ? read : 'bad';
  };

function positive(value: string): number | 'bad' {
  const read = Number(value);
  return /^\d+$/.test(value) && read > 0 && Number.isSafeInteger(read) ? read : 'bad';
}

function date(value: string): Day | 'bad' {
  if (!/^\d{8}$/.test(value)) return 'bad';
  const [year, month, day] = [value.slice(0, 4), value.slice(4, 6), value.slice(6)].map(Number);
  if (year === undefined || month === undefined || day === undefined) return 'bad';
  const isReal = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return isReal ? dayOf(year, month, day) : 'bad';
}

function weekday(value: string): number | 'bad' {
  const read = WEEKDAYS.indexOf(value);
  return read === -1 ? 'bad' : read;
}

function weekdayOfRule(value: string): WeekdayOfRule | 'bad' {
  const read = weekday(value.slice(-2));
  if (read === 'bad') return 'bad';
  if (value.length === 2) return { weekday: read, nth: null };
  const nth = number(1, 53, true)(value.slice(0, -2));
  return nth === 'bad' ? 'bad' : { weekday: read, nth };
}
