/** From trust N to trust N+1, by the people of both: protocol V9. */
import { kidsUnder, signersOf } from './authorise.ts';
import { rootOf } from './candidates.ts';
import { toStored } from './envelope.ts';
import type { Opened } from './envelope.ts';
import { checkGrants, checkKeys } from './keys.ts';
import type { Trust } from './schema/documents.ts';
import { countHolders } from './signatures.ts';
import type { BoxState, Clock, Rejection } from './state.ts';
import { isFromFuture } from './time.ts';

/** protocol V9; the answer is the state under the new trust, with V18 still to be run. */
export async function acceptTrust(
  input: Opened<Trust>,
  state: BoxState,
  clock: Clock,
): Promise<BoxState | Rejection> {
  const stored = state.trust.document;
  const step = checkStep(input.document, stored);
  // Junk of the stored version is no second truth: only the roots can raise that alarm.
  if (step === 'EQUIVOCATION' && !(await isSignedByRoots(input, stored))) return 'THRESHOLD';
  const fault = step ?? checkSuccessor(input.document, stored);
  if (fault !== null) return fault;
  if (!(await isSignedByRoots(input, stored))) return 'THRESHOLD';
  if (!(await isSignedByRoots(input, input.document))) return 'THRESHOLD';
  return checkArrival(input, state, clock) ?? succeed(input, state, clock);
}

/** protocol V9: one by one, however many were missed. */
export function checkStep(next: Trust, stored: Trust): Rejection | null {
  if (next.ver < stored.ver) return 'ROLLBACK';
  if (next.ver > stored.ver + 1) return 'GAP';
  return next.ver === stored.ver ? 'EQUIVOCATION' : null; // V8 knows the same bytes
}

/** protocol V9, what a trust says in itself and against the one before it. */
export function checkSuccessor(next: Trust, stored: Trust): Rejection | null {
  const fault = checkKeys(next.keys) ?? checkGrants(next.grants, next.keys);
  if (fault !== null) return fault;
  if (next.grants.filter(({ role }) => role === 'root').length !== 1) return 'BAD_GRANT';
  if (next.floorReset !== null && next.floorReset > next.iat) return 'BAD_TIMES';
  // Whether a trust in the middle of the chain has expired does not matter: its life is bounded, not compared.
  return next.exp - next.iat > (rootOf(stored)?.maxTtlS ?? 0) ? 'TTL_TOO_LONG' : null;
}

async function isSignedByRoots(input: Opened<Trust>, trust: Trust): Promise<boolean> {
  const root = rootOf(trust);
  if (root === undefined) return false;
  return countHolders(signersOf(root, await kidsUnder([root], input))) >= root.threshold;
}

/** protocol V9 and D4: after a lost database the chain must lead to the very trust that this box once held. */
export function checkArrival(
  { document, digest }: Opened<Trust>,
  { trustFloor }: BoxState,
  clock: Clock,
): Rejection | null {
  if (isFromFuture(document.iat, clock)) return 'FROM_FUTURE';
  return trustFloor?.ver === document.ver && trustFloor.digest !== digest ? 'EQUIVOCATION' : null;
}

function succeed(input: Opened<Trust>, state: BoxState, clock: Clock): BoxState {
  const { ver, iat, floorReset } = input.document;
  const trustFloor = state.trustFloor !== null && ver < state.trustFloor.ver ? state.trustFloor : null;
  const next = { ...state, trust: toStored(input), trustFloor };
  if (floorReset === null) return { ...next, floor: Math.max(state.floor, iat) };
  return { ...withoutPast(next, iat, clock), floor: floorReset };
}

/** The floor was poisoned and falls: nothing that was said under it may sound again, or bind anybody. */
function withoutPast(state: BoxState, iat: number, clock: Clock): BoxState {
  const docs = new Map(state.docs);
  docs.delete('head');
  const orders = new Map([...state.orders].map(([digest, row]) => [digest, { ...row, ended: true }]));
  const bounded = (at: number): number =>
    clock.state === 'FLOOR' ? iat : Math.max(iat, Math.min(at, clock.now));
  return {
    ...state,
    docs,
    orders,
    officerInstants: [],
    clearedAt: bounded(state.clearedAt),
    haltedAt: bounded(state.haltedAt),
    stoppedAt: bounded(state.stoppedAt),
  };
}
