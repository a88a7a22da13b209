import { describe, expect, test } from 'vitest';
import { bySeverity, conditionCodes, declaredOf, severityOf, worstOf } from './condition.ts';

describe('every declared condition', () => {
  test.each(conditionCodes)('%s has a code, a sentence and a remedy in both languages', (code) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z0-9]+)*$/);
    const declared = declaredOf(code);
    const sentences = [declared?.text.vi, declared?.text.en, declared?.remedy.vi, declared?.remedy.en];
    for (const sentence of sentences) expect(sentence).toMatch(/^\S.{10,}\.$/);
    expect(new Set(sentences).size).toBe(4);
  });
});

test('no two conditions say the same', () => {
  const texts = conditionCodes.map((code) => declaredOf(code)?.text.vi);
  expect(new Set(texts).size).toBe(conditionCodes.length);
});

test('a code of another version is told as an error, and a name from the prototype is no code', () => {
  expect(declaredOf('SOLAR_FLARE')).toBeNull();
  expect(declaredOf('toString')).toBeNull();
  expect(severityOf('SOLAR_FLARE')).toBe('error');
});

test('the worst comes first, and among equals the longest', () => {
  const found = [
    { code: 'BROKER_DOWN', sinceMs: 1 },
    { code: 'NO_TIME', sinceMs: 9 },
    { code: 'REVOKED', sinceMs: 5 },
    { code: 'TIME_DISPUTE', sinceMs: 7 },
  ];
  expect(bySeverity(found).map(({ code }) => code)).toEqual([
    'TIME_DISPUTE',
    'REVOKED',
    'NO_TIME',
    'BROKER_DOWN',
  ]);
  expect(worstOf(['BROKER_DOWN', 'LINK_DOWN'])).toBe('warning');
  expect(worstOf([])).toBeNull();
});
