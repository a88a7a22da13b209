import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Day } from './days.ts';
import { civilOf, dayOf, dayOfDate, daysInMonth, weekdayOf } from './days.ts';
import { datesBetween } from './expand.ts';
import type { RecurrenceRule } from './rule.ts';
import { parseRule } from './rule.ts';

const HORIZON = dayOf(2039, 12, 31);

function expand(text: string, first: string, last = HORIZON): string[] {
  const rule = parseRule(text);
  if (rule === null) throw new Error(`does not parse: ${text}`);
  const day = dayOfDate(first);
  return datesBetween(rule, day, day, last).map(isoOf);
}

const isoOf = (day: Day): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

describe('the dates of a rule', () => {
  test('are those of python-dateutil for hundreds of random rules', () => {
    const lines = readFileSync(new URL('fixtures/dateutil.txt', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    expect(lines.length).toBeGreaterThan(390);
    for (const line of lines) {
      const [text = '', first = '', ...wanted] = line.split(' ');
      const count = parseRule(text)?.count ?? Infinity;
      expect(expand(text, first).slice(0, Math.min(count, 9)), line).toEqual(wanted);
    }
  });

  test.each([
    [
      'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
      '1998-02-01',
      '1998-02-13 1998-03-13 1998-11-13 1999-08-13 2000-10-13',
    ],
    ['FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04', '1997-09-04 1997-10-07 1997-11-06'],
    [
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2',
      '1997-09-29',
      '1997-09-29 1997-10-30 1997-11-27 1997-12-30',
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO',
      '1997-08-05',
      '1997-08-05 1997-08-10 1997-08-19 1997-08-24',
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU',
      '1997-08-05',
      '1997-08-05 1997-08-17 1997-08-19 1997-08-31',
    ],
    [
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
      '1996-11-05',
      '1996-11-05 2000-11-07',
    ],
    ['FREQ=YEARLY;BYDAY=20MO', '1997-05-19', '1997-05-19 1998-05-18 1999-05-17'],
    ['FREQ=MONTHLY;BYMONTHDAY=15,30', '2007-01-15', '2007-01-15 2007-01-30 2007-02-15 2007-03-15 2007-03-30'],
    ['FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU', '1997-09-07', '1997-09-07 1997-09-28 1997-11-02 1997-11-30'],
  ])('are those that RFC 5545 gives for %s', (text, first, wanted) => {
    const dates = wanted.split(' ');
    expect(expand(text, first, dayOf(2008, 1, 1)).slice(0, dates.length)).toEqual(dates);
  });

  test('leave out what a month or year does not have', () => {
    expect(expand('FREQ=MONTHLY', '2026-01-31').slice(0, 3)).toEqual([
      '2026-01-31',
      '2026-03-31',
      '2026-05-31',
    ]);
    expect(expand('FREQ=YEARLY', '2024-02-29').slice(0, 2)).toEqual(['2024-02-29', '2028-02-29']);
    expect(expand('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31', '2026-01-01')).toEqual([]);
  });

  test('do not hold the first day unless it matches', () => {
    expect(expand('FREQ=WEEKLY;BYDAY=TU', '2026-03-02').slice(0, 2)).toEqual(['2026-03-03', '2026-03-10']);
  });

  test('count BYSETPOS in the whole period, also before the first day', () => {
    expect(expand('FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2', '2026-03-05').slice(0, 2)).toEqual([
      '2026-03-11',
      '2026-03-18',
    ]);
    expect(expand('FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1', '2026-03-15').slice(0, 1)).toEqual(['2026-04-06']);
  });

  test('read a list of numbered and plain weekdays as their union', () => {
    expect(expand('FREQ=MONTHLY;BYDAY=1MO,SU', '2026-03-01').slice(0, 4)).toEqual([
      '2026-03-01',
      '2026-03-02',
      '2026-03-08',
      '2026-03-15',
    ]);
  });

  test('hold the day of UNTIL', () => {
    expect(expand('FREQ=DAILY;UNTIL=20260303', '2026-03-01')).toEqual([
      '2026-03-01',
      '2026-03-02',
      '2026-03-03',
    ]);
  });

  test('of any rule are the days that pass a plain reading of it', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: dayOf(2019, 1, 1), max: dayOf(2027, 1, 1) }), (rule, first) => {
        expect(datesBetween(rule, first, first, first + 1200)).toEqual(
          readPlainly(rule, first, first + 1200),
        );
      }),
      { numRuns: 400 },
    );
  });

  test('of a part of the time are that part of all dates', () => {
    const day = fc.integer({ min: dayOf(2024, 1, 1), max: dayOf(2027, 1, 1) });
    fc.assert(
      fc.property(rules, day, day, fc.nat(400), (rule, first, from, length) => {
        const all = datesBetween(rule, first, first, from + length).filter((date) => date >= from);
        expect(datesBetween(rule, first, from, from + length)).toEqual(all);
      }),
      { numRuns: 300 },
    );
  });
});

