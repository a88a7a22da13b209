/** Quiet hours: when they are on, and whether what has won may be heard all the same (architecture.md §4). */
import { secondOfDay } from './days.ts';
import type { Candidate, QuietNow } from './intent.ts';
import { rankOf } from './strength.ts';
import type { Zone } from './zone.ts';
import { instantOf, localDay } from './zone.ts';

/** Of a device document that names none. */
export const DEFAULT_QUIET: readonly [from: string, to: string] = ['22:00', '05:00'];

export function quietAt(
  hours: readonly [from: string, to: string],
  zone: Zone,
  at: number,
  winner: Candidate | null,
): QuietNow {
  const [from, to] = [secondOfDay(hours[0]), secondOfDay(hours[1])];
  const today = localDay(zone, at);
  const nights = [-2, -1, 0, 1, 2].map((offset) => ({
    start: instantOf(zone, today + offset, from),
    end: instantOf(zone, today + offset + (to <= from ? 1 : 0), to),
  }));
  const on = nights.some(({ start, end }) => start <= at && at < end);
  const changes = nights.flatMap(({ start, end }) => [start, end]).filter((change) => change > at);
  return { on, silences: on && winner !== null && !isExempt(winner), until: Math.min(...changes) };
}

/** Alerts, warnings, live, items that two people signed for the night, and a technician's explicit test. */
function isExempt(winner: Candidate): boolean {
  switch (winner.kind) {
    case 'item':
      return winner.item.night || winner.item.source.kind === 'live';
    case 'order':
      return ['alert', 'warning', 'live'].includes(rankOf(winner));
    case 'local-test':
      return winner.test.now;
    case 'fallback':
      return false;
  }
}
