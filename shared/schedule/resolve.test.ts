import { describe, expect, test } from 'vitest';
import type { Item } from '../protocol/schema/item.ts';
import { nameOf } from './intent.ts';
import type { Situation } from './resolve.ts';
import { resolve } from './resolve.ts';
import { boxWith, itemWith, orderWith, planWith, utc } from './a-schedule.fixture.ts';

const at = utc('2026-03-01T05:10:00+07:00');

function situation(differing: Partial<Situation>): Situation {
  return { plans: [], box: boxWith({}), orders: [], localTest: null, ...differing };
}
const withItem = (item: Partial<Item>): Situation =>
  situation({ plans: [planWith({ items: [itemWith(item)] })] });
const ticker = { surface: 'screen', source: { kind: 'ticker', text: 'Chào' } } as const;
const live = { id: 'hop', source: { kind: 'live', speakers: [], maxS: 3600 } } satisfies Partial<Item>;
const begunNow = { iat: at, begunAtMs: at * 1000 };

describe('the plans that a box follows', () => {
  const named = (area: string, priority = 5) => planWith({ area, items: [itemWith({ priority })] });
  const winnerOf = (plans: ReturnType<typeof named>[], area: string | null = '56.22366') =>
    nameOf(resolve(situation({ plans, box: boxWith({ area }) }), at).sound.winner);

  test('are those of its area and of all its ancestors, compared by segment', () => {
    const plans = ['57', '56.2', '56.22366.01', '56.223', '5'].map((area) => named(area, 9));
    expect(winnerOf([...plans, named('56', 1)])).toBe('plan:56/item');
    expect(winnerOf([named('56'), named('56.22366', 6)])).toBe('plan:56.22366/item');
    expect(winnerOf(plans)).toBeNull();
  });

  test('are none for a box without an area', () => {
    expect(winnerOf([named('56')], null)).toBeNull();
  });

  test('are in force up to their exp, that second not included, and their age before it does not matter', () => {
    const plan = planWith({ iat: at + 500, exp: at + 600, items: [itemWith({ lengthS: 7200 })] });
    expect(resolve(situation({ plans: [plan] }), at + 599).sound).toMatchObject({
      winner: {},
      until: at + 600,
    });
    expect(resolve(situation({ plans: [plan] }), at + 600).sound).toMatchObject({
      winner: null,
      until: null,
    });
  });

  test('end at their exp also as far as `until` goes, with or without an item of the surface', () => {
    const plan = planWith({ exp: at + 3600 });
    const { sound, screen, ticker: line } = resolve(situation({ plans: [plan] }), at);
    expect([sound.until, screen.until, line.until]).toEqual([at + 3600, at + 3600, at + 3600]);
  });

  test('stay silent as a whole where the zone is not known, with a condition', () => {
    const plan = planWith({ zone: 'Asia/Atlantis', items: [itemWith({})] });
    expect(resolve(situation({ plans: [plan] }), at)).toMatchObject({
      sound: { winner: null },
      passedOver: [{ planId: 'plan:56.22366', itemId: null, because: 'unknown-zone' }],
    });
  });
});

