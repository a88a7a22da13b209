/** What the box's time says about a document (protocol §4 and V15). */
import type { SignedDocument } from './schema/documents.ts';
import type { BoxState, Clock, Rejection } from './state.ts';

export const DAY_S = 86_400;
/** How long orders and heads outlive the trust that they stand on. */
export const GRACE_S = 90 * DAY_S;
/** How far ahead of the box a signer's clock may be. */
const AHEAD_S = 300;

/** T of protocol §4: a time that now cannot be below. */
export const lowerBound = ({ floor }: BoxState, clock: Clock): number =>
  clock.state === 'FLOOR' ? floor : Math.max(floor, clock.now - clock.u);

export const isFromFuture = (iat: number, clock: Clock): boolean =>
  clock.state !== 'FLOOR' && iat > clock.now + clock.u + AHEAD_S;

/** protocol V15 */
export function checkTime(document: SignedDocument, state: BoxState, clock: Clock): Rejection | null {
  if (document.exp <= state.floor) return 'EXPIRED';
  if (clock.state === 'FLOOR') return document.typ === 'order' ? 'NO_TIME' : null;
  if (document.exp <= clock.now - clock.u) return 'EXPIRED';
  // A head with a nonce brings the time: V16 has its own checks.
  if (document.typ === 'head' && document.nonce !== null) return null;
  return isFromFuture(document.iat, clock) ? 'FROM_FUTURE' : null;
}
