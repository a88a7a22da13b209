import { expect, test } from 'vitest';
import { fingerprint, QUALITIES, sixWords, THINGS } from './fingerprint.ts';

const plain = (word: string): string => word.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd');
const hash = (bytes: readonly number[]): string => Buffer.from(bytes).toString('base64url');
const zeros = Array.from({ length: 32 }, () => 0);

test('the fixed list has 2,048 words that stay distinct without diacritics', () => {
  expect(new Set(THINGS.map(plain)).size).toBe(64);
  expect(new Set(QUALITIES.map(plain)).size).toBe(32);
});

test('a fingerprint never changes between versions, for people wrote it on paper', () => {
  expect(fingerprint(hash(zeros.map((_, index) => index * 7)))).toMatchInlineSnapshot(
    `"cò trắng · bướm vàng · xoài nhỏ · bướm đỏ · ếch trẻ · ngựa xanh"`,
  );
  expect(fingerprint(hash(zeros.map(() => 255)))).toBe(
    Array.from({ length: 6 }, () => 'xe quen').join(' · '),
  );
});

test('each of the first 66 bits changes exactly one word, no later bit changes any', () => {
  const reference = sixWords(hash(zeros));
  for (let bit = 0; bit < 80; bit += 1) {
    const flipped = zeros.map((_, index) => (index === bit >> 3 ? 128 >> (bit & 7) : 0));
    const changed = sixWords(hash(flipped)).filter((word, index) => word !== reference[index]);
    expect(changed, `bit ${bit}`).toHaveLength(bit < 66 ? 1 : 0);
  }
});
