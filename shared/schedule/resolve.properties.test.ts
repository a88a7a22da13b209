import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../protocol/schema/documents.ts';
import type { Item } from '../protocol/schema/item.ts';
import { LAYERS } from './intent.ts';
import type { ActiveOrder, Intent, ItemCandidate, Verdict } from './intent.ts';
import { occurrenceOf } from './intent.ts';
import type { Situation } from './resolve.ts';
import { resolve } from './resolve.ts';
import { boxWith, itemWith, orderWith, planWith, utc } from './a-schedule.fixture.ts';

/** Instants in the nights in which clocks change in many zones, and in ordinary ones. */
const instants = fc
  .tuple(
    fc.constantFrom('2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01', '2026-06-15'),
    fc.integer({ min: -2 * 86_400, max: 2 * 86_400 }),
  )
  .map(([day, seconds]) => utc(`${day}T00:00:00Z`) + seconds);

const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 0, 15, 30, 59), fc.constantFrom(0, 0, 1, 59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const lengths = fc.oneof(
  fc.constantFrom(1, 60, 1800, 7200, 86_399, 86_400),
  fc.integer({ min: 1, max: 86_400 }),
);
const rules = fc.constantFrom(
  'FREQ=DAILY',
  'FREQ=DAILY;INTERVAL=2',
  'FREQ=WEEKLY;BYDAY=SA,SU',
  'FREQ=MONTHLY;BYDAY=-1SU',
  'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,1',
  'FREQ=DAILY;COUNT=300',
  'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=29',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=NONSENSE',
);
const recurrences = fc.oneof(
  { weight: 4, arbitrary: rules.map((rule): Item['recur'] => ({ kind: 'rrule', rule })) },
  {
    weight: 1,
    arbitrary: fc.constant<Item['recur']>({ kind: 'lunar', months: [], days: [1, 15, -1], leap: true }),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);

const page = (durationS: number): Item['source'] => ({
  kind: 'page',
  template: 'notice',
  title: '',
  body: '',
  image: null,
  durationS,
});
type Programme = Pick<Item, 'surface' | 'source'>;
const programmes: fc.Arbitrary<Programme> = fc.oneof(
  fc.constant<Programme>({ surface: 'sound', source: itemWith({}).source }),
  fc.constant<Programme>({ surface: 'sound', source: { kind: 'live', speakers: [], maxS: 60 } }),
  fc
    .integer({ min: 3, max: 600 })
    .map((durationS): Programme => ({ surface: 'screen', source: page(durationS) })),
  fc.constant<Programme>({ surface: 'screen', source: itemWith({}).source }),
  fc.constant<Programme>({ surface: 'screen', source: { kind: 'ticker', text: 'a' } }),
);

const items: fc.Arbitrary<Item> = fc
  .record({
    programme: programmes,
    priority: fc.integer({ min: 4, max: 6 }),
    firstDay: fc.constantFrom('2026-01-01', '2026-03-28', '2026-10-24'),
    startAt: clock,
    lengthS: lengths,
    recur: recurrences,
    only: fc.constantFrom<Item['only']>(null, null, { tags: ['cho'] }, { tags: ['cang'] }),
    except: fc.constantFrom<string[]>([], ['2026-03-29']),
    also: fc.constantFrom<string[]>([], ['2026-03-28', '2026-10-25']),
  })
  .map(({ programme, ...rest }) => itemWith({ ...rest, ...programme }));

const planOf = (area: string): fc.Arbitrary<Plan> =>
  fc
    .record({
      zone: fc.constantFrom(
        'Asia/Ho_Chi_Minh',
        'Europe/Berlin',
        'America/New_York',
        'America/St_Johns',
        'Asia/Nowhere',
      ),
      exp: fc.constantFrom('2026-03-29T00:30:00Z', '2027-01-01T00:00:00Z').map(utc),
      items: fc.array(items, { maxLength: 6 }),
    })
    .map(({ items: list, ...rest }) =>
      planWith({ ...rest, area, items: list.map((item, i) => ({ ...item, id: `i${(i * 7) % 10}` })) }),
    );

const ordersAround = (at: number): fc.Arbitrary<ActiveOrder[]> =>
  fc.array(
    fc
      .record({
        kind: fc.constantFrom('alert', 'template', 'halt', 'stop', 'test', 'live'),
        warning: fc.boolean(),
        begunAtMs: fc.integer({ min: (at - 4000) * 1000, max: (at + 4000) * 1000 }),
        iat: fc.integer({ min: at - 10, max: at }),
        livesS: fc.integer({ min: 60, max: 7200 }),
        repeatS: fc.constantFrom(null, 300, 900),
        slot: fc.constantFrom(null, { area: '56', item: 'i0' }, { area: '56', item: 'i7' }),
        heard: fc.integer({ min: 0, max: 3 }),
        digest: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      } as const)
      .map(({ livesS, slot, ...rest }) =>
        orderWith({
          ...rest,
          exp: Math.floor(rest.begunAtMs / 1000) + livesS,
          slot: rest.kind === 'live' ? slot : null,
        }),
      ),
    { maxLength: 3 },
  );

const cases: fc.Arbitrary<{ at: number; situation: Situation }> = instants.chain((at) =>
  fc
    .record({
      plans: fc.tuple(planOf('56'), planOf('56.22366'), planOf('57')),
      orders: fc
        .oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: ordersAround(at) })
        .map((orders) =>
          orders.filter(({ digest }, i) => orders.findIndex((other) => other.digest === digest) === i),
        ),
      localTest: fc.constantFrom(null, null, {
        id: 't',
        work: { kind: 'speaker' } as const,
        layers: ['sound'] as const,
        begunAt: at - 5,
        endsAt: at + 5,
        now: true,
      }),
    })
    .map((rest) => ({ at, situation: { ...rest, box: boxWith({ tags: ['cho'] }) } })),
);

