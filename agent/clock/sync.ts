/** Whether a head may set the clock, and by how much: the clock is a witness against a hacked cloud (protocol C5). Pure. */
import type { ClockMove, SyncAnchor, TimePoint } from '../store/store.ts';
import type { ClockReading } from './seam.ts';
import { DISPUTE_S, SLOWEST_MS, claimOf } from './dispute.ts';
import { DAY_MS, UPTIME_PPM, driftOf, later } from './timeline.ts';
import type { Moment } from './timeline.ts';

/** A head counts whole seconds: within one it says nothing new. */
const NOISE_MS = 1_000;
const WINDOW_MS = 30 * DAY_MS;
const WALK_MS = 60_000;
const MEASURE_MS = 4 * DAY_MS;
/** Sun and shade on the pole move a crystal by about so much. */
const TEMPERATURE_PPM = 15;
const DRIFT_LEAST_PPM = 20;

/** What a head with our nonce brought: `iat` in UTC seconds, its answer came at `upMs` after `roundTripMs`. */
export type TimeClaim = Moment & { readonly iat: number; readonly roundTripMs: number };

export type Judged =
  | { readonly kind: 'synced'; readonly anchor: SyncAnchor; readonly movedMs: number }
  | { readonly kind: 'too-slow' }
  /** A condition and an alarm; the clock stays as it was. */
  | { readonly kind: 'disputed'; readonly offMs: number };

/** `reading` is the box's own time at the claim's moment. */
export function judge(anchor: SyncAnchor | null, reading: ClockReading, claim: TimeClaim): Judged {
  if (claim.roundTripMs > SLOWEST_MS) return { kind: 'too-slow' };
  const claimed = claimOf(claim.iat, claim.roundTripMs, claim.upMs);
  if (anchor === null || reading.state === 'FLOOR') return adopted(anchor, claimed, claim.bootId);
  const offMs = claimed.atMs - reading.nowMs;
  if (Math.abs(offMs) > (reading.u + DISPUTE_S) * 1000) return { kind: 'disputed', offMs };
  const mayMove = reading.nowMs - (anchor.moves.at(-1)?.atMs ?? -Infinity) >= DAY_MS;
  return mayMove && Math.abs(offMs) > NOISE_MS
    ? moved(anchor, reading, claimed, claim.bootId)
    : confirmed(anchor, reading, claimed, claim.bootId);
}

/** Without a clock of its own the box has nothing to hold against a head (protocol C6). */
function adopted(anchor: SyncAnchor | null, claimed: TimePoint, bootId: string): Judged {
  const moves = recent(anchor?.moves ?? [], claimed.atMs);
  return {
    kind: 'synced',
    movedMs: 0,
    anchor: {
      ...anchor,
      ...claimed,
      bootId,
      setAtMs: claimed.atMs,
      moves,
      rtcSet: false,
      ...measured(anchor, claimed, bootId),
    },
  };
}

/**
 * A person at the box has confirmed what this claim says: it is taken as if the box knew no time. What the cloud
 * had moved before counts no more, but this was the move of the day.
 */
export function settledBy(anchor: SyncAnchor | null, reading: ClockReading, claim: TimeClaim): Judged {
  const claimed = claimOf(claim.iat, claim.roundTripMs, claim.upMs);
  const settled = { fromAtMs: Math.round(reading.nowMs), toAtMs: Math.round(claimed.atMs) };
  const fresh: SyncAnchor = {
    ...claimed,
    bootId: claim.bootId,
    setAtMs: claimed.atMs,
    since: claimed,
    driftPpm: anchor?.driftPpm ?? null,
    rtcSet: false,
    moves: [{ atMs: claimed.atMs, excessMs: 0 }],
    settled,
  };
  return { kind: 'synced', movedMs: claimed.atMs - reading.nowMs, anchor: fresh };
}

/** The head agrees, or has moved the clock today already: the time goes on as it was, and is fresh again. */
function confirmed(anchor: SyncAnchor, reading: ClockReading, claimed: TimePoint, bootId: string): Judged {
  const offS = Math.abs(claimed.atMs - reading.nowMs) / 1000;
  const own = anchor.bootId === bootId ? later(anchor, claimed.upMs, driftOf(anchor)).u : reading.u;
  const point = { upMs: claimed.upMs, atMs: reading.nowMs, u: Math.min(own, claimed.u + offS) };
  return {
    kind: 'synced',
    movedMs: 0,
    anchor: { ...anchor, ...point, bootId, ...measured(anchor, claimed, bootId) },
  };
}

/** protocol C5: moves that add up to more than a minute in thirty days, beyond the allowed drift, are disputed. */
function moved(anchor: SyncAnchor, reading: ClockReading, claimed: TimePoint, bootId: string): Judged {
  const offMs = claimed.atMs - reading.nowMs;
  const allowedMs = ((reading.nowMs - anchor.setAtMs) * driftOf(anchor)) / 1e6;
  const excessMs = Math.sign(offMs) * Math.max(0, Math.abs(offMs) - allowedMs);
  const moves = [...recent(anchor.moves, claimed.atMs), { atMs: claimed.atMs, excessMs }];
  const walkedMs = moves.reduce((sum, move) => sum + move.excessMs, 0);
  if (Math.abs(walkedMs) > WALK_MS) return { kind: 'disputed', offMs };
  return {
    kind: 'synced',
    movedMs: offMs,
    anchor: {
      ...anchor,
      ...claimed,
      bootId,
      setAtMs: claimed.atMs,
      moves,
      rtcSet: false,
      ...measured(anchor, claimed, bootId),
    },
  };
}

const recent = (moves: readonly ClockMove[], nowMs: number): readonly ClockMove[] =>
  moves.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);

/** Uptime against heads, over days of one boot: what it is off, with all that both heads may have been off. */
function measured(
  anchor: SyncAnchor | null,
  claimed: TimePoint,
  bootId: string,
): Pick<SyncAnchor, 'since' | 'driftPpm'> {
  if (anchor?.bootId !== bootId) return { since: claimed, driftPpm: anchor?.driftPpm ?? null };
  const { since } = anchor;
  const spanMs = claimed.upMs - since.upMs;
  if (spanMs < MEASURE_MS) return { since, driftPpm: anchor.driftPpm };
  const offMs = Math.abs(claimed.atMs - since.atMs - spanMs) + (since.u + claimed.u) * 1000;
  const ppm = Math.ceil((offMs / spanMs) * 1e6) + TEMPERATURE_PPM;
  return { since, driftPpm: Math.min(Math.max(ppm, DRIFT_LEAST_PPM), UPTIME_PPM) };
}
