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
};

export function inForce(state: BoxState, clock: Clock): InForce {
  const device = storedOf(state, 'device', `device:${state.dev}`)?.document ?? null;
  const silence = silenceOf(state, clock, device);
  if (silence !== null || device === null) return { silence, device, plans: [], fmplan: null, orders: [] };
  const now = Math.max(clock.now, state.floor);
  const serves = ({ exp, area }: Plan | Fmplan): boolean => exp > now && covers(area, device.area);
  const fmplans = documentsOf(state, 'fmplan').filter(serves);
  return {
    silence,
    device,
    plans: documentsOf(state, 'plan').filter(serves),
    fmplan: fmplans.sort((a, b) => b.area.length - a.area.length)[0] ?? null,
    orders: activeOrders(state, clock)
      .filter(({ order }) => areasOf(order).some((area) => covers(area, device.area)))
      .map(({ digest, order }) => orderInForce(digest, order, state)),
  };
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
