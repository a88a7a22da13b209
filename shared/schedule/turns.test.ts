import { describe, expect, test } from 'vitest';
import type { Item } from '../protocol/schema/item.ts';
import type { Plan } from '../protocol/schema/documents.ts';
import { nameOf } from './intent.ts';
import { resolve } from './resolve.ts';
import { boxWith, itemWith, planWith, utc } from './a-schedule.fixture.ts';

const page = (id: string, durationS: number, differing: Partial<Item> = {}): Item =>
  itemWith({
    id,
    surface: 'screen',
    startAt: '00:00:00',
    lengthS: 86_400,
    source: { kind: 'page', template: 'notice', title: id, body: '', image: null, durationS },
    ...differing,
  });

const screenAt = (plans: Plan[], at: number) =>
  resolve({ plans, box: boxWith({}), orders: [], localTest: null }, at).screen;
const midnight = utc('2026-03-01T00:00:00+07:00');

describe('pages', () => {
  const plan = planWith({ items: [page('b', 20), page('a', 10), page('c', 7, { startAt: '00:00:05' })] });

  test('of one priority take turns of their own length, counted round from local midnight', () => {
    const turns = [0, 9, 10, 29, 30, 36, 37, 47].map((second) => {
      // An hour is 97 rounds of 37 seconds and 11 seconds more.
      const verdict = screenAt([plan], midnight + 37 * 97 + second);
      return `${String(nameOf(verdict.winner)).at(-1) ?? ''}${(verdict.until ?? 0) - midnight - 37 * 97}`;
    });
    expect(turns).toEqual(['a10', 'a10', 'b30', 'b30', 'c37', 'c37', 'a47', 'b67']);
  });

  test('come by broader area, then earlier start, then id', () => {
    const province = planWith({ area: '56', items: [page('z', 10, { startAt: '01:00:00', lengthS: 3600 })] });
    const commune = planWith({
      items: [page('y', 10), page('x', 10), page('w', 10, { startAt: '00:00:01', lengthS: 86_000 })],
    });
    const start = midnight + 3600;
    const turns = [0, 10, 20, 30].map((second) =>
      nameOf(screenAt([commune, province], start + second).winner),
    );
    expect(turns).toEqual(['plan:56/z', 'plan:56.22366/x', 'plan:56.22366/y', 'plan:56.22366/w']);
  });

  test('begin their round again at midnight, which ends a turn', () => {
    const whole = planWith({ items: [page('b', 20), page('a', 10), page('c', 7)] });
    // 2335 rounds of 37 seconds and 5 seconds more: the turn of `a` is cut.
    const verdict = screenAt([whole], midnight + 86_400 - 1);
    expect(nameOf(verdict.winner)).toBe('plan:56.22366/a');
    expect(verdict.until).toBe(midnight + 86_400);
    expect(screenAt([whole], midnight + 86_400).until).toBe(midnight + 86_400 + 10);
  });

  test('of a lower priority have no turn, nor has a picture of the same priority', () => {
    const mixed = planWith({
      items: [
        page('a', 10),
        page('low', 10, { priority: 4 }),
        itemWith({ id: 'picture', surface: 'screen', startAt: '00:00:00', lengthS: 86_400 }),
      ],
    });
    for (let second = 0; second < 60; second += 5)
      expect(nameOf(screenAt([mixed], midnight + second).winner)).toBe('plan:56.22366/a');
  });

  test('wait for a picture that is stronger', () => {
    const picture = itemWith({
      id: 'picture',
      surface: 'screen',
      priority: 6,
      startAt: '00:00:00',
      lengthS: 60,
    });
    const mixed = planWith({ items: [page('a', 10), page('b', 10), picture] });
    expect(screenAt([mixed], midnight + 15)).toMatchObject({
      winner: { item: { id: 'picture' } },
      until: midnight + 60,
    });
    expect(nameOf(screenAt([mixed], midnight + 65).winner)).toBe('plan:56.22366/a');
  });

  test('that lose tell that it is not their turn', () => {
    const verdict = screenAt([plan], midnight + 12);
    expect(verdict.rule).toBe('turn-of-pages');
    expect(
      verdict.losers.map(({ candidate, rule }) => `${String(nameOf(candidate)).at(-1) ?? ''} ${rule}`),
    ).toEqual(['a turn-of-pages', 'c turn-of-pages']);
  });

  test('count from the midnight of a day that is 25 hours long', () => {
    const late = { startAt: '23:30:00', lengthS: 7200 };
    const berlin = planWith({ zone: 'Europe/Berlin', items: [page('a', 7000, late), page('b', 7000, late)] });
    const start = utc('2026-10-25T00:00:00+02:00');
    // 25 hours are six rounds of 14,000 seconds and 6,000 seconds more.
    expect(nameOf(screenAt([berlin], start + 25 * 3600 - 1).winner)).toBe('plan:56.22366/a');
    expect(screenAt([berlin], start + 25 * 3600 - 1).until).toBe(start + 25 * 3600);
    expect(screenAt([berlin], start + 25 * 3600).until).toBe(start + 25 * 3600 + 5400);
  });
});
