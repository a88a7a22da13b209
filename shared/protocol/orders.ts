/** An order is acted on at most once, and a later clear, halt or stop outlasts it: protocol V16 for orders. */
import type { Authority } from './authorise.ts';
import type { Order } from './schema/documents.ts';
import { countHolders } from './signatures.ts';
import { storedOf } from './state.ts';
import type { BoxState, Clock, FmOrder, OfficerInstant, OrderRow, Rejection } from './state.ts';

const HOUR_S = 3600;
const SOUNDS_AN_HOUR = 4;
const HALTS_AN_HOUR = 20;
/** How long after its end an order is remembered: longer than any order lives. */
const ENDED_S = 87_000;

/** Only one that came signed has an id, only one that came by radio has a frame. */
export type AnyOrder = Order | FmOrder;

/** protocol V16 */
export function checkOrder(order: AnyOrder, by: Authority, state: BoxState, clock: Clock): Rejection | null {
  if (isSuperseded(order, state)) return 'SUPERSEDED';
  return isTooOften(order, by, state, clock.now) ? 'RATE' : null;
}

/** protocol V16: a clear outlasts every kind but clear, a halt and a stop what they silence. */
function isSuperseded(order: AnyOrder, state: BoxState): boolean {
  const { kind, iat } = order;
  if (kind === 'clear') return false;
  if (iat <= state.clearedAt) return true;
  if (kind === 'alert' || kind === 'stop' || kind === 'halt') return false;
  return (
    iat <= state.stoppedAt || (iat <= state.haltedAt && !(kind === 'template' && isWarning(order, state)))
  );
}

/** The template that an order plays; null if none. */
export function templateOf(order: AnyOrder): { readonly area: string; readonly n: number } | null {
  if ('frame' in order) return order.template;
  return order.play !== null && 'template' in order.play ? order.play.template : null;
}

/** Two people have said beforehand that this template warns of danger. A stored document serves after its `exp`. */
export function isWarning(order: AnyOrder, state: BoxState): boolean {
  const template = templateOf(order);
  if (template === null) return false;
  const items = storedOf(state, 'templates', `templates:${template.area}`)?.document.items ?? [];
  return items.some(({ n, warning }) => n === template.n && warning);
}

/** protocol V16: the keys of the officer who stands alone behind this order; none where two people do. */
function lonelyKids({ kind }: AnyOrder, { threshold, signers }: Authority): readonly string[] {
  if (kind === 'alert' || kind === 'clear' || kind === 'stop') return [];
  return threshold === 1 && countHolders(signers) === 1 ? signers.map(({ kid }) => kid) : [];
}

/** Each key counts apart, a spare one too: an order signed with both is refused when neither has room. */
function isTooOften(order: AnyOrder, by: Authority, state: BoxState, now: number): boolean {
  const isHalt = order.kind === 'halt';
  const recent = state.officerInstants.filter(
    ({ halt, at }) => halt === isHalt && Math.abs(now - at) < HOUR_S,
  );
  const limit = isHalt ? HALTS_AN_HOUR : SOUNDS_AN_HOUR;
  const kids = lonelyKids(order, by);
  return kids.length > 0 && kids.every((mine) => recent.filter(({ kid }) => kid === mine).length >= limit);
}

/** protocol V16: what an accepted order leaves behind; the clock is not FLOOR (V15). */
export function enterOrder(
  { digest, order, form }: { digest: string; order: AnyOrder; form: Pick<OrderRow, 'stored' | 'fm'> },
  by: Authority,
  state: BoxState,
  clock: Clock,
): BoxState {
  const floor = Math.max(state.floor, Math.min(order.iat, clock.now - clock.u));
  const orders = new Map(state.orders).set(digest, { exp: order.exp, ended: false, ...form });
  if ('ends' in order)
    for (const ended of order.ends) orders.set(ended, endedRow(orders.get(ended), order.iat));
  // V15 refuses by the floor what this table forgets.
  for (const [key, { exp }] of orders) if (exp <= floor) orders.delete(key);
  return {
    ...state,
    ...marksAfter(order, state),
    floor,
    orders,
    officerInstants: instantsAfter(order, by, state, clock),
  };
}

const endedRow = (row: OrderRow | undefined, iat: number): OrderRow => ({
  stored: row?.stored ?? null,
  fm: row?.fm ?? null,
  exp: Math.max(row?.exp ?? 0, iat + ENDED_S),
  ended: true,
});

function marksAfter(
  order: AnyOrder,
  { clearedAt, haltedAt, stoppedAt }: BoxState,
): Pick<BoxState, 'clearedAt' | 'haltedAt' | 'stoppedAt'> {
  const { kind, iat } = order;
  const clearsAll = kind === 'clear' && order.ends.length === 0;
  return {
    clearedAt: clearsAll ? Math.max(clearedAt, iat) : clearedAt,
    haltedAt: kind === 'halt' ? Math.max(haltedAt, iat) : haltedAt,
    stoppedAt: kind === 'stop' ? Math.max(stoppedAt, iat) : stoppedAt,
  };
}

function instantsAfter(
  order: AnyOrder,
  by: Authority,
  { floor, officerInstants }: BoxState,
  { now }: Clock,
): readonly OfficerInstant[] {
  const added = lonelyKids(order, by).map((kid) => ({ kid, halt: order.kind === 'halt', at: now }));
  // An hour below the floor no instant counts any more; another for a clock that was put right.
  return [...officerInstants.filter(({ at }) => at > floor - 2 * HOUR_S), ...added];
}

/** protocol §4: which orders may sound or show now; whether a halt or stop mutes them is the schedule's to say. */
export function activeOrders(
  state: BoxState,
  clock: Clock,
): readonly { readonly digest: string; readonly order: AnyOrder }[] {
  if (clock.state === 'FLOOR' || state.quarantined) return [];
  return [...state.orders].flatMap(([digest, { ended, stored, fm }]) => {
    const order = stored?.document ?? fm;
    if (ended || order === null || order.kind === 'clear') return [];
    if (order.exp <= Math.max(clock.now, state.floor) || isSuperseded(order, state)) return [];
    return [{ digest, order }];
  });
}
