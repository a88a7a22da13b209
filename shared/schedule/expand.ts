/** The dates of a recurrence rule (RFC 5545 §3.3.10): in each of its periods the days that match, then BYSETPOS. */
import type { Civil, Day } from './days.ts';
import { civilOf, dayOf, weekdayOf } from './days.ts';
import type { RecurrenceRule, WeekdayOfRule } from './rule.ts';

/** Days from `start` up to, not including, `end`. */
interface Span {
  readonly start: Day;
  readonly end: Day;
}

/** The dates of a rule within `from`…`to`, both inclusive and ascending, but for COUNT; none before `first`. */
export function datesBetween(rule: RecurrenceRule, first: Day, from: Day, to: Day): Day[] {
  const earliest = Math.max(first, from);
  const latest = Math.min(rule.until ?? to, to);
  if (earliest > latest) return [];
  const begin = periodOf(rule, first, earliest);
  const end = periodOf(rule, first, latest);
  const dates: Day[] = [];
  for (let period = upToInterval(begin, rule.interval); period <= end; period += rule.interval) {
    // BYSETPOS counts in the whole period, also before `first` (architecture.md §3).
    for (const day of setOf(rule, first, spanOf(rule, first, period))) {
      if (day >= earliest && day <= latest) dates.push(day);
    }
  }
  return dates;
}

function upToInterval(period: number, interval: number): number {
  return Math.ceil(period / interval) * interval;
}

/** How many days, weeks, months or years the period of a day lies after that of `first`. */
function periodOf(rule: RecurrenceRule, first: Day, day: Day): number {
  switch (rule.frequency) {
    case 'DAILY':
      return day - first;
    case 'WEEKLY':
      return (weekOf(rule, day) - weekOf(rule, first)) / 7;
    case 'MONTHLY':
      return monthNumber(civilOf(day)) - monthNumber(civilOf(first));
    case 'YEARLY':
      return civilOf(day).year - civilOf(first).year;
  }
}

function spanOf(rule: RecurrenceRule, first: Day, period: number): Span {
  switch (rule.frequency) {
    case 'DAILY':
      return { start: first + period, end: first + period + 1 };
    case 'WEEKLY': {
      const start = weekOf(rule, first) + 7 * period;
      return { start, end: start + 7 };
    }
    case 'MONTHLY':
      return monthSpan(monthNumber(civilOf(first)) + period);
    case 'YEARLY':
      return yearSpan(civilOf(first).year + period);
  }
}

const weekOf = (rule: RecurrenceRule, day: Day): Day => day - ((weekdayOf(day) - rule.weekStart + 7) % 7);
const monthNumber = ({ year, month }: Civil): number => year * 12 + month - 1;
const firstOfMonth = (number: number): Day => dayOf(Math.floor(number / 12), (number % 12) + 1, 1);
const monthSpan = (number: number): Span => ({ start: firstOfMonth(number), end: firstOfMonth(number + 1) });
const yearSpan = (year: number): Span => ({ start: dayOf(year, 1, 1), end: dayOf(year + 1, 1, 1) });

/** The days of one period that the rule names. */
function setOf(rule: RecurrenceRule, first: Day, period: Span): Day[] {
  const matching: Day[] = [];
  for (const month of monthsWithin(period)) {
    if (rule.months !== null && !rule.months.includes(civilOf(month.start).month)) continue;
    for (let day = Math.max(period.start, month.start); day < Math.min(period.end, month.end); day += 1) {
      if (matches(rule, first, day, month)) matching.push(day);
    }
  }
  const { positions } = rule;
  if (positions === null) return matching;
  return matching.filter((_, i) => positions.includes(i + 1) || positions.includes(i - matching.length));
}

function* monthsWithin(period: Span): Generator<Span> {
  let month = monthSpan(monthNumber(civilOf(period.start)));
  yield month;
  while (month.end < period.end) {
    month = monthSpan(monthNumber(civilOf(month.end)));
    yield month;
  }
}

/** BYMONTH has been looked at. Where no part says which day, `first` says it. */
function matches(rule: RecurrenceRule, first: Day, day: Day, month: Span): boolean {
  const { monthDays, weekdays } = rule;
  if (monthDays === null && weekdays === null) return isLikeFirst(rule, first, day, month);
  if (monthDays !== null) {
    const dayOfMonth = day - month.start + 1;
    if (!monthDays.includes(dayOfMonth) && !monthDays.includes(day - month.end)) return false;
  }
  return weekdays === null || weekdays.some((weekday) => isWeekday(rule, weekday, day, month));
}

function isLikeFirst(rule: RecurrenceRule, first: Day, day: Day, month: Span): boolean {
  const isSameDayOfMonth = (): boolean => day - month.start + 1 === civilOf(first).day;
  switch (rule.frequency) {
    case 'DAILY':
      return true;
    case 'WEEKLY':
      return weekdayOf(day) === weekdayOf(first);
    case 'MONTHLY':
      return isSameDayOfMonth();
    case 'YEARLY':
      if (!isSameDayOfMonth()) return false;
      return rule.months !== null || civilOf(day).month === civilOf(first).month;
  }
}

/** Ordinals count in the month if the rule is MONTHLY or has BYMONTH, else in the year. */
function isWeekday(rule: RecurrenceRule, { weekday, nth }: WeekdayOfRule, day: Day, month: Span): boolean {
  if (weekdayOf(day) !== weekday) return false;
  if (nth === null) return true;
  const inMonth = rule.frequency === 'MONTHLY' || rule.months !== null;
  const span = inMonth ? month : yearSpan(civilOf(day).year);
  const fromStart = Math.floor((day - span.start) / 7) + 1;
  const fromEnd = -(Math.floor((span.end - 1 - day) / 7) + 1);
  return nth === fromStart || nth === fromEnd;
}
