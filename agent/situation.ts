/**
 * From what is in force to what `resolve` looks at, the box, its abilities, and each order with how far it has come; and
 * to the intent that comes of it, asked once for as long as it holds.
 */
import type { BoxState } from '../shared/protocol/state.ts';
import type { Abilities, ActiveOrder, Intent, LocalTest } from '../shared/schedule/intent.ts';
import { resolve } from '../shared/schedule/resolve.ts';
import type { Situation } from '../shared/schedule/resolve.ts';
import type { Memory } from './plan/scene.ts';
import type { OrderProgress } from './store/store.ts';
import type { InForce, OrderInForce } from './verify/in-force.ts';

/** The order that sounds now. */
type Sounding = { readonly digest: string; readonly repetition: number };

type SituationParts = {
  readonly inForce: InForce;
  readonly abilities: Abilities;
  readonly progress: ReadonlyMap<string, OrderProgress>;
  readonly has: (sha256: string) => boolean;
  readonly sounding: Sounding | null;
  readonly localTest: LocalTest | null;
};

function situationOf(parts: SituationParts): Situation {
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

export function soundingOf({ sound: { current } }: Memory): Sounding | null {
  const candidate = current?.stretch.candidate;
  return candidate?.kind === 'order'
    ? { digest: candidate.order.digest, repetition: candidate.repetition }
    : null;
}

type Resolved = { readonly situation: Situation; readonly intent: Intent };

/** `resolve` is constant between two declared changes, so it is asked once for each. */
export class Intents {
  #last: (Resolved & { readonly key: readonly unknown[] }) | null = null;

  /** `at` in UTC seconds. */
  at(at: number, state: BoxState, parts: SituationParts): Resolved {
    const { inForce, localTest } = parts;
    const situation = situationOf(parts);
    // Documents change with the state; how far orders have come, and whether their words are here, beside it.
    const key = [state, inForce.silence, inForce.byRadio, JSON.stringify(situation.orders), localTest];
    const isSame = this.#last?.key.every((each, index) => each === key[index]) === true;
    if (this.#last !== null && isSame && holdsAt(this.#last.intent, at)) return this.#last;
    this.#last = { key, situation, intent: resolve(situation, at) };
    return this.#last;
  }
}

function holdsAt({ at: since, sound, screen, ticker, quiet }: Intent, at: number): boolean {
  if (at < since) return false;
  return [sound.until, screen.until, ticker.until, quiet.until].every(
    (until) => until === null || at < until,
  );
}