describe('a window', () => {
  const soundAt = (item: Partial<Item>, instant: string) => resolve(withItem(item), utc(instant)).sound;

  test('opens on its second and closes on its last, that second not included', () => {
    expect(soundAt({}, '2026-03-01T04:59:59+07:00')).toMatchObject({
      winner: null,
      until: utc('2026-03-01T05:00:00+07:00'),
    });
    expect(soundAt({}, '2026-03-01T05:00:00+07:00')).toMatchObject({
      winner: {},
      until: utc('2026-03-01T05:30:00+07:00'),
    });
    expect(soundAt({}, '2026-03-01T05:29:59+07:00').winner).not.toBeNull();
    expect(soundAt({}, '2026-03-01T05:30:00+07:00')).toMatchObject({
      winner: null,
      until: utc('2026-03-02T05:00:00+07:00'),
    });
  });

  test('over midnight belongs to the day it starts', () => {
    const night = { recur: null, firstDay: '2026-03-01', startAt: '23:00:00', lengthS: 7200 } as const;
    expect(soundAt(night, '2026-03-02T00:59:59+07:00')).toMatchObject({
      winner: { window: { start: utc('2026-03-01T23:00:00+07:00'), end: utc('2026-03-02T01:00:00+07:00') } },
    });
    expect(soundAt(night, '2026-03-01T00:30:00+07:00').winner).toBeNull();
    expect(soundAt({ ...night, except: ['2026-03-01'] }, '2026-03-02T00:30:00+07:00').winner).toBeNull();
    expect(soundAt({ ...night, except: ['2026-03-02'] }, '2026-03-02T00:30:00+07:00').winner).not.toBeNull();
  });

  test('of a whole day stays open until the same time of the next day', () => {
    const whole = { recur: null, firstDay: '2026-03-01', startAt: '12:00:00', lengthS: 86_400 } as const;
    expect(soundAt(whole, '2026-03-02T11:59:59+07:00').winner).not.toBeNull();
    expect(soundAt(whole, '2026-03-02T12:00:00+07:00').winner).toBeNull();
  });

  test('is as long as its elapsed seconds where the clock is set forward or back meanwhile', () => {
    const berlin = (item: Partial<Item>, instant: string) =>
      resolve(
        situation({ plans: [planWith({ zone: 'Europe/Berlin', items: [itemWith(item)] })] }),
        utc(instant),
      ).sound;
    const item = { startAt: '01:00:00', lengthS: 7200 };
    expect(berlin(item, '2026-03-29T01:30:00+01:00').until).toBe(utc('2026-03-29T04:00:00+02:00'));
    expect(berlin(item, '2026-10-25T01:30:00+02:00').until).toBe(utc('2026-10-25T02:00:00+01:00'));
    expect(berlin({ startAt: '02:30:00' }, '2026-03-29T03:30:00+02:00').winner).toMatchObject({
      window: { start: utc('2026-03-29T03:30:00+02:00') },
    });
    expect(berlin({ startAt: '02:30:00' }, '2026-10-25T02:30:00+01:00').winner).toBeNull();
  });

  test('of a day of 23 hours overlaps the next one of the same item, which waits', () => {
    const plan = planWith({
      zone: 'Europe/Berlin',
      items: [itemWith({ startAt: '00:00:00', lengthS: 86_400 })],
    });
    const verdict = resolve(situation({ plans: [plan] }), utc('2026-03-30T00:30:00+02:00')).sound;
    expect(verdict).toMatchObject({
      winner: { window: { start: utc('2026-03-29T00:00:00+01:00') } },
      losers: [{ candidate: { window: { start: utc('2026-03-30T00:00:00+02:00') } }, rule: 'earlier-start' }],
      until: utc('2026-03-30T01:00:00+02:00'),
    });
  });

  test('begun the day before yesterday is still open just after midnight where yesterday had 23 hours', () => {
    const item = itemWith({ startAt: '23:45:00', lengthS: 86_400 });
    const plan = planWith({ zone: 'Europe/Berlin', items: [item] });
    expect(
      resolve(situation({ plans: [plan] }), utc('2026-03-30T00:30:00+02:00')).sound.winner,
    ).toMatchObject({
      window: { start: utc('2026-03-28T23:45:00+01:00') },
    });
  });

  test('of a weaker item is a change too: `until` is the first opening or closing of any', () => {
    const plan = planWith({
      items: [
        itemWith({ id: 'strong', priority: 9, lengthS: 3600 }),
        itemWith({ id: 'weak', startAt: '05:20:00', lengthS: 60 }),
      ],
    });
    const untils = [at, at + 600, at + 660].map(
      (when) => resolve(situation({ plans: [plan] }), when).sound.until,
    );
    expect(untils).toEqual([at + 600, at + 660, at + 3000]);
  });
});

