import { describe, expect, test } from 'vitest';
import type { ActiveOrder } from './intent.ts';
import { resolve } from './resolve.ts';
import { boxWith, itemWith, orderWith, planWith, utc } from './a-schedule.fixture.ts';
import { explain, explainLoser, explainPassedOver } from './words.ts';

const at = utc('2026-03-01T05:10:00+07:00');
const plan = planWith({
  items: [
    itemWith({ id: 'tin', title: 'Bản tin', priority: 7 }),
    itemWith({ id: 'nhac', title: 'Ca nhạc' }),
    itemWith({ id: 'hong', recur: { kind: 'rrule', rule: 'FREQ=NEVER' } }),
  ],
});
const intentWith = (orders: ActiveOrder[], when = at) =>
  resolve({ plans: [plan], box: boxWith({}), orders, localTest: null }, when);

describe('words', () => {
  test('tell who won over whom and why, in Vietnamese and in English', () => {
    const { sound } = intentWith([]);
    expect(explain(sound, 'vi')).toBe(
      '“Bản tin” (plan:56.22366/tin) đứng trên “Ca nhạc” (plan:56.22366/nhac): mức ưu tiên cao hơn (7 > 5)',
    );
    expect(explain(sound, 'en')).toBe(
      '“Bản tin” (plan:56.22366/tin) above “Ca nhạc” (plan:56.22366/nhac): higher priority (7 > 5)',
    );
  });

  test('name an order by its kind and its own words', () => {
    const { sound } = intentWith([orderWith({ iat: at, begunAtMs: at * 1000 })]);
    expect(explain(sound, 'vi')).toBe(
      'báo động khẩn cấp “Bão số 5” đứng trên “Bản tin” (plan:56.22366/tin): loại này được xếp trên',
    );
    expect(sound.losers.map(({ rule }) => explainLoser(rule, 'en'))).toEqual([
      'its kind ranks higher',
      'its kind ranks higher',
    ]);
  });

  test('say so when nothing is due', () => {
    expect(explain(intentWith([], at + 3600).sound, 'vi')).toBe('chưa có gì đến giờ');
  });

  test('tell why an item is no candidate', () => {
    expect(intentWith([]).passedOver.map((passed) => explainPassedOver(passed, 'en'))).toEqual([
      'plan:56.22366/hong: its recurrence rule does not parse, it stays silent',
    ]);
  });
});
