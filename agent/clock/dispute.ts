/** A disputed time, and the person who stands at the box and settles it (protocol C5): which one answer that serves. Pure. */
import type { BoxState, Clock } from '../../shared/protocol/state.ts';
import { GRACE_S } from '../../shared/protocol/time.ts';
import type { TimePoint } from '../store/store.ts';
import type { ClockReading } from './seam.ts';
import { AHEAD_S, UPTIME_PPM, later } from './timeline.ts';

/** A head with a nonce is made while we wait: an answer that took longer tells no time (protocol C5). */
export const SLOWEST_MS = 10_000;
/** How far a head may be off the box's own time and its uncertainty (protocol V16, C5). */
export const DISPUTE_S = 10;
const HEAD_S = 2;
/** Of uptime: so long a confirmation waits for its head. It ends with the agent, too. */
export const OPEN_MS = 600_000;

/** What a head with our nonce said at the moment its answer was here. */
export const claimOf = (iat: number, roundTripMs: number, upMs: number): TimePoint => ({
  upMs,
  atMs: iat * 1000 + roundTripMs / 2,
  u: roundTripMs / 2000 + HEAD_S,
});

/** Why nobody can settle it here: below the floor only a floorReset of the province helps, beyond the trust only a new trust. */
export type Blocked = 'below-floor' | 'beyond-trust';

/** What the cloud said, as it would be now. */
export type Dispute = {
  readonly saidAtMs: number;
  /** By how much the cloud is ahead of the box; of a box in FLOOR, ahead of its floor. */
  readonly aheadMs: number;
  readonly heardAgoMs: number;
  readonly blocked: Blocked | null;
};

/** What came of the last confirmation. `agreed`: the cloud came back to the time of the box. */
export type Settlement =
  | { readonly kind: 'open'; readonly said: TimePoint; readonly openedUpMs: number }
  | { readonly kind: 'settled'; readonly fromAtMs: number; readonly toAtMs: number }
  | { readonly kind: 'refused'; readonly why: Blocked | 'other-time' }
  | { readonly kind: 'agreed' }
  | { readonly kind: 'expired' };

/**
 * Whether a head that `accept` refused tells a time that this box cannot believe. A trust may be dated a little ahead;
 * and of a head that was long under way nobody knows when it was signed: a slow link is no lie.
 */
export function isApart(iat: number, roundTripMs: number, reading: ClockReading, floor: number): boolean {
  if (reading.state === 'FLOOR') return iat + AHEAD_S < floor;
  const aheadS = iat - Math.floor(reading.nowMs / 1000);
  const mostS = reading.u + DISPUTE_S;
  // Beyond what still tells the time; up to there it is `accept`'s own measure, so that nothing is refused in silence.
  const underWayS = roundTripMs > SLOWEST_MS ? roundTripMs / 1000 : 0;
  return aheadS > mostS || -aheadS > mostS + underWayS;
}

export function disputeOf(said: TimePoint, reading: ClockReading, state: BoxState): Dispute {
  const { atMs } = later(said, reading.upMs, UPTIME_PPM);
  return {
    saidAtMs: atMs,
    aheadMs: atMs - reading.nowMs,
    heardAgoMs: reading.upMs - said.upMs,
    blocked: blockedBy(atMs, state),
  };
}

function blockedBy(saidAtMs: number, { floor, trust }: BoxState): Blocked | null {
  if (saidAtMs < floor * 1000) return 'below-floor';
  return saidAtMs > (trust.document.exp + GRACE_S) * 1000 ? 'beyond-trust' : null;
}

/** Expired once its ten minutes are over. */
export const settlementAt = (settlement: Settlement | null, upMs: number): Settlement | null =>
  settlement?.kind === 'open' && upMs - settlement.openedUpMs > OPEN_MS ? { kind: 'expired' } : settlement;

/**
 * What `accept` is to hold against the answer to our nonce in place of the box's own time: the time that the
 * person has seen and confirmed, so that a cloud which shows one time and then tells another is disputed again.
 */
export function confirmedClock(
  settlement: Settlement | null,
  roundTripMs: number,
  upMs: number,
): Clock | null {
  const open = settlementAt(settlement, upMs);
  if (open?.kind !== 'open' || roundTripMs > SLOWEST_MS) return null;
  const { atMs, u } = later(open.said, upMs, UPTIME_PPM);
  return { state: 'HOLDOVER', now: Math.floor(atMs / 1000), u: Math.ceil(u) };
}

/** Whether this claim is the one that was confirmed. */
export function serves(settlement: Settlement | null, claim: TimePoint, roundTripMs: number): boolean {
  const confirmed = confirmedClock(settlement, roundTripMs, claim.upMs);
  return (
    confirmed !== null && Math.abs(claim.atMs / 1000 - confirmed.now) <= confirmed.u + DISPUTE_S + claim.u
  );
}
