/** How loud a candidate may be, and of which local day its sound is: the limits of architecture §4 as `decide` applies them. */
import type { Candidate } from '../../shared/schedule/intent.ts';
import { ORDINARY_VOLUME } from '../../shared/schedule/limits.ts';

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
    case 'fallback':
      return candidate.volume;
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
