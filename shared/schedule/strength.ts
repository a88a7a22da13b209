/** Which of two candidates stands above the other, and by which rule: the order of strength of architecture.md §3. */
import type { ActiveOrder, Candidate, ItemCandidate, OrderCandidate, Rule } from './intent.ts';
import { waitsSince } from './orders.ts';

/** Strongest first; a live order that fills a slot is an item. */
const RANKS = [
  'alert',
  'stop',
  'warning',
  'halt',
  'live',
  'template',
  'test',
  'local-test',
  'item',
  'fallback',
] as const;
export type Rank = (typeof RANKS)[number];

export function rankOf(candidate: Candidate): Rank {
  if (candidate.kind !== 'order') return candidate.kind;
  const { kind, warning } = candidate.order;
  return kind === 'template' && warning ? 'warning' : kind;
}

/** How `a` and `b` compare under one rule: negative if `a` is the stronger, 0 if this rule does not tell them apart. */
interface Step<C> {
  readonly rule: Rule;
  readonly compare: (a: C, b: C) => number;
}

/** The outcome between two candidates: negative if the first is the stronger. */
export interface Comparison {
  readonly sign: number;
  readonly rule: Rule;
}

const breadthOf = (area: string): number => area.split('.').length;
const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const laterOrder: readonly Step<ActiveOrder>[] = [
  { rule: 'later-order', compare: (a, b) => b.iat - a.iat },
  { rule: 'order-digest', compare: (a, b) => byCodeUnits(a.digest, b.digest) },
];

const amongOrders: readonly Step<OrderCandidate>[] = laterOrder.map(({ rule, compare }) => ({
  rule,
  compare: (a, b) => compare(a.order, b.order),
}));

const sounds = ({ order }: OrderCandidate): number => (order.sounding === null ? 1 : 0);

/** None cuts the other: the one that sounds goes on, then the one that waits longest. */
const amongWarnings: readonly Step<OrderCandidate>[] = [
  { rule: 'between-warnings', compare: (a, b) => sounds(a) - sounds(b) },
  { rule: 'between-warnings', compare: (a, b) => waitsSince(a.order) - waitsSince(b.order) },
  { rule: 'between-warnings', compare: (a, b) => a.order.iat - b.order.iat },
  { rule: 'order-digest', compare: (a, b) => byCodeUnits(a.order.digest, b.order.digest) },
];

const amongItems: readonly Step<ItemCandidate>[] = [
  { rule: 'priority', compare: (a, b) => b.item.priority - a.item.priority },
  { rule: 'broader-area', compare: (a, b) => breadthOf(a.area) - breadthOf(b.area) },
  { rule: 'earlier-start', compare: (a, b) => a.window.start - b.window.start },
  { rule: 'plan-id', compare: (a, b) => byCodeUnits(a.planId, b.planId) },
  { rule: 'item-id', compare: (a, b) => byCodeUnits(a.item.id, b.item.id) },
  ...laterOrder.map(({ rule, compare }) => ({
    rule,
    compare: (a: ItemCandidate, b: ItemCandidate) =>
      a.liveOrder === null || b.liveOrder === null ? 0 : compare(a.liveOrder, b.liveOrder),
  })),
];

/** Total: no two candidates of one instant are equal. */
export function compare(a: Candidate, b: Candidate): Comparison {
  const difference = RANKS.indexOf(rankOf(a)) - RANKS.indexOf(rankOf(b));
  if (difference !== 0) return { sign: difference, rule: 'order-strength' };
  if (a.kind === 'item' && b.kind === 'item') return firstDifference(amongItems, a, b);
  if (a.kind === 'order' && b.kind === 'order')
    return firstDifference(rankOf(a) === 'warning' ? amongWarnings : amongOrders, a, b);
  return { sign: 0, rule: 'only-one' };
}

function firstDifference<C>(steps: readonly Step<C>[], a: C, b: C): Comparison {
  for (const { rule, compare: by } of steps) {
    const sign = by(a, b);
    if (sign !== 0) return { sign, rule };
  }
  return { sign: 0, rule: 'only-one' };
}
