import { describe, expect, test } from 'vitest';
import type { ActiveOrder, Candidate } from './intent.ts';
import { nameOf } from './intent.ts';
import { resolve } from './resolve.ts';
import { compare, rankOf } from './strength.ts';
import { boxWith, itemWith, orderWith, utc } from './a-schedule.fixture.ts';

const at = utc('2026-03-01T01:00:00Z');
const soundOf = (orders: ActiveOrder[], when = at + 10) =>
  resolve({ plans: [], box: boxWith({}), orders, localTest: null }, when).sound;
const order = (digest: string, differing: Partial<ActiveOrder>): ActiveOrder =>
  orderWith({ digest, ...differing });

const item = (differing: Partial<Extract<Candidate, { kind: 'item' }>>): Candidate => ({
  kind: 'item',
  planId: 'plan:56',
  area: '56',
  zone: 'Asia/Ho_Chi_Minh',
  epoch: 1,
  ver: 1,
  item: itemWith({}),
  window: { start: at, end: at + 60 },
  liveOrder: null,
  ...differing,
});
const claim = (differing: Partial<ActiveOrder>): Candidate => ({
  kind: 'order',
  order: orderWith(differing),
  repetition: 0,
  dueAt: at,
});

describe('strength', () => {
  const strongestFirst: Candidate[] = [
    claim({ kind: 'alert' }),
    claim({ kind: 'stop' }),
    claim({ kind: 'template', warning: true }),
    claim({ kind: 'halt' }),
    claim({ kind: 'live' }),
    claim({ kind: 'template' }),
    claim({ kind: 'test' }),
    {
      kind: 'local-test',
      test: {
        id: 't',
        work: { kind: 'speaker' },
        layers: ['sound'],
        begunAt: at,
        endsAt: at + 1,
        now: false,
      },
    },
    item({ item: itemWith({ priority: 9 }) }),
  ];

  test('is alert, stop, warning, halt, live, template, test, local test, item, whatever was signed later', () => {
    strongestFirst.forEach((a, i) => {
      strongestFirst.forEach((b, j) => {
        if (i !== j) expect(compare(a, b)).toEqual({ sign: i - j, rule: 'order-strength' });
      });
    });
  });

  test('of a test that plays a warning template is that of a test', () => {
    expect(rankOf(claim({ kind: 'test', warning: true }))).toBe('test');
  });

  test.each([
    ['priority', item({ item: itemWith({ priority: 6 }), area: '56.22366' }), item({})],
    ['broader-area', item({ window: { start: at + 1, end: at + 9 } }), item({ area: '56.22366' })],
    ['earlier-start', item({ planId: 'plan:56z', window: { start: at - 1, end: at + 9 } }), item({})],
    ['plan-id', item({ item: itemWith({ id: 'z' }) }), item({ planId: 'plan:56z' })],
    ['plan-id', item({ planId: 'plan:5Z' }), item({ planId: 'plan:5a' })],
    ['item-id', item({ item: itemWith({ id: 'a-2' }) }), item({ item: itemWith({ id: 'a2' }) })],
    [
      'later-order',
      item({ liveOrder: orderWith({ iat: at + 1 }) }),
      item({ liveOrder: orderWith({ iat: at }) }),
    ],
    ['order-digest', item({ liveOrder: order('A', {}) }), item({ liveOrder: order('a', {}) })],
  ] as const)('of items is decided by %s', (rule, stronger, weaker) => {
    expect(compare(stronger, weaker)).toMatchObject({ rule });
    expect(compare(stronger, weaker).sign).toBeLessThan(0);
    expect(compare(weaker, stronger).sign).toBeGreaterThan(0);
  });
});

describe('orders against each other', () => {
  test('of one kind: the later iat wins, in one second the smaller digest', () => {
    const early = order('early', { iat: at, exp: at + 600 });
    const late = order('late', { iat: at + 5, begunAtMs: at * 1000, exp: at + 600 });
    expect(soundOf([early, late])).toMatchObject({
      winner: { order: { digest: 'late' } },
      rule: 'later-order',
    });
    expect(soundOf([order('b', {}), order('a', {})])).toMatchObject({
      winner: { order: { digest: 'a' } },
      rule: 'order-digest',
    });
  });

  test('A20 a warning sounds through a halt, and a stop mutes it', () => {
    const warning = order('siren', { kind: 'template', warning: true });
    const halt = order('halt', { kind: 'halt', iat: at + 5, begunAtMs: (at + 5) * 1000 });
    const stop = order('stop', { kind: 'stop', iat: at + 5, begunAtMs: (at + 5) * 1000 });
    expect(nameOf(soundOf([warning, halt]).winner)).toBe('order:siren');
    expect(nameOf(soundOf([warning, halt, stop]).winner)).toBe('order:stop');
    expect(nameOf(soundOf([warning, halt, stop, order('alert', {})]).winner)).toBe('order:alert');
  });

  test('A12 an alert sounds through halt and stop', () => {
    const alert = order('alert', {});
    for (const kind of ['halt', 'stop'] as const)
      expect(
        nameOf(soundOf([order('silence', { kind, iat: at + 9, begunAtMs: at * 1000 }), alert]).winner),
      ).toBe('order:alert');
  });
});

describe('between two warnings', () => {
  const siren = (digest: string, begun: number, differing: Partial<ActiveOrder> = {}): ActiveOrder =>
    order(digest, {
      kind: 'template',
      warning: true,
      iat: begun,
      begunAtMs: begun * 1000,
      exp: at + 3600,
      ...differing,
    });

  test('the one that sounds is not cut by the later one', () => {
    const first = siren('first', at, { sounding: 0 });
    expect(soundOf([first, siren('second', at + 5)])).toMatchObject({
      winner: { order: { digest: 'first' } },
      rule: 'between-warnings',
    });
  });

  test('the one that sounds is not cut by one that has waited longer', () => {
    const orders = [siren('waits', at - 5), siren('sounds', at, { sounding: 0 })];
    expect(nameOf(soundOf(orders).winner)).toBe('order:sounds');
    expect(nameOf(soundOf(orders.map((row) => ({ ...row, sounding: null }))).winner)).toBe('order:waits');
  });

  test('the one that sounds goes on even where its next repetition is due and the other has waited longer', () => {
    const first = siren('first', at, { repeatS: 300, sounding: 0 });
    const second = siren('second', at + 5, { repeatS: 300 });
    expect(nameOf(soundOf([first, second], at + 320).winner)).toBe('order:first');
  });

  test.each([100, 200, 400, 1000])(
    'they take turns with repetitions of %i s every 300 s: neither is left out for more than two',
    (lengthS) => {
      const heard = { first: 0, second: 0 };
      const turns: string[] = [];
      for (let when = at + 10; when < at + 3600 && turns.length < 8; when += 10) {
        const rows = (['first', 'second'] as const).map((digest, i) =>
          siren(digest, at + i, { repeatS: 300, heard: heard[digest] }),
        );
        const { winner } = soundOf(rows, when);
        if (winner?.kind !== 'order') continue;
        const digest = winner.order.digest === 'first' ? 'first' : 'second';
        turns.push(digest);
        heard[digest] = winner.repetition + 1;
        when += lengthS;
      }
      expect(turns.slice(0, 2)).toEqual(['first', 'second']);
      expect(turns.join(' ')).not.toMatch(/(first ?){3}|(second ?){3}/);
      expect(turns).toHaveLength(lengthS === 1000 ? 4 : 8);
    },
  );
});
