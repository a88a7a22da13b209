/** When to try the broker again (protocol.md §8): at random, so that 3,000 boxes do not come back in one second, and ever more seldom. */
import { between } from './waits.ts';
import type { Random, Waits } from './waits.ts';

/** `failures`: connections in a row that did not stand; 0 for the first wait. */
export function reconnectWait(waits: Waits, failures: number, random: Random): number {
  const doubled = 2 ** Math.min(failures, 16);
  const most = Math.min(waits.reconnectMostMs, waits.reconnectFirstMostMs * doubled);
  // Never all at the upper end, or the boxes that waited longest come at once after all.
  const least = Math.min(waits.reconnectMs * doubled, most / 2);
  return between(random, least, most);
}

/** After a silent loss: some carrier forgets idle connections sooner than we say something. */
export const shorterKeepalive = (waits: Waits, keepaliveS: number): number =>
  Math.max(Math.min(waits.keepaliveLeastS, keepaliveS), Math.floor(keepaliveS / 2));
