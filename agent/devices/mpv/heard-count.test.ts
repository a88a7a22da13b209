/** What counts as heard, by arithmetic alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeardCount } from './heard-count.ts';

const second = { fromMs: 0, durationMs: 1_000 };

describe('what was heard', () => {
  it('is nothing while the clock stands', () => {
    const heard = new HeardCount();
    heard.begin(second);
    for (let upMs = 0; upMs < 5_000; upMs += 250) heard.read(upMs, 0);
    expect([heard.playedMs, heard.startedUpMs, heard.isMoving(5_000)]).toEqual([0, null, false]);
  });

  it('is what the clock went through, from where it began', () => {
    const heard = new HeardCount();
    heard.begin({ fromMs: 400, durationMs: 1_000 });
    heard.read(10_000, 400);
    heard.read(10_250, 640);
    expect([heard.playedMs, heard.positionMs, heard.startedUpMs]).toEqual([240, 640, 10_010]);
    expect([heard.isMoving(10_300), heard.isMoving(11_300)]).toEqual([true, false]);
  });

  it('is the whole of two tracks that join without a gap, though the first is read to its end early', () => {
    const heard = new HeardCount();
    heard.begin(second);
    for (let upMs = 250; upMs <= 500; upMs += 250) heard.read(upMs, upMs);
    expect(heard.end(700)).toBe(700);
    heard.begin(second);
    for (let upMs = 750; upMs <= 1_500; upMs += 250) heard.read(upMs, upMs - 1_000);
    expect(heard.playedMs).toBe(1_500);
    heard.end(1_700);
    heard.drained(2_050);
    expect([heard.playedMs, heard.positionMs]).toEqual([2_000, 1_000]);
  });

  it('does not reach the end of a track that stood still', () => {
    const heard = new HeardCount();
    heard.begin(second);
    heard.read(250, 250);
    for (let upMs = 500; upMs <= 3_000; upMs += 250) heard.read(upMs, 250);
    expect(heard.end(3_100)).toBe(250);
  });

  it('never outruns the time that has passed, nor runs back, whatever the clock says', () => {
    const reading = fc.record({
      afterMs: fc.integer({ min: 0, max: 400 }),
      positionMs: fc.integer({ min: -500, max: 9_000 }),
    });
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1 }), fc.nat(30), (readings, endAt) => {
        const heard = new HeardCount();
        heard.begin(second);
        let upMs = 1_000;
        let before = 0;
        for (const [at, { afterMs, positionMs }] of readings.entries()) {
          upMs += afterMs;
          if (at === endAt) {
            heard.end(upMs);
            heard.begin(second);
          }
          heard.read(upMs, positionMs);
          expect(heard.playedMs).toBeGreaterThanOrEqual(before);
          if (heard.startedUpMs !== null)
            expect(heard.playedMs).toBeLessThanOrEqual(Math.max(0, upMs - heard.startedUpMs + 101));
          before = heard.playedMs;
        }
      }),
    );
  });
});
