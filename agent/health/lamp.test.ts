import { describe, expect, test } from 'vitest';
import type { Severity } from '../../shared/health/declared.ts';
import { isLampOn } from './lamp.ts';

/** How often the lamp changes within eight seconds, looked at every 25 ms. */
function changes(worst: Severity | null, state: 'SYNCED' | 'HOLDOVER' | 'FLOOR'): number {
  const looks = Array.from({ length: 320 }, (_, look) =>
    isLampOn(worst, { state, nowMs: 0, u: 2, upMs: look * 25 }),
  );
  expect(looks[0]).toBe(true);
  return looks.filter((on, index) => index > 0 && on !== looks[index - 1]).length;
}

describe('the status lamp', () => {
  test.each([
    [null, 'SYNCED', 0],
    ['info', 'HOLDOVER', 0],
    ['warning', 'SYNCED', 7],
    ['error', 'SYNCED', 7],
    ['danger', 'SYNCED', 63],
    [null, 'FLOOR', 63],
    ['warning', 'FLOOR', 63],
  ] as const)('with %s and the clock %s changes %i times in eight seconds', (worst, state, times) => {
    expect(changes(worst, state)).toBe(times);
  });
});
