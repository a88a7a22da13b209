/** From what is in force to what `resolve` looks at: the box, its abilities, and each order with how far it has come. */
import type { Abilities, ActiveOrder, LocalTest } from '../shared/schedule/intent.ts';
import type { Situation } from '../shared/schedule/resolve.ts';
import type { OrderProgress } from './store/store.ts';
import type { InForce, OrderInForce } from './verify/in-force.ts';

/** The order that sounds now. */
export type Sounding = { readonly digest: string; readonly repetition: number };

export type SituationParts = {
  readonly inForce: InForce;
  readonly abilities: Abilities;
  readonly progress: ReadonlyMap<string, OrderProgress>;
  readonly has: (sha256: string) => boolean;
  readonly sounding: Sounding | null;
  readonly localTest: LocalTest | null;
};

export function situationOf(parts: SituationParts): Situation {
  const { device, plans, orders } = parts.inForce;
  return {
    plans,
    box: {
      area: device?.area ?? null,
      tags: device?.tags ?? [],
      quiet: device?.quiet ?? null,
      can: parts.abilities,
    },
    orders: orders.flatMap((order) => withProgress(order, parts)),
    localTest: parts.localTest,
  };
}

function withProgress(order: OrderInForce, { progress, has, sounding }: SituationParts): ActiveOrder[] {
  const past = progress.get(order.digest);
  if (past === undefined) return [];
  return [
    {
      ...order,
      begunAtMs: past.begunAtMs,
      heard: heardOf(order, past, has),
      sounding: sounding?.digest === order.digest ? sounding.repetition : null,
    },
  ];
}

/** The tone bridged until the media came: now they are here, and what it stood for is due again (protocol §4). */
function heardOf({ play }: OrderInForce, { heard, toned }: OrderProgress, has: (sha256: string) => boolean) {
  const isHereNow = toned && play.media !== null && has(play.media.sha256);
  return isHereNow ? Math.max(0, heard - 1) : heard;
}
