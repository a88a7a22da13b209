import { describe, expect, test } from 'vitest';
import type { Item } from '../protocol/schema/item.ts';
import { dayOfDate } from './days.ts';
import { daysOfItem } from './item-days.ts';
import { itemWith } from './a-schedule.fixture.ts';

function daysBetween(differing: Partial<Item>, from: string, to: string): string[] {
  const days = daysOfItem(itemWith(differing));
  if (days === null) throw new Error('bad rule');
  const found: string[] = [];
  for (
    let day = days.next(dayOfDate(from), dayOfDate(to));
    day !== null;
    day = days.next(day + 1, dayOfDate(to))
  ) {
    expect(days.has(day)).toBe(true);
    found.push(new Date(day * 86_400_000).toISOString().slice(0, 10));
  }
  return found;
}

const daily = { kind: 'rrule', rule: 'FREQ=DAILY' } as const;
const lunar = (months: number[], days: number[], leap = false): Partial<Item> => ({
  firstDay: '2020-01-01',
  recur: { kind: 'lunar', months, days, leap },
});

describe('the days of an item', () => {
  test('are its first day alone where it does not recur', () => {
    expect(daysBetween({ recur: null, firstDay: '2026-03-05' }, '2026-01-01', '2026-12-31')).toEqual([
      '2026-03-05',
    ]);
  });

  test('lie within firstDay and lastDay, both inclusive', () => {
    const item = { recur: daily, firstDay: '2026-03-30', lastDay: '2026-04-01' };
    expect(daysBetween(item, '2026-01-01', '2026-12-31')).toEqual(['2026-03-30', '2026-03-31', '2026-04-01']);
  });

  test('are none where lastDay lies before firstDay, also without recurrence', () => {
    const item = { firstDay: '2026-03-30', lastDay: '2026-03-29' };
    expect(daysBetween({ ...item, recur: null }, '2026-01-01', '2026-12-31')).toEqual([]);
    expect(daysBetween({ ...item, recur: daily }, '2026-01-01', '2026-12-31')).toEqual([]);
  });

  test('have `also` outside these bounds, and `except` wins over both', () => {
    const item = {
      recur: { kind: 'rrule', rule: 'FREQ=WEEKLY;BYDAY=MO' },
      firstDay: '2026-03-02',
      lastDay: '2026-03-16',
      also: ['2025-12-24', '2026-03-04', '2026-03-09', '2026-05-01', '2026-05-02'],
      except: ['2026-03-16', '2026-05-02'],
    } as const;
    expect(
      daysBetween({ ...item, also: [...item.also], except: [...item.except] }, '2025-01-01', '2026-12-31'),
    ).toEqual(['2025-12-24', '2026-03-02', '2026-03-04', '2026-03-09', '2026-05-01']);
  });

  test('count COUNT from the first day, before `except` and `also`', () => {
    const item = {
      recur: { kind: 'rrule', rule: 'FREQ=DAILY;COUNT=4' },
      firstDay: '2025-12-30',
      also: ['2025-12-31', '2026-02-01'],
      except: ['2026-01-01'],
    } as const;
    expect(
      daysBetween({ ...item, also: [...item.also], except: [...item.except] }, '2025-01-01', '2026-12-31'),
    ).toEqual(['2025-12-30', '2025-12-31', '2026-01-02', '2026-02-01']);
  });

  test('count COUNT over years, and only dates that match', () => {
    const item = {
      recur: { kind: 'rrule', rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=2' },
      firstDay: '2021-01-01',
    } as const;
    expect(daysBetween(item, '2020-01-01', '2040-12-31')).toEqual(['2024-02-29', '2028-02-29']);
  });

  test('are null where the rule does not parse, whatever `also` says', () => {
    expect(
      daysOfItem(itemWith({ recur: { kind: 'rrule', rule: 'FREQ=SOMETIMES' }, also: ['2026-01-01'] })),
    ).toBeNull();
  });

  test('that never come are looked for in bounded time', () => {
    const item = { recur: { kind: 'rrule', rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31' } } as const;
    expect(daysBetween(item, '2026-01-01', '2099-12-31')).toEqual([]);
  });
});

describe('lunar days', () => {
  test('are every rằm and mùng một where no month is named, without leap months unless asked', () => {
    const around = ['2023-02-15', '2023-05-10'] as const;
    expect(daysBetween(lunar([], [1, 15]), ...around)).toEqual([
      '2023-02-20',
      '2023-03-06',
      '2023-04-20',
      '2023-05-04',
    ]);
    expect(daysBetween(lunar([], [1, 15], true), ...around)).toEqual([
      '2023-02-20',
      '2023-03-06',
      '2023-03-22',
      '2023-04-05',
      '2023-04-20',
      '2023-05-04',
    ]);
  });

  test('have Tết, and its eve as the last day of the twelfth month, of 29 days or 30', () => {
    expect(daysBetween(lunar([1], [1]), '2024-01-01', '2026-12-31')).toEqual([
      '2024-02-10',
      '2025-01-29',
      '2026-02-17',
    ]);
    expect(daysBetween(lunar([12], [-1]), '2024-01-01', '2026-12-31')).toEqual([
      '2024-02-09',
      '2025-01-28',
      '2026-02-16',
    ]);
  });

  test('have no 30th in a month of 29', () => {
    // As newspapers wrote: eight years in a row, 2025 to 2032, without a 30th before Tết.
    expect(daysBetween(lunar([12], [30]), '2024-01-01', '2033-12-31')).toEqual(['2024-02-09', '2033-01-30']);
  });

  test('name a day once where both its number and −1 name it', () => {
    expect(daysBetween(lunar([12], [30, -1]), '2024-01-01', '2024-12-31')).toEqual(['2024-02-09']);
  });

  test('are read in the zone of the plan and bounded by its first day', () => {
    expect(daysBetween({ ...lunar([1], [1]), firstDay: '2025-01-30' }, '2025-01-01', '2026-12-31')).toEqual([
      '2026-02-17',
    ]);
  });
});
