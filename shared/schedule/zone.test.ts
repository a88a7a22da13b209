import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_S, dayOfDate, secondOfDay } from './days.ts';
import { utc } from './a-schedule.fixture.ts';
import type { Zone } from './zone.ts';
import { instantOf, localDay, midnightsAround, offsetAt, zoneOf } from './zone.ts';

function zone(name: string): Zone {
  const known = zoneOf(name);
  if (known === null) throw new Error(name);
  return known;
}
const wall = (name: string, date: string, time: string): string =>
  new Date(instantOf(zone(name), dayOfDate(date), secondOfDay(time)) * 1000).toISOString();

describe('wall time', () => {
  test('of Vietnam is seven hours ahead, all year', () => {
    expect(wall('Asia/Ho_Chi_Minh', '2026-01-01', '05:00:00')).toBe('2025-12-31T22:00:00.000Z');
    expect(wall('Asia/Ho_Chi_Minh', '2026-07-01', '05:00:00')).toBe('2026-06-30T22:00:00.000Z');
  });

  test('that daylight saving skips uses the offset before the gap', () => {
    expect(wall('Europe/Berlin', '2026-03-29', '01:59:59')).toBe('2026-03-29T00:59:59.000Z');
    expect(wall('Europe/Berlin', '2026-03-29', '02:30:00')).toBe('2026-03-29T01:30:00.000Z');
    expect(wall('Europe/Berlin', '2026-03-29', '03:00:00')).toBe('2026-03-29T01:00:00.000Z');
    expect(wall('America/New_York', '2026-03-08', '02:15:00')).toBe('2026-03-08T07:15:00.000Z');
    expect(wall('Australia/Lord_Howe', '2026-10-04', '02:10:00')).toBe('2026-10-03T15:40:00.000Z');
    expect(wall('Africa/Cairo', '2026-04-24', '00:00:00')).toBe('2026-04-23T22:00:00.000Z');
  });

  test('that is repeated is its first occurrence', () => {
    expect(wall('Europe/Berlin', '2026-10-25', '02:30:00')).toBe('2026-10-25T00:30:00.000Z');
    expect(wall('Europe/Berlin', '2026-10-25', '03:00:00')).toBe('2026-10-25T02:00:00.000Z');
    expect(wall('America/New_York', '2026-11-01', '01:30:00')).toBe('2026-11-01T05:30:00.000Z');
    expect(wall('America/Havana', '2026-11-01', '00:30:00')).toBe('2026-11-01T04:30:00.000Z');
  });

  test('of a day that a zone left out is read with the offset before it', () => {
    expect(wall('Pacific/Apia', '2011-12-30', '10:00:00')).toBe('2011-12-30T20:00:00.000Z');
  });

  test('of zones far east and far west falls on their date', () => {
    expect(wall('Pacific/Kiritimati', '2026-05-05', '00:00:00')).toBe('2026-05-04T10:00:00.000Z');
    expect(wall('Pacific/Pago_Pago', '2026-05-05', '23:59:59')).toBe('2026-05-06T10:59:59.000Z');
  });

  test('agrees with a search through every minute around each change of offset', () => {
    const names = [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'America/Santiago',
    ];
    for (const name of names) {
      const place = zone(name);
      for (const change of changesOf(place, utc('2026-01-01T00:00:00Z'), utc('2027-01-01T00:00:00Z'))) {
        for (let reading = -4 * 3600; reading < 4 * 3600; reading += 600) {
          const local = change + offsetAt(place, change - 1) + reading;
          const [day, second] = [Math.floor(local / DAY_S), local % DAY_S];
          expect(instantOf(place, day, second)).toBe(searched(place, local, change));
        }
      }
    }
  });

  test('reads back as it was, where it is not skipped', () => {
    const instants = fc.integer({ min: utc('2020-01-01T00:00:00Z'), max: utc('2099-01-01T00:00:00Z') });
    const names = fc.constantFrom(
      'Europe/Berlin',
      'America/St_Johns',
      'Asia/Kathmandu',
      'Pacific/Chatham',
      'UTC',
    );
    fc.assert(
      fc.property(names, instants, (name, at) => {
        const place = zone(name);
        const second = at + offsetAt(place, at) - localDay(place, at) * DAY_S;
        const back = instantOf(place, localDay(place, at), second);
        expect(back + offsetAt(place, back)).toBe(at + offsetAt(place, at));
        expect(back).toBeLessThanOrEqual(at);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a zone', () => {
  test('that Intl does not know is null', () => {
    expect(zoneOf('Asia/Nha_Trang')).toBeNull();
  });

  test('has midnights around each instant, also where the clock is set back over midnight', () => {
    // At 00:01 the clocks of Newfoundland were set back to 23:01 of the day before.
    const setBack = utc('2010-11-07T02:31:00Z');
    for (let at = setBack - 7200; at < setBack + 7200; at += 60)
      expectMidnights(zone('America/St_Johns'), at);
    for (const name of ['America/Havana', 'America/Santiago', 'Asia/Ho_Chi_Minh']) {
      const place = zone(name);
      for (const change of changesOf(place, utc('2025-06-01T00:00:00Z'), utc('2026-12-31T00:00:00Z')))
        for (let at = change - 7200; at < change + 7200; at += 60) expectMidnights(place, at);
      expectMidnights(place, utc('2026-02-02T02:02:02Z'));
    }
  });
});

function expectMidnights(place: Zone, at: number): void {
  const { passed, next } = midnightsAround(place, at);
  expect(passed).toBeLessThanOrEqual(at);
  expect(next).toBeGreaterThan(at);
  expect(next - passed).toBeLessThanOrEqual(25 * 3600);
  expect(next - passed).toBeGreaterThanOrEqual(23 * 3600);
}

/** Independent of the code: reads the clock at every minute around the change. */
function searched(place: Zone, local: number, change: number): number {
  const reads = (at: number): number => at + offsetAt(place, at);
  for (let at = change - 10 * 3600; at < change + 10 * 3600; at += 60) if (reads(at) === local) return at;
  return local - offsetAt(place, change - 1);
}

function changesOf(place: Zone, from: number, to: number): number[] {
  const changes: number[] = [];
  for (let at = from; at < to; at += 900)
    if (offsetAt(place, at) !== offsetAt(place, at - 900)) changes.push(at);
  return changes;
}