describe('an item', () => {
  test('is for boxes that have any of its tags', () => {
    const only = { only: { tags: ['cang', 'cho'] } };
    const withTags = (tags: string[]) => resolve({ ...withItem(only), box: boxWith({ tags }) }, at);
    expect(withTags(['cho']).sound.winner).not.toBeNull();
    expect(withTags(['truong']).sound.winner).toBeNull();
    expect(withTags([]).passedOver).toEqual([
      { planId: 'plan:56.22366', itemId: 'item', because: 'not-for-tags' },
    ]);
  });

  test('whose rule does not parse stays silent with a condition, its neighbours sound', () => {
    const plan = planWith({
      items: [
        itemWith({
          id: 'bad',
          priority: 9,
          recur: { kind: 'rrule', rule: 'FREQ=DAILY;UNTIL=X' },
          also: ['2026-03-01'],
        }),
        itemWith({ id: 'good' }),
      ],
    });
    const intent = resolve(situation({ plans: [plan] }), at);
    expect(nameOf(intent.sound.winner)).toBe('plan:56.22366/good');
    expect(intent.passedOver).toEqual([{ planId: 'plan:56.22366', itemId: 'bad', because: 'bad-rule' }]);
  });

  test('whose source does not go with its surface is no candidate and a condition', () => {
    for (const item of [
      { ...ticker, surface: 'sound' },
      { ...live, surface: 'screen' },
      { surface: 'screen', source: { kind: 'tuner', frequencyKhz: 100_000, pi: null } },
    ] as const) {
      const { source, surface } = item;
      const intent = resolve(withItem({ surface, source }), at);
      expect([intent.sound.winner, intent.screen.winner, intent.ticker.winner]).toEqual([null, null, null]);
      expect(intent.passedOver).toMatchObject([{ because: 'source-not-for-surface' }]);
    }
  });

  test('whose source this box cannot play is a condition, a surface that it does not have is none', () => {
    const tuner = withItem({ source: { kind: 'tuner', frequencyKhz: 100_000, pi: null } });
    const can = { sound: ['media'], screen: [] } as const;
    expect(resolve({ ...tuner, box: boxWith({ can }) }, at).passedOver).toMatchObject([
      { because: 'source-not-on-this-box' },
    ]);
    expect(resolve({ ...withItem(ticker), box: boxWith({ can }) }, at)).toMatchObject({
      ticker: { winner: null },
      passedOver: [],
    });
  });

  test('has its layer: sound, screen, or the ticker that runs over it', () => {
    const plan = planWith({
      items: [
        itemWith({ id: 'loa' }),
        itemWith({ id: 'anh', surface: 'screen' }),
        itemWith({ id: 'chu', priority: 1, ...ticker }),
      ],
    });
    const { sound, screen, ticker: line } = resolve(situation({ plans: [plan] }), at);
    expect([sound, screen, line].map(({ winner, losers }) => [nameOf(winner), losers.length])).toEqual([
      ['plan:56.22366/loa', 0],
      ['plan:56.22366/anh', 0],
      ['plan:56.22366/chu', 0],
    ]);
  });
});

