import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noLevels, noteLevel, readLevelHistory, usualLevel } from './level-history.ts';
import type { LevelHistory } from './level-history.ts';

const hourS = 3_600;
const beganS = 1_790_000_000 - (1_790_000_000 % hourS);
/** One sample every ten minutes. */
const levels = (perHour: readonly number[], from: LevelHistory = noLevels, fromS = beganS): LevelHistory =>
  perHour.reduce((history, level, index) => {
    for (let n = 0; n < 6; n++) history = noteLevel(history, level, fromS + index * hourS + n * 600);
    return history;
  }, from);
const hours = (count: number, level: number): readonly number[] => Array.from({ length: count }, () => level);

describe('the usual level of a station', () => {
  it('is unknown until an hour has passed, and then the median of the closed hours', () => {
    expect(usualLevel(levels([44]), beganS + 100)).toBeNull();
    const history = levels([40, 50, 44, 99]);
    expect(usualLevel(history, beganS + 3 * hourS)).toEqual({ medianDbuv: 44, hours: 3 });
  });

  it('is not moved by a hijack of three days, and forgets what is older than seven', () => {
    const honest = levels(hours(96, 44));
    const hijacked = levels([...hours(72, 60), 60], honest, beganS + 96 * hourS);
    expect(usualLevel(hijacked, beganS + 168 * hourS)?.medianDbuv).toBe(44);
    const later = levels([...hours(100, 60), 60], hijacked, beganS + 169 * hourS);
    expect(usualLevel(later, beganS + 269 * hourS)?.medianDbuv).toBe(60);
    expect(usualLevel(honest, beganS + 300 * hourS)).toBeNull();
  });

  it('takes one outlier of many samples in an hour for what it is', () => {
    let history = levels([44]);
    history = noteLevel(history, 99, beganS + 3_599);
    expect(usualLevel(noteLevel(history, 44, beganS + hourS), beganS + hourS)?.medianDbuv).toBe(44);
  });

  it('takes nothing from before the running hour, as when the clock was set back', () => {
    const history = levels([44, 45]);
    expect(noteLevel(history, 99, beganS - hourS)).toBe(history);
  });

  it('comes back from storage as it was, stays small, and is never outside what was heard', () => {
    const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 127 }), fc.integer({ min: 1, max: 7_000 })), {
      minLength: 1,
      maxLength: 400,
    });
    fc.assert(
      fc.property(samples, (heard) => {
        let [history, atS] = [noLevels, beganS];
        for (const [level, laterS] of heard) history = noteLevel(history, level, (atS += laterS));
        expect(readLevelHistory(JSON.parse(JSON.stringify(history)))).toEqual(history);
        expect(history.hours.length).toBeLessThanOrEqual(168);
        const usual = usualLevel(history, atS);
        const all = heard.map(([level]) => level);
        if (usual === null) return;
        expect(usual.medianDbuv).toBeGreaterThanOrEqual(Math.min(...all));
        expect(usual.medianDbuv).toBeLessThanOrEqual(Math.max(...all));
      }),
    );
  });

  it('refuses stored things that are no history', () => {
    const good = levels([44, 45]);
    for (const bad of [
      null,
      7,
      {},
      { ...good, hours: [[1]] },
      { ...good, hours: [[1, 'x']] },
      { ...good, running: {} },
      { ...good, running: { hour: 1, counts: [] } },
      { ...good, running: { hour: '1', counts: [[1, 1]] } },
    ]) {
      expect(readLevelHistory(bad), JSON.stringify(bad)).toBeNull();
    }
  });
});
