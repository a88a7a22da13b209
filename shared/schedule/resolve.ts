/**
 * What should sound and show at an instant, and why (architecture.md §3, Resolution): the same pure code in agent,
 * cloud, loa-sign and console.
 *
 * Invariant: the answer depends on its arguments alone, not on their order. Invariant: a verdict stays as it is from
 * `at` until its `until`.
 */
import { covers } from '../protocol/areas.ts';
import type { Plan } from '../protocol/schema/documents.ts';
import type { Item } from '../protocol/schema/item.ts';
import type {
  ActiveOrder,
  BoxProfile,
  Candidate,
  Intent,
  ItemCandidate,
  Layer,
  LocalTest,
  OrderCandidate,
  PassedOver,
  PassedOverBecause,
  Verdict,
} from './intent.ts';
import type { ItemDays } from './item-days.ts';
import { daysOfItem } from './item-days.ts';
import { changesOfOrder, claimOf, claimOfTest, isActive } from './orders.ts';
import { DEFAULT_QUIET, quietAt } from './quiet.ts';
import { compare } from './strength.ts';
import type { Turn } from './turns.ts';
import { turnOf } from './turns.ts';
import { nextOpening, openWindows } from './windows.ts';
import type { Zone } from './zone.ts';
import { zoneOf } from './zone.ts';

const VIETNAM = 'Asia/Ho_Chi_Minh';

/** All that `resolve` looks at, but for the instant. */
export interface Situation {
  /** Accepted and still authorised; those that have expired or are for other areas may be among them. */
  readonly plans: readonly Plan[];
  readonly box: BoxProfile;
  readonly orders: readonly ActiveOrder[];
  readonly localTest: LocalTest | null;
}

/** An item that has windows on this box: everything but the instant is settled. */
interface Programme {
  readonly plan: Plan;
  readonly zone: Zone;
  readonly item: Item;
  readonly days: ItemDays;
  readonly layer: Layer;
  /** The live orders that fill it; `[null]` for every other source, so that it is a candidate by itself. */
  readonly fillings: readonly (ActiveOrder | null)[];
}

/** `at` in whole UTC seconds. Plans of one id must not stand in `plans` twice. */
export function resolve(situation: Situation, at: number): Intent {
  const plans = followedPlans(situation, at);
  const programmes: Programme[] = [];
  const passedOver: PassedOver[] = [];
  for (const plan of plans) addProgrammes(plan, situation, at, programmes, passedOver);
  const verdict = (layer: Layer): Verdict => verdictOf(layer, situation, plans, programmes, at);
  const sound = verdict('sound');
  const zone = zoneOfBox(plans);
  return {
    at,
    sound,
    screen: verdict('screen'),
    ticker: verdict('ticker'),
    quiet: quietAt(situation.box.quiet ?? DEFAULT_QUIET, zone, at, sound.winner),
    muted: mutedBy(sound),
    passedOver,
    zone: zone.name,
  };
}

/** In force, of the box's area and all its ancestors; the broadest first. */
function followedPlans({ plans, box: { area } }: Situation, at: number): Plan[] {
  if (area === null) return [];
  const followed = plans.filter((plan) => at < plan.exp && covers(plan.area, area));
  return followed.sort((a, b) => a.area.length - b.area.length || (a.id < b.id ? -1 : 1));
}

/** Quiet hours are read in the zone of the narrowest plan; without any, in that of Vietnam. */
function zoneOfBox(plans: readonly Plan[]): Zone {
  const zone = plans.map((plan) => zoneOf(plan.zone)).findLast((known) => known !== null) ?? zoneOf(VIETNAM);
  if (zone === null) throw new Error(`Intl does not know ${VIETNAM}`);
  return zone;
}

function addProgrammes(
  plan: Plan,
  { box, orders }: Situation,
  at: number,
  programmes: Programme[],
  passedOver: PassedOver[],
): void {
  const zone = zoneOf(plan.zone);
  const pass = (itemId: string | null, because: PassedOverBecause): void => {
    passedOver.push({ planId: plan.id, itemId, because });
  };
  if (zone === null) {
    pass(null, 'unknown-zone');
    return;
  }
  for (const item of plan.items) {
    if (box.can[item.surface].length === 0) continue;
    const layer = layerOf(item);
    const days = daysOfItem(item);
    if (!isForTags(item, box.tags)) pass(item.id, 'not-for-tags');
    else if (layer === null) pass(item.id, 'source-not-for-surface');
    else if (!box.can[item.surface].includes(item.source.kind)) pass(item.id, 'source-not-on-this-box');
    else if (days === null) pass(item.id, 'bad-rule');
    else programmes.push({ plan, zone, item, days, layer, fillings: fillingsOf(plan, item, orders, at) });
  }
}

