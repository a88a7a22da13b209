/**
 * What was heard by the time of a station within this day of uptime (protocol C6): whoever can make a station jump from
 * day to day gets no minutes for it. Pure.
 */
import type { PlayRecord } from '../../shared/records/record.ts';
import { PI_MODE } from './fm-gate.ts';

export type RadioDay = {
  readonly sinceUpMs: number;
  /** Programmes and fallback; of these fallback. */
  readonly ordinaryMs: number;
  readonly fallbackMs: number;
};

const DAY_MS = 86_400_000;

/** A day of uptime is over: another begins. */
export const radioDayAt = (day: RadioDay, upMs: number): RadioDay =>
  upMs - day.sinceUpMs < DAY_MS ? day : { sinceUpMs: upMs, ordinaryMs: 0, fallbackMs: 0 };

export function noteByRadio(day: RadioDay, upMs: number, isFallback: boolean, playedMs: number): RadioDay {
  const today = radioDayAt(day, upMs);
  return {
    ...today,
    ordinaryMs: today.ordinaryMs + playedMs,
    fallbackMs: today.fallbackMs + (isFallback ? playedMs : 0),
  };
}

/**
 * After a start nobody knows how long the box was off. Its day begins anew, and all counts into it that is not surely a
 * day of uptime ago: between two records at least the later one's uptime has passed, or the difference within one boot.
 * `records` oldest first.
 */
export function recalledRadioDay(records: readonly PlayRecord[], upMs: number): RadioDay {
  let day: RadioDay = { sinceUpMs: upMs, ordinaryMs: 0, fallbackMs: 0 };
  let agoMs = 0;
  let laterUpMs = upMs;
  for (const record of records.toReversed()) {
    const { radio } = record.clock;
    if (radio === undefined || !isInTurn(record)) continue;
    agoMs += laterUpMs >= radio.upMs ? laterUpMs - radio.upMs : laterUpMs;
    laterUpMs = radio.upMs;
    if (agoMs - record.playedMs >= DAY_MS) break;
    day = noteByRadio(day, upMs, record.subject.kind === 'fallback', lengthMs(record));
  }
  return day;
}

/**
 * What a station's time let sound of a window that had not begun, as the box's own time showed later: it is no part of
 * that window, which may yet come, nor of its day. `records` oldest first; `leastMs` is the box's own time now.
 */
export function withoutForetold(records: readonly PlayRecord[], leastMs: number): readonly PlayRecord[] {
  let ownMs = leastMs;
  const kept = records.toReversed().filter((record) => {
    const { clock, startedAtMs } = record;
    if (clock.radio !== undefined) return beginOf(record) <= ownMs;
    if (clock.state !== 'FLOOR' && startedAtMs !== null) ownMs = Math.min(ownMs, startedAtMs);
    return true;
  });
  return kept.toReversed();
}

const beginOf = ({ subject, startedAtMs }: PlayRecord): number =>
  subject.kind === 'item' ? subject.windowStartMs : (startedAtMs ?? -Infinity);

/** One of them begins when the one before has ended, so that their order is that of their beginnings. */
const isInTurn = ({ surface, subject, startedAtMs }: PlayRecord): boolean =>
  surface === 'sound' && (subject.kind === 'fallback' || (subject.kind === 'item' && startedAtMs !== null));

/** A kill leaves no length: then fallback has had all that it may have, so that no power cut buys minutes. */
function lengthMs({ subject, startedAtMs, endedAtMs, playedMs }: PlayRecord): number {
  const isUnknown = subject.kind === 'fallback' && startedAtMs !== null && endedAtMs === null;
  return isUnknown ? PI_MODE.mostMin * 60_000 : playedMs;
}
