/** The other side of a heartbeat: what a station shows in each half minute, from the secret seed of its day (protocol.md §7). */
import { fromBase64url } from '../bytes.ts';
import { hashDown, INTERVAL_S, INTERVALS_A_DAY } from './beat.ts';

/** One day of a chain: enough to beat for that day, and for no other. `seed` is K of the day's last half minute. */
export type BeatDay = { readonly chain: string; readonly day: number; readonly seed: string };
type Moment = { readonly day: number; readonly interval: number };

const LAST = INTERVALS_A_DAY - 1;
const DAY_S = INTERVALS_A_DAY * INTERVAL_S;

/** The half minute of an instant in UTC seconds; its day is negative before `t0`. */
export function momentOf(t0: number, now: number): Moment {
  const at = Math.floor((now - t0) / INTERVAL_S);
  const day = Math.floor(at / INTERVALS_A_DAY);
  return { day, interval: at - day * INTERVALS_A_DAY };
}

/** When a day of the chain begins, in UTC seconds; it ends where the next begins. */
export const beginOf = (t0: number, day: number): number => t0 + day * DAY_S;

/** What people sign of a day: it tells the seed's own keys from any other, and does not tell the seed. */
export const anchorOf = ({ chain, day, seed }: BeatDay): string => hashDown(chain, day, LAST, -1, seed);

/** The 20 bytes of a half minute. */
export function beatFrame({ chain, day, seed }: BeatDay, interval: number): Uint8Array {
  const key = fromBase64url(hashDown(chain, day, LAST, interval, seed)) ?? new Uint8Array();
  const head = [day >> 4, ((day & 15) << 4) | (interval >> 8), interval & 255];
  return Uint8Array.from([...head, ...key, 0]);
}