/** Whether a box with these tags takes the item. */
export function isForTags({ only }: Item, tags: readonly string[]): boolean {
  return only === null || only.tags.some((tag) => tags.includes(tag));
}

function layerOf({ surface, source }: Item): Layer | null {
  switch (source.kind) {
    case 'media':
    case 'stream':
      return surface;
    case 'tuner':
    case 'live':
      return surface === 'sound' ? 'sound' : null;
    case 'page':
      return surface === 'screen' ? 'screen' : null;
    case 'ticker':
      return surface === 'screen' ? 'ticker' : null;
  }
}

/** A live item is a candidate only while an order fills its slot. */
function fillingsOf(
  plan: Plan,
  item: Item,
  orders: readonly ActiveOrder[],
  at: number,
): readonly (ActiveOrder | null)[] {
  if (item.source.kind !== 'live') return [null];
  return orders.filter(
    (order) =>
      order.slot?.area === plan.area &&
      order.slot.item === item.id &&
      order.heard === 0 &&
      isActive(order, at),
  );
}

function verdictOf(
  layer: Layer,
  situation: Situation,
  plans: readonly Plan[],
  programmes: readonly Programme[],
  at: number,
): Verdict {
  const due = programmes.filter((programme) => programme.layer === layer && programme.fillings.length > 0);
  const test = situation.localTest?.layers.includes(layer) === true ? situation.localTest : null;
  const claims = [
    ...situation.orders.map((order) => claimOf(order, at)),
    test === null ? null : claimOfTest(test, at),
    ...due.flatMap((programme) => candidatesOf(programme, at)),
  ];
  const sorted = claims.filter((claim) => claim !== null).sort((a, b) => compare(a, b).sign);
  const turn = turnOf(sorted, at);
  const changes = [
    ...plans.map(({ exp }) => exp),
    ...situation.orders.flatMap((order) => changesOfOrder(order, at)),
    ...(test === null ? [] : [test.begunAt, test.endsAt]),
    ...sorted.flatMap((candidate) => (candidate.kind === 'item' ? [candidate.window.end] : [])),
    ...(turn === null ? [] : [turn.endsAt]),
  ];
  let until = Math.min(...changes.filter((change) => change > at));
  for (const { item, days, zone } of due) until = nextOpening(item, days, zone, at, until);
  return { ...decided(sorted, turn), until: until === Infinity ? null : until };
}

function candidatesOf({ plan, zone, item, days, fillings }: Programme, at: number): ItemCandidate[] {
  return openWindows(item, days, zone, at).flatMap((window) =>
    fillings.map((liveOrder) => ({
      kind: 'item',
      planId: plan.id,
      area: plan.area,
      zone: plan.zone,
      epoch: plan.epoch,
      ver: plan.ver,
      item,
      window,
      liveOrder,
    })),
  );
}

function decided(sorted: readonly Candidate[], turn: Turn | null): Omit<Verdict, 'until'> {
  const strongest = sorted[0];
  if (strongest === undefined) return { winner: null, losers: [], rule: 'nothing-due' };
  const winner = turn?.page ?? strongest;
  const losers = sorted
    .filter((candidate) => candidate !== winner)
    .map((candidate) => ({
      candidate,
      rule: turn?.pages.includes(candidate) === true ? 'turn-of-pages' : compare(strongest, candidate).rule,
    }));
  return { winner, losers, rule: losers[0]?.rule ?? 'only-one' };
}

/** Repetitions due below a halt or stop. */
function mutedBy({ winner, losers }: Verdict): OrderCandidate[] {
  const sorted = [winner, ...losers.map(({ candidate }) => candidate)];
  const silence = sorted.findIndex(
    (candidate) => candidate?.kind === 'order' && ['halt', 'stop'].includes(candidate.order.kind),
  );
  return sorted.slice(silence === -1 ? sorted.length : silence).filter(isRepetition);
}

function isRepetition(candidate: Candidate | null): candidate is OrderCandidate {
  return candidate?.kind === 'order' && candidate.order.repeatS !== null;
}
