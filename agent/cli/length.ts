/** How long something took or is off, for a person to read. */
import { clockMessages as words } from '../../shared/messages/clock.ts';
import type { In } from './page.ts';

const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS = [
  [DAY_MS, words.days],
  [HOUR_MS, words.hours],
  [MINUTE_MS, words.minutes],
  [SECOND_MS, words.seconds],
] as const;

/** `2 giờ 5 phút`: the two largest units. */
export function lengthInWords(ms: number, say: In): string {
  const first = UNITS.findIndex(([unitMs]) => ms >= unitMs);
  const largest = first === -1 ? UNITS.length - 1 : first;
  let restMs = ms;
  const parts = UNITS.slice(largest, largest + 2).map(([unitMs, name]) => {
    const count = Math.floor(restMs / unitMs);
    restMs -= count * unitMs;
    return { count, words: say(name(count)) };
  });
  return parts
    .filter(({ count }, at) => at === 0 || count > 0)
    .map((part) => part.words)
    .join(' ');
}
