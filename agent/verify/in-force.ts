/** What the box may act on now, out of all that it holds: the hand-over from verify to schedule. Pure. */
import { covers } from '../../shared/protocol/areas.ts';
import { activeOrders, isWarning, templateOf } from '../../shared/protocol/orders.ts';
import type { AnyOrder } from '../../shared/protocol/orders.ts';
import type { Device, Fmplan, Plan, Template } from '../../shared/protocol/schema/documents.ts';
import type { Media } from '../../shared/protocol/schema/media.ts';
import { documentsOf, storedOf } from '../../shared/protocol/state.ts';
import type { BoxState, Clock } from '../../shared/protocol/state.ts';
import type { ActiveOrder, OrderPlay } from '../../shared/schedule/intent.ts';

/** Why nothing at all may sound or show, whatever is stored; each is a condition. */
export type Silence = 'quarantined' | 'behind-trust' | 'no-device' | 'revoked' | 'no-time';

/** `heard`, `begunAtMs` and `sounding` are the agent's to add. */
export type OrderInForce = Omit<ActiveOrder, 'begunAtMs' | 'heard' | 'sounding'>;

export type InForce = {
  readonly silence: Silence | null;
  /** Serves on after its `exp`; null on a box that has none yet. */
  readonly device: Device | null;
  readonly plans: readonly Plan[];
  /** Of the narrowest area that holds the box. */
  readonly fmplan: Fmplan | null;
  readonly orders: readonly OrderInForce[];
  /** In FLOOR, and a registrar lets it go by the time that a station tells: FM, or the plan as well (protocol C6). */
  readonly byRadio: 'fm' | 'plan' | null;
};

/** What a box in FLOOR has all the same; both UTC seconds. */
export type WithoutTime = {
  /** By radio, steady; null: nothing counts. */
  readonly toldS: number | null;
  /** It is not earlier. */
  readonly leastS: number;
};

export function inForce(state: BoxState, clock: Clock, without: WithoutTime | null = null): InForce {
  const device = storedOf(state, 'device', `device:${state.dev}`)?.document ?? null;
  const silence = silenceOf(state, clock, device);
  const nothing = { silence, device, plans: [], fmplan: null, orders: [], byRadio: null };
  if (device === null) return nothing;
  if (silence === 'no-time' && without !== null)
    return { ...nothing, ...withoutTime(state, device, without) };
  if (silence !== null) return nothing;
  const now = Math.max(clock.now, state.floor);
  return {
    ...nothing,
    plans: plansOf(state, device, now),
    fmplan: fmplanOf(state, device, now),
    orders: ordersOf(state, device, clock).map(({ digest, order }) => orderInForce(digest, order, state)),
  };
}

const serves =
  (device: Device, now: number) =>
  ({ exp, area }: Plan | Fmplan): boolean =>
    exp > now && covers(area, device.area);

const plansOf = (state: BoxState, device: Device, now: number): readonly Plan[] =>
  documentsOf(state, 'plan').filter(serves(device, now));

function fmplanOf(state: BoxState, device: Device, now: number): Fmplan | null {
  const fmplans = documentsOf(state, 'fmplan').filter(serves(device, now));
  return fmplans.sort((a, b) => b.area.length - a.area.length)[0] ?? null;
}

const ordersOf = (state: BoxState, device: Device, clock: Clock) =>
  activeOrders(state, clock).filter(({ order }) => areasOf(order).some((area) => covers(area, device.area)));

/** protocol C6: stations are listened to, and once one tells a time that counts, what a registrar allows goes by it; orders never. */
function withoutTime(state: BoxState, device: Device, { toldS, leastS }: WithoutTime): Partial<InForce> {
  const { clockless } = device;
  if (clockless === 'silent') return {};
  const now = Math.max(toldS ?? 0, leastS);
  const fmplan = fmplanOf(state, device, now);
  if (toldS === null || isHushed(state, device, leastS)) return { fmplan };
  const plans = clockless === 'plan' ? plansOf(state, device, now) : [];
  return { silence: null, fmplan, plans, byRadio: clockless };
}

/** No order is active in FLOOR. But a halt or stop of which nobody can say that it is over keeps silent what could only go by radio. */
function isHushed(state: BoxState, device: Device, leastS: number): boolean {
  const asIfNow: Clock = { state: 'HOLDOVER', now: leastS, u: 0 };
  return ordersOf(state, device, asIfNow).some(({ order: { kind } }) => kind === 'halt' || kind === 'stop');
}

function silenceOf(state: BoxState, clock: Clock, device: Device | null): Silence | null {
  if (state.quarantined) return 'quarantined'; // protocol D4
  // What is stored was signed under a trust that this box once knew to be outdated (protocol D4).
  if (state.trustFloor !== null) return 'behind-trust';
  if (device === null) return 'no-device';
  if (device.state === 'revoked') return 'revoked'; // protocol §9: alerts included
  return clock.state === 'FLOOR' ? 'no-time' : null; // protocol C6
}

/** For a box that was moved since: what its old area was ordered is not for it any more, a halt as little as a siren. */
const areasOf = (order: AnyOrder): readonly string[] => ('scope' in order ? order.scope : [order.area]);

function orderInForce(digest: string, order: AnyOrder, state: BoxState): OrderInForce {
  if (order.kind === 'clear') throw new Error('a clear is never active');
  const isSigned = 'scope' in order;
  return {
    digest,
    kind: order.kind,
    iat: order.iat,
    exp: order.exp,
    repeatS: isSigned ? order.repeatS : null,
    slot: isSigned && order.kind === 'live' ? order.play.live.slot : null,
    warning: order.kind === 'template' && isWarning(order, state),
    play: playOf(order, state),
  };
}

/** The order's `plays` wins over the template's. A template that is not stored leaves the tone. */
function playOf(order: AnyOrder, state: BoxState): OrderPlay {
  const template = storedTemplate(order, state);
  return {
    media: template?.media ?? ownMedia(order),
    plays: order.plays,
    volume: template?.volume ?? null,
    title: template?.title ?? null,
    text: 'text' in order ? order.text : null,
  };
}

function storedTemplate(order: AnyOrder, state: BoxState): Template | null {
  const named = templateOf(order);
  if (named === null) return null;
  const items = storedOf(state, 'templates', `templates:${named.area}`)?.document.items ?? [];
  return items.find(({ n }) => n === named.n) ?? null;
}

const ownMedia = (order: AnyOrder): Media | null =>
  'play' in order && order.play !== null && 'sha256' in order.play ? order.play : null;
