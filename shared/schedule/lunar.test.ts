import { describe, expect, test } from 'vitest';
import { civilOf, dayOf } from './days.ts';
import type { LunarMonth } from './lunar.ts';
import { lunarMonthsAround } from './lunar.ts';

/** Month and day of Tết Nguyên đán as they were and will be kept in Vietnam, 1968 to 2050. */
const TET = `
1968 01-29 1969 02-16 1970 02-06 1971 01-27 1972 02-15 1973 02-03 1974 01-23 1975 02-11 1976 01-31 1977 02-18
1978 02-07 1979 01-28 1980 02-16 1981 02-05 1982 01-25 1983 02-13 1984 02-02 1985 01-21 1986 02-09 1987 01-29
1988 02-17 1989 02-06 1990 01-27 1991 02-15 1992 02-04 1993 01-23 1994 02-10 1995 01-31 1996 02-19 1997 02-07
1998 01-28 1999 02-16 2000 02-05 2001 01-24 2002 02-12 2003 02-01 2004 01-22 2005 02-09 2006 01-29 2007 02-17
2008 02-07 2009 01-26 2010 02-14 2011 02-03 2012 01-23 2013 02-10 2014 01-31 2015 02-19 2016 02-08 2017 01-28
2018 02-16 2019 02-05 2020 01-25 2021 02-12 2022 02-01 2023 01-22 2024 02-10 2025 01-29 2026 02-17 2027 02-06
2028 01-26 2029 02-13 2030 02-02 2031 01-23 2032 02-11 2033 01-31 2034 02-19 2035 02-08 2036 01-28 2037 02-15
2038 02-04 2039 01-24 2040 02-12 2041 02-01 2042 01-22 2043 02-10 2044 01-30 2045 02-17 2046 02-06 2047 01-26
2048 02-14 2049 02-02 2050 01-23`;

const iso = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

function monthsOf(lunarYear: number): LunarMonth[] {
  const around = [...lunarMonthsAround(lunarYear), ...lunarMonthsAround(lunarYear + 1)];
  const own = new Map(around.filter(({ year }) => year === lunarYear).map((month) => [month.first, month]));
  return [...own.values()].sort((a, b) => a.first - b.first);
}

function tetOf(year: number): number {
  const first = monthsOf(year).find(({ month, leap }) => month === 1 && !leap);
  if (first === undefined) throw new Error(`no first month in ${year}`);
  return first.first;
}

describe('the Vietnamese lunar calendar', () => {
  test('has the known dates of Tết for 83 years, 1985 and 2007 among them', () => {
    const known = [...TET.matchAll(/(\d{4}) (\d\d-\d\d)/g)];
    expect(known.length).toBe(83);
    for (const [, year, day] of known) expect(iso(tetOf(Number(year)))).toBe(`${year}-${day}`);
  });

  test('differs from the Chinese one, which is reckoned at UTC+8, in the years that are known for it', () => {
    const differing = [];
    // ICU itself errs from 2027 on: its new moons are some minutes off.
    for (let year = 1968; year < 2027; year += 1)
      if (iso(tetOf(year)) !== chineseNewYear(year)) differing.push(year);
    expect(differing).toEqual([1968, 1969, 1985, 2007]);
  });

  test('has the known leap months', () => {
    const leaps = [];
    for (let year = 1984; year <= 2033; year += 1)
      for (const { month, leap } of monthsOf(year)) if (leap) leaps.push(`${year}:${month}`);
    expect(leaps.join(' ')).toBe(
      '1985:2 1987:7 1990:5 1993:3 1995:8 1998:5 2001:4 2004:2 2006:7 2009:5 2012:4 2014:9 2017:6 2020:4 2023:2 ' +
        '2025:6 2028:5 2031:3 2033:11',
    );
  });

  test('has twelve months or thirteen a year, each of 29 or 30 days, without a gap, for two centuries', () => {
    for (let year = 1900; year <= 2100; year += 1) {
      const months = monthsOf(year);
      expect(months.filter(({ leap }) => !leap).map(({ month }) => month)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
      ]);
      expect(months.filter(({ leap }) => leap).length).toBeLessThanOrEqual(1);
      let next = tetOf(year);
      for (const { first, length } of months) {
        expect(first).toBe(next);
        expect([29, 30]).toContain(length);
        next = first + length;
      }
      expect(next).toBe(tetOf(year + 1));
    }
  });

  test('gives the months around a Gregorian year so that every day of it has one', () => {
    for (let year = 1950; year <= 2100; year += 1) {
      const months = lunarMonthsAround(year);
      const last = months.at(-1);
      expect(months[0]?.first).toBeLessThanOrEqual(dayOf(year, 1, 1));
      expect((last?.first ?? 0) + (last?.length ?? 0)).toBeGreaterThan(dayOf(year, 12, 31));
    }
  });
});

/** As ICU has it. */
function chineseNewYear(year: number): string | undefined {
  const calendar = new Intl.DateTimeFormat('en-u-ca-chinese', {
    timeZone: 'UTC',
    month: 'numeric',
    day: 'numeric',
  });
  for (let day = dayOf(year, 1, 15); civilOf(day).month < 3; day += 1)
    if (calendar.format(new Date(day * 86_400_000)).startsWith('1/1')) return iso(day);
  return undefined;
}
