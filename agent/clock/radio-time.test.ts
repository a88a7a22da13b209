import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followTime, radioTimeAt } from './radio-time.ts';
import type { RadioTime, ToldTime } from './radio-time.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** 2026-03-02 00:00:00 UTC, and a floor of the day before. */
const START_S = 1_772_409_600;
const FLOOR = START_S - 86_400;
const station = { frequencyKhz: 101_900, pi: 'd3c1' };

/** An honest station at this uptime, `offS` seconds beside it. */
const told = (upMs: number, offS = 0, from = station): ToldTime => ({
  ...from,
  utcS: START_S + Math.round(upMs / 1000) + offS,
  upMs,
});
const follow = (all: readonly ToldTime[], from: RadioTime | null = null): RadioTime | null =>
  all.reduce((time, each) => followTime(time, each, FLOOR), from);
const minutes = (first: number, last: number): ToldTime[] =>
  Array.from({ length: last - first + 1 }, (_, at) => told((first + at) * MINUTE_MS));
const at = (time: RadioTime | null, upMs: number) => radioTimeAt(time, upMs, FLOOR);
const steady = follow(minutes(0, 5));

describe('the time of a station', () => {
  it('counts when it was steady for five minutes and not a minute sooner', () => {
    expect(at(follow(minutes(0, 4)), 4 * MINUTE_MS)).toBeNull();
    expect(at(steady, 5 * MINUTE_MS)).toEqual({ nowMs: (START_S + 300) * 1000, u: 2 });
  });

  it('C09 one that jumps by more than two seconds ends it at once, and it begins anew from there', () => {
    for (const offS of [3, -3, 3600, 86_400]) {
      const jumped = follow([told(6 * MINUTE_MS, offS)], steady);
      expect(at(jumped, 6 * MINUTE_MS)).toBeNull();
      const back = follow(minutes(7, 11), jumped);
      expect(at(back, 11 * MINUTE_MS)).toBeNull();
      expect(at(follow(minutes(12, 12), back), 12 * MINUTE_MS)).not.toBeNull();
    }
    for (const offS of [2, -2]) expect(follow([told(6 * MINUTE_MS, offS)], steady)?.isSteady).toBe(true);
  });

  it('C09 is never below the floor: told below it, or passed by it later', () => {
    expect(follow([{ ...told(6 * MINUTE_MS), utcS: FLOOR - 1 }], steady)).toBeNull();
    expect(follow([{ ...told(0), utcS: FLOOR }])).not.toBeNull();
    const nowS = START_S + 300;
    expect(radioTimeAt(steady, 5 * MINUTE_MS, nowS)).not.toBeNull();
    expect(radioTimeAt(steady, 5 * MINUTE_MS, nowS + 1)).toBeNull();
  });

  it('C09 cannot be walked: not by two seconds a minute, nor by two seconds each group', () => {
    const walked = minutes(6, 20).map((each, step) => ({ ...each, utcS: each.utcS + 2 * (step + 1) }));
    expect(at(follow(walked, steady), 20 * MINUTE_MS)).toBeNull();
    const rapid = Array.from({ length: 600 }, (_, step) =>
      told(6 * MINUTE_MS + step * 88, Math.min(2, step)),
    );
    const after = at(follow(rapid, steady), 7 * MINUTE_MS);
    expect((after?.nowMs ?? 0) - (START_S + 420) * 1000).toBeLessThan(100);
  });

  it('is begun by one station alone, of which not more than two minutes in a row may be lost', () => {
    const other = { ...station, pi: 'd3c2' };
    const mixed = minutes(0, 9).map((each, step) => (step % 2 === 0 ? each : { ...each, ...other }));
    expect(at(follow(mixed), 9 * MINUTE_MS)).toBeNull();
    const gappy = (lost: readonly number[]) => minutes(0, 6).filter((_, step) => !lost.includes(step));
    expect(at(follow(gappy([1, 2, 4])), 6 * MINUTE_MS)).not.toBeNull();
    expect(at(follow(gappy([1, 2, 3])), 6 * MINUTE_MS)).toBeNull();
  });

  it('once it counts, every station of the fmplan may contradict', () => {
    const other = { frequencyKhz: 99_000, pi: 'd3c2' };
    expect(follow([told(6 * MINUTE_MS, 0, other)], steady)?.isSteady).toBe(true);
    expect(follow([told(6 * MINUTE_MS, 60, other)], steady)).toMatchObject({
      station: other,
      isSteady: false,
    });
  });

  it('goes on by uptime through a night without the station, a day at most', () => {
    const last = 5 * MINUTE_MS;
    expect(at(steady, last + 24 * HOUR_MS)).toEqual({ nowMs: (START_S + 300 + 86_400) * 1000, u: 11 });
    expect(at(steady, last + 24 * HOUR_MS + 1)).toBeNull();
    expect(follow([told(last + 25 * HOUR_MS)], steady)?.isSteady).toBe(false);
  });

  it('of an honest station is right within its u for a week, whatever the crystal and what is lost', () => {
    const air = fc.record({
      ppm: fc.integer({ min: -90, max: 90 }),
      jitter: fc.array(fc.record({ lateMs: fc.integer({ min: 0, max: 900 }), lost: fc.boolean() }), {
        minLength: 20,
        maxLength: 20,
      }),
    });
    fc.assert(
      fc.property(air, ({ ppm, jitter }) => {
        const upOf = (trueMs: number) => trueMs * (1 + ppm * 1e-6);
        let time: RadioTime | null = null;
        for (let minute = 0; minute < 7 * 24 * 60; minute += 1) {
          const { lateMs, lost } = jitter[minute % jitter.length] ?? expect.unreachable();
          const trueMs = minute * MINUTE_MS;
          // No two in a row are lost.
          if (!lost || minute % 2 === 0) {
            const one = { ...station, utcS: START_S + minute * 60, upMs: upOf(trueMs + lateMs) };
            time = followTime(time, one, FLOOR);
          }
          if (minute < 7) continue;
          const now = at(time, upOf(trueMs + 1000));
          const offMs = (now?.nowMs ?? Infinity) - (START_S * 1000 + trueMs + 1000);
          expect(Math.abs(offMs)).toBeLessThanOrEqual((now?.u ?? 0) * 1000);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('counts only where five minutes of one line lie behind it, whatever was told', () => {
    /** Mostly honest, so that it counts often enough. */
    const step = fc.record({
      afterMs: fc.oneof(
        { arbitrary: fc.constant(MINUTE_MS), weight: 8 },
        fc.constantFrom(100, 2 * MINUTE_MS, 3 * MINUTE_MS, 10 * MINUTE_MS, 25 * HOUR_MS),
      ),
      offS: fc.oneof(
        { arbitrary: fc.constant(0), weight: 12 },
        fc.constantFrom(1, -2, 3, -60, 3600, -200_000),
      ),
      other: fc.integer({ min: 0, max: 15 }).map((dice) => dice === 0),
    });
    let counted = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const heard: ToldTime[] = [];
        let time: RadioTime | null = null;
        let upMs = 0;
        let offS = 0;
        for (const each of steps) {
          upMs += each.afterMs;
          // A jump stays: that is what a spoofed station does.
          offS = Math.abs(each.offS) > 2 ? each.offS : offS;
          heard.push(
            told(
              upMs,
              offS + (Math.abs(each.offS) > 2 ? 0 : each.offS),
              each.other ? { ...station, pi: 'ffff' } : station,
            ),
          );
          time = followTime(time, heard.at(-1) ?? expect.unreachable(), FLOOR);
          const now = at(time, upMs);
          if (now === null) continue;
          counted += 1;
          expect(now.nowMs).toBeGreaterThanOrEqual(FLOOR * 1000);
          const sinceUpMs = time?.sinceUpMs ?? Infinity;
          expect(upMs - sinceUpMs).toBeGreaterThanOrEqual(5 * MINUTE_MS);
          // Whoever was heard in it said the same within what two may be apart, and what a crystal may drift.
          for (const one of heard.filter((was) => was.upMs >= sinceUpMs)) {
            const apartMs = one.utcS * 1000 - (now.nowMs - (upMs - one.upMs));
            expect(Math.abs(apartMs)).toBeLessThanOrEqual(2000 + (upMs - one.upMs) * 100e-6 + 1);
          }
        }
      }),
      { numRuns: 2000 },
    );
    expect(counted).toBeGreaterThan(1000);
  });
});
