import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shown } from '../shared/messages/text.ts';
import { shownJson } from './text.ts';

// What a terminal acts on, or reorders what the eye sees.
const harmful = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

test('Vietnamese text is shown as it is', () => {
  const text = 'Xã Diên Khánh: “Nghỉ lễ Quốc khánh” – 05:00, 70 %, Ðường số 3, ỡ ợ ẵ';
  expect(shown(text, Infinity)).toBe(text);
  expect(shown(text.normalize('NFD'))).toBe(text.normalize('NFD'));
});

test.each([
  ['\u001b[2J\u001b[31mxóa', '\\u{1b}[2J\\u{1b}[31mxóa'],
  ['\u009b2J', '\\u{9b}2J'],
  ['a\rb\bc\u0007', 'a\\u{d}b\\u{8}c\\u{7}'],
  ['an\u202Enhac', 'an\\u{202e}nhac'],
  ['hai\ndòng', 'hai⏎dòng'],
  ['ẩn\u200bẩn\u00a0', 'ẩn\\u{200b}ẩn\\u{a0}'],
  ['\ud800', '\\u{d800}'],
])('%j cannot steer a terminal', (text, expected) => {
  expect(shown(text, Infinity)).toBe(expected);
});

test('no text at all puts a control, a direction mark or a piled-up letter on the terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      expect(harmful.test(shown(text, Infinity))).toBe(false);
    }),
    { numRuns: 3000 },
  );
  expect(shown(`a${'\u0301'.repeat(50)}`)).toBe('a\u0301\u0301');
});

test('JSON for machines reads back the same and carries nothing that a terminal obeys', () => {
  const value = {
    title: 'a\u001b[31m\u009b2J\u202E\u007f\u2028',
    name: 'Hòa',
    odd: '\ud800',
    mark: '\u{e0001}',
  };
  const text = shownJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(harmful.test(text.replaceAll('\n', ''))).toBe(false);
});
