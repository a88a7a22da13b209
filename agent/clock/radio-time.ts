/**
 * The time that an FM station tells (RDS CT), for a box that has none of its own: followed against uptime, believed after
 * five steady minutes, dropped at the first contradiction (protocol C6). Pure, and no part of the clock: no state, no
 * floor, no order and no document ever comes of it.
 */
import { UPTIME_PPM } from './timeline.ts';

/** Told by a station of the fmplan in force that was just seen to be itself; `upMs` is when it was heard. */
export type ToldTime = {
  readonly frequencyKhz: number;
  readonly pi: string;
  readonly utcS: number;
  readonly upMs: number;
};

export type RadioTime = {
  /** Who began it. */
  readonly station: Pick<ToldTime, 'frequencyKhz' | 'pi'>;
  /** UTC milliseconds at an uptime: the line on which all that was told since `sinceUpMs` lies. */
  readonly line: { readonly atMs: number; readonly upMs: number };
  readonly sinceUpMs: number;
  /** The newest of it. */
  readonly heardUpMs: number;
  readonly isSteady: boolean;
};

/** protocol C6. */
const STEADY_MS = 5 * 60_000;
const APART_MS = 2000;
/** It is told each minute. So many may be missed before it counts; longer than that says nothing about what was between. */
const GAP_MS = 190_000;
/** A station that sleeps at night is the same in the morning: as long as a sync of the box's own clock (protocol §6). */
const HOLD_MS = 24 * 3_600_000;
/** The line follows the station no faster than the uptime may drift: nobody can walk it. */
const DRIFT = UPTIME_PPM / 1e6;

/** `floor` in UTC seconds. Invariant: one that is below it or does not fit leaves nothing of what was before. */
export function followTime(before: RadioTime | null, told: ToldTime, floor: number): RadioTime | null {
  if (told.utcS < floor) return null;
  if (before === null || !fits(before, told)) return begun(told);
  const { upMs } = told;
  return {
    ...before,
    line: moved(before, told),
    heardUpMs: upMs,
    isSteady: before.isSteady || upMs - before.sinceUpMs >= STEADY_MS,
  };
}

/** What may be played by, `u` in seconds; null while nothing counts. */
export function radioTimeAt(
  time: RadioTime | null,
  upMs: number,
  floor: number,
): { readonly nowMs: number; readonly u: number } | null {
  if (time?.isSteady !== true || upMs - time.heardUpMs > HOLD_MS) return null;
  const nowMs = lineAt(time, upMs);
  const ageMs = Math.max(0, upMs - time.heardUpMs);
  return nowMs < floor * 1000 ? null : { nowMs, u: Math.ceil((APART_MS + ageMs * DRIFT) / 1000) };
}

const begun = ({ frequencyKhz, pi, utcS, upMs }: ToldTime): RadioTime => ({
  station: { frequencyKhz, pi },
  line: { atMs: utcS * 1000, upMs },
  ...{ sinceUpMs: upMs, heardUpMs: upMs, isSteady: false },
});

const lineAt = ({ line }: RadioTime, upMs: number): number => line.atMs + (upMs - line.upMs);

const offBy = (time: RadioTime, { utcS, upMs }: ToldTime): number => utcS * 1000 - lineAt(time, upMs);

/** Until it counts, one station alone makes it; afterwards any station of the fmplan may contradict. */
function fits(before: RadioTime, told: ToldTime): boolean {
  if (Math.abs(offBy(before, told)) > APART_MS) return false;
  const sinceMs = told.upMs - before.heardUpMs;
  if (before.isSteady) return sinceMs <= HOLD_MS;
  const isSame = told.frequencyKhz === before.station.frequencyKhz && told.pi === before.station.pi;
  return isSame && sinceMs <= GAP_MS;
}

function moved(before: RadioTime, told: ToldTime): RadioTime['line'] {
  const mostMs = Math.max(0, told.upMs - before.line.upMs) * DRIFT;
  const byMs = Math.min(mostMs, Math.max(-mostMs, offBy(before, told)));
  return { atMs: lineAt(before, told.upMs) + byMs, upMs: told.upMs };
}
