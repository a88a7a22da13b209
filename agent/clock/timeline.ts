/** What time it is, from the last sync, the uptime since and the clock chip: protocol §6. Pure. */
import type { SyncAnchor, TimePoint } from '../store/store.ts';
import type { ClockReading } from './seam.ts';

const PPM = 1e-6;
export const DAY_MS = 86_400_000;
/** A crystal that nobody has measured: no further off than this (protocol §6). */
export const UPTIME_PPM = 100;
const RTC_PPM = 5;
/** The chip counts whole seconds, and a second that it is off when it is looked at after a sync is left to it. */
const RTC_STEP_S = 2;
const HOLDOVER_MAX_S = 900;
/** How far the floor may lie ahead of a right clock: a trust may be dated so much (protocol V9). */
export const AHEAD_S = 300;

/** The machine's time now; `upMs` counts within `bootId`. */
export type Moment = { readonly bootId: string; readonly upMs: number };

export const driftOf = (anchor: SyncAnchor): number => anchor.driftPpm ?? UPTIME_PPM;

/** The same wall clock later in the same boot, and how much surer nobody can be of it. */
export const later = (point: TimePoint, upMs: number, driftPpm: number): TimePoint => ({
  upMs,
  atMs: point.atMs + (upMs - point.upMs),
  u: point.u + ((upMs - point.upMs) / 1000) * driftPpm * PPM,
});

/** The clock chip as a witness: only if it was set from a SYNCED moment, and does not contradict it. `rtcAtMs` as read at `upMs`. */
export function rtcPoint(anchor: SyncAnchor | null, rtcAtMs: number, upMs: number): TimePoint | null {
  if (anchor?.rtcSet !== true) return null;
  const ageS = (rtcAtMs - anchor.atMs) / 1000;
  return ageS < -RTC_STEP_S
    ? null
    : { upMs, atMs: rtcAtMs, u: anchor.u + RTC_STEP_S + Math.max(ageS, 0) * RTC_PPM * PPM };
}

/**
 * `floor` in UTC seconds; `rtc` a point of this boot.
 * Invariant: whatever crystal within its bound, the true time lies within u while not FLOOR.
 */
export function readTime(
  anchor: SyncAnchor | null,
  rtc: TimePoint | null,
  { bootId, upMs }: Moment,
  floor: number,
): ClockReading {
  if (anchor === null) return lowerBound(floor, upMs);
  const drift = driftOf(anchor);
  const byUptime = anchor.bootId === bootId ? later(anchor, upMs, drift) : null;
  if (byUptime !== null && upMs - anchor.upMs <= DAY_MS) {
    return { state: 'SYNCED', nowMs: byUptime.atMs, u: Math.ceil(anchor.u), upMs };
  }
  const byRtc = rtc === null ? null : later(rtc, upMs, drift);
  const best = surest(byUptime, byRtc);
  if (best === null || best.u > HOLDOVER_MAX_S || isBelow(best, floor)) return lowerBound(floor, upMs);
  return { state: 'HOLDOVER', nowMs: best.atMs, u: Math.ceil(best.u), upMs };
}

/** A chip that contradicts the uptime is wrong: nothing outside the box can change the uptime. */
function surest(byUptime: TimePoint | null, byRtc: TimePoint | null): TimePoint | null {
  if (byUptime === null || byRtc === null) return byUptime ?? byRtc;
  const agree = Math.abs(byUptime.atMs - byRtc.atMs) <= (byUptime.u + byRtc.u) * 1000;
  return agree && byRtc.u < byUptime.u ? byRtc : byUptime;
}

/** What people signed says that it is later than this clock can be. */
const isBelow = ({ atMs, u }: TimePoint, floor: number): boolean => atMs / 1000 + u + AHEAD_S < floor;

const lowerBound = (floor: number, upMs: number): ClockReading => ({
  state: 'FLOOR',
  nowMs: floor * 1000,
  u: 0,
  upMs,
});
