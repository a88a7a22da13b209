/** The days on which an item has a window: its rule within firstDay…lastDay, and `also`, less `except` (architecture.md §3). */
import type { Item, Recurrence } from '../protocol/schema/item.ts';
import type { Day } from './days.ts';
import { civilOf, dayOf, dayOfDate } from './days.ts';
import { datesBetween } from './expand.ts';
import { lunarMonthsAround } from './lunar.ts';
import type { RecurrenceRule } from './rule.ts';
import { parseRule } from './rule.ts';

/** The days of one item, worked out a year at a time and kept. */
export interface ItemDays {
  has(day: Day): boolean;
  /** The first day within `from`…`to`, both inclusive; null if none. */
  next(from: Day, to: Day): Day | null;
}

type Lunar = Extract<Recurrence, { kind: 'lunar' }>;

/** The dates of a rule that have a day in one calendar year; it may name others too. */
type DatesOfYear = (year: number) => readonly Day[];

// Parsed documents stay the same objects as long as they are in force, and their items never change.
const known = new WeakMap<Item, ItemDays | null>();

/** Null: the item's rule does not parse. */
export function daysOfItem(item: Item): ItemDays | null {
  let days = known.get(item);
  if (days === undefined) {
    const rule = ruleOf(item);
    days = rule === null ? null : keptByYear(item, rule);
    known.set(item, days);
  }
  return days;
}

function ruleOf(item: Item): DatesOfYear | null {
  const first = dayOfDate(item.firstDay);
  const { recur } = item;
  if (recur === null) return () => [first];
  if (recur.kind === 'lunar') return lunarDates(recur);
  const rule = parseRule(recur.rule);
  return rule === null ? null : solarDates(rule, first);
}

function solarDates(rule: RecurrenceRule, first: Day): DatesOfYear {
  let last: Day | null = null;
  return (year) => {
    const [from, to] = boundsOf(year);
    if (rule.count === null) return datesBetween(rule, first, from, to);
    last ??= lastCounted(rule, rule.count, first);
    return datesBetween(rule, first, from, Math.min(to, last));
  };
}

/** No document lives past the year 2100 (protocol.md §2), so no count is followed further. */
const LAST_YEAR = 2100;

/** The day of the COUNT-th date, counted from `first` on. */
function lastCounted(rule: RecurrenceRule, count: number, first: Day): Day {
  let left = count;
  for (let year = civilOf(first).year; year <= LAST_YEAR; year += 1) {
    const dates = datesBetween(rule, first, ...boundsOf(year));
    const last = dates[left - 1];
    if (last !== undefined) return last;
    left -= dates.length;
  }
  return Infinity;
}

function lunarDates({ months, days, leap }: Lunar): DatesOfYear {
  return (year) =>
    lunarMonthsAround(year)
      .filter((month) => (months.length === 0 || months.includes(month.month)) && (leap || !month.leap))
      .flatMap(({ first, length }) => {
        const named = days.map((day) => (day === -1 ? length : day));
        return named.filter((day) => day <= length).map((day) => first + day - 1);
      });
}

const boundsOf = (year: number): [from: Day, to: Day] => [dayOf(year, 1, 1), dayOf(year, 12, 31)];

function keptByYear(item: Item, rule: DatesOfYear): ItemDays {
  const first = dayOfDate(item.firstDay);
  const last = item.lastDay === null ? Infinity : dayOfDate(item.lastDay);
  const also = item.also.map(dayOfDate);
  const except = new Set(item.except.map(dayOfDate));
  const years = new Map<number, readonly Day[]>();
  const inYear = (year: number): readonly Day[] => {
    let days = years.get(year);
    if (days === undefined) {
      const ofRule = rule(year).filter((day) => day >= first && day <= last);
      const all = new Set(
        [...ofRule, ...also].filter((day) => civilOf(day).year === year && !except.has(day)),
      );
      days = [...all].sort((a, b) => a - b);
      years.set(year, days);
    }
    return days;
  };
  const next = (from: Day, to: Day): Day | null => {
    const lastYear = civilOf(to).year;
    for (let year = civilOf(from).year; year <= lastYear; year += 1) {
      const day = atOrAfter(inYear(year), from);
      if (day !== null) return day <= to ? day : null;
    }
    return null;
  };
  return { has: (day) => next(day, day) === day, next };
}

function atOrAfter(days: readonly Day[], from: Day): Day | null {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle] ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  return days[low] ?? null;
}