const summary = ({ winner, losers, rule }: Verdict): string =>
  JSON.stringify([
    winner && occurrenceOf(winner),
    losers.map((loser) => [occurrenceOf(loser.candidate), loser.rule]),
    rule,
  ]);
const whole = (intent: Intent): string =>
  JSON.stringify([
    LAYERS.map((layer) => [summary(intent[layer]), intent[layer].until]),
    intent.quiet,
    intent.muted.map(occurrenceOf),
  ]);

describe('resolve', () => {
  test('Invariant: a verdict stays as it is from `at` until its `until`', () => {
    fc.assert(
      fc.property(
        cases,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
        ({ at, situation }, parts) => {
          const intent = resolve(situation, at);
          for (const layer of LAYERS) {
            const { until } = intent[layer];
            const last = (until ?? at + 90 * 86_400) - 1;
            for (const sample of [last, ...parts.map((part) => at + Math.floor(part * (last - at)))]) {
              const later = resolve(situation, sample)[layer];
              expect(summary(later)).toBe(summary(intent[layer]));
              expect(later.until).toBe(until);
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test('declares no change where there is none: at `until` a window, a turn, an order or a plan changes', () => {
    fc.assert(
      fc.property(cases, ({ at, situation }) => {
        const intent = resolve(situation, at);
        for (const layer of LAYERS) {
          const { until } = intent[layer];
          if (until === null) continue;
          const changed = summary(resolve(situation, until)[layer]) !== summary(intent[layer]);
          const { winner } = intent[layer];
          const endsTurn = winner?.kind === 'item' && winner.item.source.kind === 'page';
          const endsPlan = situation.plans.some(({ exp }) => exp === until);
          const isOfOrder = situation.orders.some(({ exp, begunAtMs, repeatS }) => {
            const begun = Math.floor(begunAtMs / 1000);
            return until === exp || until === begun || (repeatS !== null && (until - begun) % repeatS === 0);
          });
          expect(changed || endsTurn || endsPlan || isOfOrder).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('Invariant: the answer depends on its arguments alone, not on their order', () => {
    const shuffled = <T>(list: readonly T[]): fc.Arbitrary<T[]> =>
      fc.shuffledSubarray([...list], { minLength: list.length });
    const pairs = cases.chain(({ at, situation }) =>
      fc
        .tuple(shuffled(situation.plans), shuffled(situation.orders), fc.infiniteStream(fc.boolean()))
        .map(([plans, orders, turned]) => ({
          at,
          situation,
          other: {
            ...situation,
            orders,
            // Copies, so that nothing kept for the first is used for the second.
            plans: structuredClone(plans).map((plan) =>
              turned.next().value === true ? { ...plan, items: plan.items.reverse() } : plan,
            ),
          },
        })),
    );
    fc.assert(
      fc.property(pairs, instants, ({ at, situation, other }, elsewhen) => {
        resolve(other, elsewhen);
        expect(whole(resolve(other, at))).toBe(whole(resolve(situation, at)));
      }),
      { numRuns: 300 },
    );
  });

  test('gives an item only to what the order of strength puts first, recomputed as one sorting key', () => {
    const key = ({ item, area, window, planId }: ItemCandidate): string =>
      [9 - item.priority, area.split('.').length, window.start, planId, item.id].join('|');
    fc.assert(
      fc.property(cases, ({ at, situation }) => {
        const { winner, losers } = resolve({ ...situation, orders: [], localTest: null }, at).sound;
        const candidates = [winner, ...losers.map(({ candidate }) => candidate)];
        const keys = candidates.flatMap((candidate) => (candidate?.kind === 'item' ? [key(candidate)] : []));
        expect(keys).toEqual([...keys].sort());
      }),
      { numRuns: 300 },
    );
  });
});
