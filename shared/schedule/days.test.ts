import { describe, expect, test } from 'vitest';
import { civilOf, dayOf, dayOfDate, daysInMonth, secondOfDay, weekdayOf } from './days.ts';

describe('calendar days', () => {
  test('go to a date and back for every day of the years 0000 to 2400, as Date counts them', () => {
    for (let day = dayOf(0, 1, 1); day <= dayOf(2400, 12, 31); day += 1) {
      const date = new Date(day * 86_400_000);
      const civil = civilOf(day);
      if (
        civil.year !== date.getUTCFullYear() ||
        civil.month !== date.getUTCMonth() + 1 ||
        civil.day !== date.getUTCDate() ||
        dayOf(civil.year, civil.month, civil.day) !== day ||
        weekdayOf(day) !== (date.getUTCDay() + 6) % 7
      ) {
        expect.fail(`day ${day} is ${JSON.stringify(civil)}, Date says ${date.toISOString()}`);
      }
    }
  });

  test('know how long February is in a common, a leap, a century and a quadricentennial year', () => {
    expect([2023, 2024, 2100, 2000].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 28, 29]);
  });

  test('are read from the text of a document', () => {
    expect(dayOfDate('1970-01-02')).toBe(1);
    expect(secondOfDay('05:06:07')).toBe(5 * 3600 + 6 * 60 + 7);
    expect(secondOfDay('22:30')).toBe(22 * 3600 + 30 * 60);
  });
});
