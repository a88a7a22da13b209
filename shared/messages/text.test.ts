import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOSTILE, sentences } from './sentences.fixture.ts';
import { reasonInWords } from './records.ts';
import { say, shown, shownJson } from './text.ts';

const steers = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

test('L02 what is filled into a sentence shows control characters and obeys none', () => {
  expect(say`a ${'\u001b[31mđỏ\u0007'} ${'x\ny'} ${'\u202Egpj'} ${5}.`).toBe(
    'a \\u{1b}[31mđỏ\\u{7} x⏎y \\u{202e}gpj 5.',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (hostile) => {
      expect(shown(hostile)).not.toMatch(steers);
      expect(Array.from(shown(hostile)).length).toBeLessThanOrEqual(200);
    }),
  );
});

test.each([
  ['\u001b[2J\u001b[31mxóa', '\\u{1b}[2J\\u{1b}[31mxóa'],
  ['\u009b2J', '\\u{9b}2J'],
  ['a\rb\bc\u0007', 'a\\u{d}b\\u{8}c\\u{7}'],
  ['an\u202Enhac', 'an\\u{202e}nhac'],
  ['hai\ndòng', 'hai⏎dòng'],
  ['ẩn\u200bẩn\u00a0', 'ẩn\\u{200b}ẩn\\u{a0}'],
  ['\ud800', '\\u{d800}'],
])('%j is shown so that it cannot steer a terminal', (hostile, expected) => {
  expect(shown(hostile)).toBe(expected);
});

test('Vietnamese passes as it is, composed or not', () => {
  const words = 'Phường Ninh Hòa báo động lũ: rời khỏi vùng trũng';
  expect(shown(words)).toBe(words);
  expect(shown(words.normalize('NFD'))).toBe(words.normalize('NFD'));
});

test('a heap of marks is cut to what a letter needs', () => {
  expect(shown(`a${'\u0301'.repeat(40)}`)).toBe('a\u0301\u0301');
});

test('JSON for a terminal means the same and steers nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (hostile) => {
      const json = shownJson({ hostile, list: [1, null] });
      expect(JSON.parse(json)).toEqual({ hostile, list: [1, null] });
      expect(json.replaceAll('\n', '')).not.toMatch(steers);
    }),
  );
});

test.each(sentences)('%s has both languages and passes nothing on that steers', (_name, { vi, en }) => {
  for (const sentence of [vi, en]) {
    expect(sentence).toMatch(/\S/);
    expect(sentence).not.toMatch(steers);
  }
});

test('a reason without words is shown as the code that it is, and never obeyed', () => {
  expect(reasonInWords('QUIET_HOURS').vi).toBe('giờ yên tĩnh');
  expect(reasonInWords('toString').en).toBe('toString');
  expect(reasonInWords(HOSTILE).en).not.toMatch(steers);
});
