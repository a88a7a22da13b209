import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timetable } from './timetable.ts';
import type { Due } from './timetable.ts';
import type { SyncReport } from './turn.ts';
import { waitsSchema } from './waits.ts';

const waits = waitsSchema.parse({});
const good: SyncReport = {
  asked: 3,
  reached: true,
  answered: true,
  broken: false,
  headAccepted: true,
  ordersHeard: true,
  accepted: 0,
  refused: {},
  mediaFetched: 0,
  mediaMissing: 0,
  noSpace: false,
  uploaded: 0,
  trouble: null,
};
const unreachable: SyncReport = {
  ...good,
  asked: 2,
  reached: false,
  answered: false,
  headAccepted: false,
  ordersHeard: false,
};
const half = (): number => 0.5;

/** One turn at the time it is due; answers when that was and what it was for. */
function turn(
  timetable: Timetable,
  report: SyncReport | null,
  nudged = false,
): Due & { readonly at: number } {
  const at = Math.max(0, timetable.nextAt());
  const due = timetable.take(at, nudged);
  timetable.done(due, report, at);
  return { ...due, at };
}
const run = (timetable: Timetable, report: SyncReport | null, turns: number): (Due & { at: number })[] =>
  Array.from({ length: turns }, () => turn(timetable, report));

describe('the timetable', () => {
  it('begins at once, with everything', () => {
    expect(turn(new Timetable(waits, half), good)).toEqual({ at: 0, documents: true, nudged: false });
  });

  it('asks for orders every 5 min ± 1, and for documents every hour ± a tenth', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 0.999_999, noNaN: true })), (numbers) => {
        const timetable = new Timetable(waits, () => Number(numbers.next().value));
        const turns = run(timetable, good, 40);
        const gaps = turns.slice(1).map(({ at }, index) => at - (turns[index]?.at ?? 0));
        expect(Math.max(...gaps)).toBeLessThanOrEqual(360_000);
        const full = turns.filter(({ documents }) => documents);
        const hours = full.slice(1).map(({ at }, index) => at - (full[index]?.at ?? 0));
        expect(Math.min(...hours)).toBeGreaterThanOrEqual(3_240_000);
        expect(Math.max(...hours)).toBeLessThanOrEqual(3_960_000);
      }),
      { numRuns: 50 },
    );
  });

  it('tries an unreachable cloud again after 10 s, doubling, and at least every 5 min', () => {
    const turns = run(new Timetable(waits, half), unreachable, 12);
    const gaps = turns.slice(1).map(({ at }, index) => at - (turns[index]?.at ?? 0));
    expect(gaps.slice(0, 6)).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000]);
    expect(gaps.slice(6).every((gap) => gap === 300_000)).toBe(true);
    expect(turns.every(({ documents }) => documents)).toBe(true);
  });

  it('is not hurried by turns in which there was nothing to ask', () => {
    const timetable = new Timetable(waits, half);
    turn(timetable, good);
    const turns = run(timetable, { ...good, asked: 0, reached: false }, 5);
    const gaps = turns.slice(1).map(({ at }, index) => at - (turns[index]?.at ?? 0));
    expect(gaps).toEqual([300_000, 300_000, 300_000, 300_000]);
  });

  it('goes on after a turn that broke down, and never in a tight circle', () => {
    const turns = run(new Timetable({ ...waits, retryMs: 0 }, half), null, 5);
    const gaps = turns.slice(1).map(({ at }, index) => at - (turns[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(waits.leastGapMs);
  });

  it('asks a cloud that answers and has no head ever more seldom, down to once an hour', () => {
    const turns = run(new Timetable(waits, half), { ...good, headAccepted: false }, 400);
    const full = turns.filter(({ documents }) => documents);
    const last = full.slice(-2).map(({ at }) => at);
    expect((last[1] ?? 0) - (last[0] ?? 0)).toBeGreaterThanOrEqual(3_240_000);
  });

  it('spreads boxes over 30 s after a nudge', () => {
    const waitsOf = (random: number): number => {
      const timetable = new Timetable(waits, () => random);
      turn(timetable, good);
      timetable.nudgedAt(5_000);
      return timetable.nextAt() - 5_000;
    };
    expect([0, 0.5, 0.999_99].map(waitsOf)).toEqual([0, 15_000, 30_000]);
  });

  it('E06 throws the dice once for a thousand nudges, so that a flood does not hurry it', () => {
    let dice = 0.5;
    const timetable = new Timetable(waits, () => dice);
    turn(timetable, good);
    timetable.nudgedAt(1_000);
    dice = 0;
    for (let n = 0; n < 999; n++) timetable.nudgedAt(1_000);
    expect(timetable.nextAt()).toBe(16_000);
    turn(timetable, { ...good, accepted: 1 }, true);
    dice = 0.25;
    timetable.nudgedAt(20_000);
    expect(timetable.nextAt()).toBe(27_500);
  });

  it('E06 hears a broker that cries wolf ever more seldom, and at once again when there was something', () => {
    const timetable = new Timetable(waits, half);
    turn(timetable, good);
    let now = 1_000;
    const gap = (report: SyncReport): number => {
      timetable.nudgedAt(now);
      const from = now;
      for (;;) {
        now = Math.max(now, timetable.nextAt());
        const due = timetable.take(now, true);
        timetable.done(due, due.documents ? report : { ...good, asked: 0 }, now);
        if (due.documents) return now - from;
      }
    };
    const wolf = Array.from({ length: 8 }, () => gap(good));
    expect(wolf[0]).toBeLessThanOrEqual(15_000);
    expect(wolf[3]).toBeGreaterThan(60_000);
    gap({ ...good, accepted: 1 });
    expect(gap(good)).toBeLessThanOrEqual(15_000);
  });

  it('hurries for newer trust, but not twice in a minute', () => {
    const timetable = new Timetable(waits, half);
    turn(timetable, good);
    timetable.trustMissedAt(100_000);
    expect(timetable.nextAt()).toBe(100_000);
    turn(timetable, good);
    timetable.trustMissedAt(110_000);
    expect(timetable.nextAt()).toBe(125_000);
    turn(timetable, good);
    timetable.trustMissedAt(170_000);
    expect(timetable.nextAt()).toBe(170_000);
  });
});
