/** Which people may sign this document: the grants that cover it, in the order of protocol V11. */
import { covers } from './areas.ts';
import type { Grant, Key } from './schema/authority.ts';
import type { Keyring, Order, SignedDocument, Trust } from './schema/documents.ts';
import { documentsOf, storedOf } from './state.ts';
import type { BoxState } from './state.ts';

const SLOT_LIFE_S = 7200;

/** People by kid, how many of them it takes, and the bounds of what they may sign. */
export type CandidateGrant = {
  readonly keys: Readonly<Record<string, Key>>;
  readonly kids: readonly string[];
  readonly threshold: number;
  readonly epoch: number;
  readonly maxTtlS: number;
};

/** Whom the trust asks; plans and orders have rules of their own. */
const ROLES = {
  trust: 'root',
  head: 'head',
  release: 'release',
  keyring: 'registrar',
  device: 'registrar',
  fmplan: 'registrar',
  templates: 'templates',
} as const;

/** protocol V11; a keyring whose `exp` is `t` or earlier lets nobody order. */
export function candidatesFor(
  document: SignedDocument,
  state: BoxState,
  t: number,
): readonly CandidateGrant[] {
  if (document.typ === 'order') return [...officersFor(document, state, t), ...speakersFor(document, state)];
  if (document.typ === 'plan') {
    const keyring = storedOf(state, 'keyring', `keyring:${document.area}`)?.document;
    return keyring === undefined ? [] : granted(keyring, ({ role }) => role === 'publisher');
  }
  const wanted = ROLES[document.typ];
  const isCovered = (area: string): boolean => !('area' in document) || covers(area, document.area);
  return granted(state.trust.document, ({ role, area }) => role === wanted && isCovered(area));
}

/** The root grant; V9 sees to it that there is exactly one. */
export const rootOf = (trust: Trust): CandidateGrant | undefined =>
  granted(trust, ({ role }) => role === 'root')[0];

type Ring = { readonly keys: Readonly<Record<string, Key>>; readonly grants: readonly Grant[] };

function granted({ keys, grants }: Ring, fits: (grant: Grant) => boolean): readonly CandidateGrant[] {
  return grants
    .filter(fits)
    .map(({ keys: kids, threshold, epoch, maxTtlS }) => ({ keys, kids, threshold, epoch, maxTtlS }));
}

/** Of the trust, then of the keyrings that had not expired at `t`. */
export function officersFor(
  { kind, scope }: Pick<Order, 'kind' | 'scope'>,
  state: BoxState,
  t: number,
): readonly CandidateGrant[] {
  const rings = [state.trust.document, ...keyringsOf(state).filter(({ exp }) => exp > t)];
  return rings.flatMap((ring) =>
    granted(
      ring,
      ({ role, kinds, area }) =>
        role === 'emergency' && kinds.includes(kind) && scope.every((each) => covers(area, each)),
    ),
  );
}

/** Broader areas first, so that the answer does not hang on the order in which keyrings arrived. */
function keyringsOf(state: BoxState): readonly Keyring[] {
  return documentsOf(state, 'keyring').sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The plan item that names speakers was signed by author and approver: one of these fills its slot alone. */
function speakersFor(order: Order, state: BoxState): readonly CandidateGrant[] {
  const slot = order.kind === 'live' ? order.play.live.slot : null;
  if (slot === null || !order.scope.every((area) => covers(slot.area, area))) return [];
  const plan = storedOf(state, 'plan', `plan:${slot.area}`)?.document;
  const keyring = storedOf(state, 'keyring', `keyring:${slot.area}`)?.document;
  const source = plan?.items.find(({ id }) => id === slot.item)?.source;
  const publisher = keyring?.grants.find(({ role }) => role === 'publisher');
  if (keyring === undefined || publisher === undefined || source?.kind !== 'live') return [];
  const bounds = { threshold: 1, epoch: publisher.epoch, maxTtlS: SLOT_LIFE_S };
  return [{ keys: keyring.keys, kids: source.speakers, ...bounds }];
}
