import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { toBase64url } from '../bytes.ts';
import { anchorOf, beatFrame, beginOf, momentOf } from './beat-frame.ts';
import { anchoredUntil, checkBeat } from './beat.ts';
import { hear, segmentsOf } from './segments.ts';
import type { Heard } from './segments.ts';

const T0 = 1_795_453_200;
const CHAIN = toBase64url(new Uint8Array(16).fill(9));
const dayOf = (day: number) => {
  const seed = createHash('sha256').update(`seed ${day}`).digest().subarray(0, 16);
  return { chain: CHAIN, day, seed: toBase64url(new Uint8Array(seed)) };
};
const days = [0, 1, 300, 4095].map(dayOf);
const beat = {
  t0: T0,
  chain: CHAIN,
  anchors: Object.fromEntries(days.map((each) => [String(each.day), anchorOf(each)])),
};
const clockAt = (now: number) => ({ state: 'SYNCED', now, u: 2 }) as const;

test('the frame of each day and half minute, first and last too, is the one that a box takes then', () => {
  for (const each of days) {
    for (const interval of [0, 1, 255, 256, 1440, 2879]) {
      const now = beginOf(T0, each.day) + interval * 30 + 7;
      expect(momentOf(T0, now)).toEqual({ day: each.day, interval });
      expect(checkBeat(beatFrame(each, interval), beat, clockAt(now), null).code).toBe('OK');
    }
  }
});

test('a frame cut into groups is the same frame when it has been heard', () => {
  const bytes = beatFrame(dayOf(0), 77);
  let heard: Heard = new Map();
  let frame = null;
  for (const { segment, data } of segmentsOf({ kind: 'beat', bytes }))
    ({ heard, frame } = hear(heard, segment, data, 0));
  expect(frame).toEqual({ kind: 'beat', bytes });
});

test('anchors last to the first gap, and where today has none they are over', () => {
  expect(anchoredUntil(beat, T0 + 5)).toBe(beginOf(T0, 2));
  expect(anchoredUntil(beat, T0 - 5 * 86_400)).toBe(beginOf(T0, 2));
  expect(anchoredUntil(beat, beginOf(T0, 300))).toBe(beginOf(T0, 301));
  for (const now of [beginOf(T0, 2), beginOf(T0, 299)])
    expect(anchoredUntil(beat, now)).toBeLessThanOrEqual(now);
});
