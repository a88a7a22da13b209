import { describe, expect, test } from 'vitest';
import { changesOfOrder, claimOf } from './orders.ts';
import { orderWith, utc } from './a-schedule.fixture.ts';

const begun = utc('2026-03-01T01:00:00Z');
const repeating = orderWith({ repeatS: 600, exp: begun + 1800 });

describe('an order', () => {
  test('claims from the second in which it was begun up to its exp', () => {
    const order = orderWith({ begunAtMs: begun * 1000 + 700 });
    expect(claimOf(order, begun - 1)).toBeNull();
    expect(claimOf(order, begun)).toMatchObject({ repetition: 0, dueAt: begun });
    expect(claimOf(order, begun + 3599)).not.toBeNull();
    expect(claimOf(order, begun + 3600)).toBeNull();
  });

  test('claims no more once it was heard', () => {
    expect(claimOf(orderWith({ heard: 1 }), begun + 10)).toBeNull();
  });

  test('has repetition k due at begun + k · repeatS, and leaves the surface free between repetitions', () => {
    expect(claimOf({ ...repeating, heard: 1 }, begun + 599)).toBeNull();
    expect(claimOf({ ...repeating, heard: 1 }, begun + 600)).toMatchObject({
      repetition: 1,
      dueAt: begun + 600,
    });
    expect(claimOf({ ...repeating, heard: 2 }, begun + 601)).toBeNull();
  });

  test('never makes up a repetition: of those that were missed only the latest is due', () => {
    expect(claimOf({ ...repeating, heard: 0 }, begun + 1300)).toMatchObject({ repetition: 2 });
    expect(claimOf({ ...repeating, heard: 3 }, begun + 1300)).toBeNull();
  });

  test('goes on with the repetition that sounds when the next is due already', () => {
    expect(claimOf({ ...repeating, sounding: 0 }, begun + 700)).toMatchObject({
      repetition: 0,
      dueAt: begun,
    });
  });

  test('that halts or stops holds until its exp, whatever counts as heard', () => {
    for (const kind of ['halt', 'stop'] as const)
      expect(claimOf(orderWith({ kind, heard: 1 }), begun + 9)).not.toBeNull();
  });

  test('that fills a slot claims nothing by itself', () => {
    expect(claimOf(orderWith({ kind: 'live', slot: { area: '56', item: 'hop' } }), begun)).toBeNull();
  });

  test('changes at its begin, at its next repetition and at its exp', () => {
    expect(changesOfOrder(repeating, begun - 1)).toContain(begun);
    expect(changesOfOrder(repeating, begun)).toEqual([begun, begun + 600, begun + 1800]);
    expect(changesOfOrder(repeating, begun + 600)).toEqual([begun, begun + 1200, begun + 1800]);
    expect(changesOfOrder(repeating, begun + 1200)).toEqual([begun, begun + 1800, begun + 1800]);
  });
});