const chance = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { nil: null, freq: 1 });
const few = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(arbitrary, { minLength: 1, maxLength: 3, selector: (value) => JSON.stringify(value) });
const around = (max: number): fc.Arbitrary<number> => fc.integer({ min: -max, max }).filter((n) => n !== 0);

const rules: fc.Arbitrary<RecurrenceRule> = fc
  .record({
    frequency: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
    interval: fc.integer({ min: 1, max: 5 }),
    count: fc.constant(null),
    until: chance(fc.integer({ min: dayOf(2024, 1, 1), max: dayOf(2028, 1, 1) })),
    months: chance(few(fc.integer({ min: 1, max: 12 }))),
    monthDays: chance(few(around(31))),
    weekdays: chance(few(fc.record({ weekday: fc.integer({ min: 0, max: 6 }), nth: chance(around(6)) }))),
    positions: chance(few(around(4))),
    weekStart: fc.integer({ min: 0, max: 6 }),
  } as const)
  .map((rule) => ({
    ...rule,
    monthDays: rule.frequency === 'WEEKLY' ? null : rule.monthDays,
    weekdays: ['MONTHLY', 'YEARLY'].includes(rule.frequency)
      ? rule.weekdays
      : (rule.weekdays?.map(({ weekday }) => ({ weekday, nth: null })) ?? null),
  }));

/** Sorts every day of the calendar into its period, one by one, and then looks at each period: slow and plain. */
function readPlainly(rule: RecurrenceRule, first: Day, last: Day): Day[] {
  const { positions, until } = rule;
  const chosen = periodsAround(rule, first, last)
    .filter((_, period) => period % rule.interval === 0)
    .flatMap((period) => {
      const days = period.filter((day) => isNamed(rule, first, day));
      if (positions === null) return days;
      return days.filter((day) => positions.some((n) => days.at(n > 0 ? n - 1 : n) === day));
    });
  return chosen.filter((day) => day >= first && day <= last && (until === null || day <= until));
}

/** The whole periods from that of `first` on. */
function periodsAround({ frequency, weekStart }: RecurrenceRule, first: Day, last: Day): Day[][] {
  const begins = (day: Day): boolean => {
    const { month, day: ofMonth } = civilOf(day);
    const beginsMonth = ofMonth === 1;
    return {
      DAILY: true,
      WEEKLY: weekdayOf(day) === weekStart,
      MONTHLY: beginsMonth,
      YEARLY: beginsMonth && month === 1,
    }[frequency];
  };
  let day = first;
  while (!begins(day)) day -= 1;
  const periods: Day[][] = [];
  for (; day <= last || !begins(day); day += 1) {
    if (begins(day)) periods.push([]);
    periods.at(-1)?.push(day);
  }
  return periods;
}

function isNamed(rule: RecurrenceRule, first: Day, day: Day): boolean {
  const { year, month, day: ofMonth } = civilOf(day);
  const origin = civilOf(first);
  const length = daysInMonth(year, month);
  const free = rule.monthDays === null && rule.weekdays === null;
  if (rule.months !== null && !rule.months.includes(month)) return false;
  if (rule.monthDays?.every((n) => (n > 0 ? n : length + 1 + n) !== ofMonth) === true) return false;
  if (
    rule.weekdays?.every(
      (weekday) => !isNth(weekday, day, rule.frequency === 'MONTHLY' || rule.months !== null),
    ) === true
  )
    return false;
  if (free && rule.frequency === 'WEEKLY') return weekdayOf(day) === weekdayOf(first);
  if (free && rule.frequency === 'MONTHLY') return ofMonth === origin.day;
  if (free && rule.frequency === 'YEARLY')
    return ofMonth === origin.day && (rule.months !== null || month === origin.month);
  return true;
}

/** Walks week by week to the end of the month or year that the ordinal counts in. */
function isNth(
  { weekday, nth }: { weekday: number; nth: number | null },
  day: Day,
  inMonth: boolean,
): boolean {
  if (weekdayOf(day) !== weekday) return false;
  if (nth === null) return true;
  const unit = (of: Day): number => (inMonth ? civilOf(of).month : civilOf(of).year);
  let n = 0;
  for (let each = day; unit(each) === unit(day); each += nth > 0 ? -7 : 7) n += 1;
  return n === Math.abs(nth);
}
