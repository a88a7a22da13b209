/** The limits that protect people (architecture §4). Compiled in: a document can only tighten them. */
import type { Candidate } from '../../shared/schedule/intent.ts';

/** Loudest volume of all but alerts and warnings, on mpv's scale. */
const ORDINARY_VOLUME = 90;

/** Ordinary sound a day: plan items alone, for orders and tests are what the limit must never silence. */
export const ordinaryLimitMs = 240 * 60_000;

/** Alerts and warnings may use all that the device allows. */
function outranksLimits(candidate: Candidate): boolean {
  return candidate.kind === 'order' && (candidate.order.kind === 'alert' || candidate.order.warning);
}

/** min(item or template, device, limit). */
export function effectiveVolume(candidate: Candidate, volumeMax: number): number {
  const limit = outranksLimits(candidate) ? volumeMax : Math.min(volumeMax, ORDINARY_VOLUME);
  return Math.min(limit, wishedVolume(candidate) ?? limit);
}

function wishedVolume(candidate: Candidate): number | null {
  switch (candidate.kind) {
    case 'item':
      return candidate.item.volume;
    case 'order':
      return candidate.order.play.volume;
    case 'local-test':
      return null;
  }
}

const days = new Map<string, Intl.DateTimeFormat>();

/** The local date `YYYY-MM-DD` of an instant in a zone that the plan's own check has found known. */
export function localDayOf(atMs: number, zone: string): string {
  let format = days.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
    days.set(zone, format);
  }
  return format.format(atMs);
}
