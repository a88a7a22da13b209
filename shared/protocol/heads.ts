/** A head says what is newest, and with my nonce in it what time it is: protocol V16 for heads. */
import { toStored } from './envelope.ts';
import type { Opened } from './envelope.ts';
import type { Head } from './schema/documents.ts';
import { storedOf } from './state.ts';
import type { BoxState, Clock, Rejection } from './state.ts';
import { GRACE_S } from './time.ts';

/** How far a head may be off the box's own time and its uncertainty before it is disputed. */
const DISPUTE_S = 10;

/** protocol V16 */
export function checkHead(
  { nonce, iat }: Head,
  state: BoxState,
  clock: Clock,
  asked: string | null,
): Rejection | null {
  if (nonce !== null && nonce !== asked) return 'BAD_NONCE';
  const before = storedOf(state, 'head', 'head')?.document.iat ?? 0;
  if ((nonce !== null && iat < state.floor) || iat < before) return 'ROLLBACK';
  if (iat > state.trust.document.exp + GRACE_S) return 'TIME_JUMP';
  const isDisputed = clock.state !== 'FLOOR' && Math.abs(iat - clock.now) > clock.u + DISPUTE_S;
  return nonce !== null && isDisputed ? 'TIME_DISPUTE' : null;
}

/** protocol V16: the head is stored; proof of freshness, or no time of my own, lets it raise the floor freely. */
export function storeHead(input: Opened<Head>, state: BoxState, clock: Clock): BoxState {
  const { nonce, iat } = input.document;
  const isFree = nonce !== null || clock.state === 'FLOOR';
  const claim = isFree ? iat : Math.min(iat, clock.now - clock.u);
  const docs = new Map(state.docs).set('head', toStored(input));
  const next = { ...state, docs, floor: Math.max(state.floor, claim) };
  return nonce !== null && state.quarantined ? endQuarantine(next, iat) : next;
}

/** protocol D4: what was ordered before the box knew the time again is over. */
function endQuarantine(state: BoxState, iat: number): BoxState {
  return {
    ...state,
    quarantined: false,
    clearedAt: Math.max(state.clearedAt, iat),
    haltedAt: Math.max(state.haltedAt, iat),
    stoppedAt: Math.max(state.stoppedAt, iat),
  };
}
