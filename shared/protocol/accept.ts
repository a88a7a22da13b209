/** The verifier: bytes in, an answer and the next state out; protocol.md §4 from V1 to V19, in its order. */
import { checkAddress } from './addressed.ts';
import { authorise } from './authorise.ts';
import { isOpened, openEnvelope, toStored } from './envelope.ts';
import type { Opened } from './envelope.ts';
import { checkHead, storeHead } from './heads.ts';
import { checkOrder, enterOrder } from './orders.ts';
import { reauthorise } from './reauthorise.ts';
import type { BoxState, Clock, Code, Rejection } from './state.ts';
import { checkTime } from './time.ts';
import { acceptTrust } from './trust.ts';
import { checkVersion, storeDocument } from './versions.ts';

/**
 * `state` is the very same object where the code is not ACCEPTED. `stale` names stored documents of which the
 * stored head knows a newer version; `sync` is the time that a head with my nonce brought, in UTC seconds.
 */
export type Answer = {
  readonly code: Code;
  readonly state: BoxState;
  readonly stale: readonly string[];
  readonly sync: number | null;
};

/** Pure: the clock and the nonce that this box has sent (22 characters, or null) are arguments. */
export async function accept(
  bytes: Uint8Array,
  state: BoxState,
  clock: Clock,
  nonce: string | null,
): Promise<Answer> {
  const input = openEnvelope(bytes); // protocol V1–V7
  if (typeof input === 'string') return refused(input, state);
  const next = await examine(input, state, clock, nonce);
  if (typeof next === 'string') return refused(next, state);
  const sync = isOpened(input, 'head') && input.document.nonce !== null ? input.document.iat : null;
  return { code: 'ACCEPTED', state: next, stale: staleIn(next), sync }; // protocol V19
}

const refused = (code: Rejection, state: BoxState): Answer => ({ code, state, stale: [], sync: null });

async function examine(
  input: Opened,
  state: BoxState,
  clock: Clock,
  nonce: string | null,
): Promise<BoxState | Rejection> {
  const misaddressed = checkAddress(input, state); // protocol V8
  if (misaddressed !== null) return misaddressed;
  if (isOpened(input, 'trust')) {
    const next = await acceptTrust(input, state, clock); // protocol V9
    return typeof next === 'string' ? next : reauthorise(next); // protocol V18
  }
  if (state.trustFloor !== null) return 'NEED_NEWER_TRUST'; // protocol D4
  const by = await authorise(input, state, clock); // protocol V10–V14
  if (typeof by === 'string') return by;
  const untimely = checkTime(input.document, state, clock); // protocol V15
  if (untimely !== null) return untimely;
  if (isOpened(input, 'head')) {
    return checkHead(input.document, state, clock, nonce) ?? storeHead(input, state, clock); // protocol V16
  }
  if (isOpened(input, 'order')) {
    const { document: order, digest } = input;
    const entry = { digest, order, form: { stored: toStored(input), fm: null } };
    return checkOrder(order, by, state, clock) ?? enterOrder(entry, by, state, clock); // protocol V16
  }
  const outdated = checkVersion(input, state); // protocol V17
  if (outdated !== null) return outdated;
  const next = storeDocument(input, state);
  const isGround = isOpened(input, 'keyring') || isOpened(input, 'plan');
  return isGround ? reauthorise(next) : next; // protocol V18
}

/** protocol V19; the ids of `latest` are a stranger's words, so they are walked and never looked up. */
export function staleIn(state: BoxState): readonly string[] {
  const head = state.docs.get('head')?.document;
  if (head?.typ !== 'head') return [];
  return Object.entries(head.latest)
    .filter(([id, { epoch, ver }]) => {
      const mine = (id === 'trust' ? state.trust : state.docs.get(id))?.document;
      return mine !== undefined && (epoch > mine.epoch || (epoch === mine.epoch && ver > mine.ver));
    })
    .map(([id]) => id)
    .sort();
}