describe('a live item', () => {
  const slot = { area: '56.22366', item: 'hop' };
  const order = orderWith({ kind: 'live', slot, ...begunNow });

  test('is a candidate only while an order fills its slot', () => {
    expect(resolve(withItem(live), at).sound.winner).toBeNull();
    expect(resolve({ ...withItem(live), orders: [order] }, at).sound.winner).toMatchObject({
      item: { id: 'hop' },
      liveOrder: { digest: 'order' },
    });
    for (const unfit of [
      { ...order, heard: 1 },
      { ...order, exp: at },
      { ...order, slot: { area: '56', item: 'hop' } },
      { ...order, slot: { area: '56.22366', item: 'khac' } },
    ])
      expect(resolve({ ...withItem(live), orders: [unfit] }, at).sound.winner).toBeNull();
  });

  test('sounds only inside its window, and with the strength of its item', () => {
    expect(resolve({ ...withItem(live), orders: [order] }, at + 1200).sound.winner).toBeNull();
    const stronger = planWith({ items: [itemWith(live), itemWith({ id: 'manh', priority: 6 })] });
    const { sound } = resolve(situation({ plans: [stronger], orders: [order] }), at);
    expect(nameOf(sound.winner)).toBe('plan:56.22366/manh');
    expect(sound.losers).toMatchObject([{ candidate: { liveOrder: { digest: 'order' } }, rule: 'priority' }]);
  });

  test('takes the later of two orders for one slot', () => {
    const later = { ...order, digest: 'later', iat: at + 1 };
    expect(resolve({ ...withItem(live), orders: [order, later] }, at).sound).toMatchObject({
      winner: { liveOrder: { digest: 'later' } },
      rule: 'later-order',
    });
  });
});

describe('an order', () => {
  const everything = planWith({
    items: [itemWith({}), itemWith({ id: 'anh', surface: 'screen' }), itemWith({ id: 'chu', ...ticker })],
  });

  test('claims sound, screen and the ticker over it, above every item', () => {
    for (const kind of ['alert', 'template', 'test', 'live', 'halt', 'stop'] as const) {
      const intent = resolve(
        situation({ plans: [everything], orders: [orderWith({ kind, ...begunNow })] }),
        at,
      );
      for (const layer of ['sound', 'screen', 'ticker'] as const) {
        expect(nameOf(intent[layer].winner)).toBe('order:order');
        expect(intent[layer].rule).toBe('order-strength');
      }
    }
  });

  test('leaves the surface free between its repetitions, and `until` is when the next is due', () => {
    const order = orderWith({ ...begunNow, repeatS: 900, heard: 1 });
    const between = resolve(situation({ plans: [everything], orders: [order] }), at + 60);
    expect(between.screen).toMatchObject({ winner: { item: { id: 'anh' } }, until: at + 900 });
    expect(nameOf(resolve(situation({ plans: [everything], orders: [order] }), at + 900).screen.winner)).toBe(
      'order:order',
    );
  });

  test('that repeats and is muted by a halt or stop is named, so that it is never made up', () => {
    const orders = [
      orderWith({ ...begunNow, digest: 'stop', kind: 'stop' }),
      orderWith({ ...begunNow, digest: 'siren', kind: 'template', warning: true, repeatS: 300 }),
      orderWith({ ...begunNow, digest: 'once', kind: 'template', warning: true }),
      orderWith({ ...begunNow, digest: 'alert', repeatS: 300 }),
    ];
    const intent = resolve(situation({ orders }), at);
    expect(nameOf(intent.sound.winner)).toBe('order:alert');
    expect(intent.muted.map(({ order }) => order.digest)).toEqual(['siren']);
    expect(resolve(situation({ orders: orders.slice(1) }), at).muted).toEqual([]);
  });

  test('stands above a technician’s test, which stands above items and ends by itself', () => {
    const work = { kind: 'speaker' } as const;
    const localTest = {
      id: 'loa',
      work,
      layers: ['sound'],
      begunAt: at,
      endsAt: at + 20,
      now: false,
    } as const;
    const intent = resolve(situation({ plans: [everything], localTest }), at);
    expect(intent.sound).toMatchObject({
      winner: { kind: 'local-test' },
      until: at + 20,
      rule: 'order-strength',
    });
    expect(nameOf(intent.screen.winner)).toBe('plan:56.22366/anh');
    expect(nameOf(resolve(situation({ plans: [everything], localTest }), at + 20).sound.winner)).toBe(
      'plan:56.22366/item',
    );
    const tested = orderWith({ ...begunNow, kind: 'test' });
    expect(nameOf(resolve(situation({ localTest, orders: [tested] }), at).sound.winner)).toBe('order:order');
  });
});
