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

/** What V15 looks at in a document; a head with a nonce brings the time, and V16 has checks for it. */
type Timed = Pick<SignedDocument, 'typ' | 'iat' | 'exp'> & { readonly nonce?: string | null };

/** protocol V15 */
export function checkTime(
  { typ, iat, exp, nonce }: Timed,
  { floor }: BoxState,
  clock: Clock,
): Rejection | null {
  if (exp <= floor) return 'EXPIRED';
  if (clock.state === 'FLOOR') return typ === 'order' ? 'NO_TIME' : null;
  if (exp <= clock.now - clock.u) return 'EXPIRED';
  return typeof nonce !== 'string' && isFromFuture(iat, clock) ? 'FROM_FUTURE' : null;
}
