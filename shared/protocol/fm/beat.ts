/** The heartbeat of a station: keys of a hash chain, each shown in its own half minute; protocol.md §7, Heartbeat. */
import { fromBase64url, toBase64url, utf8 } from '../bytes.ts';
import type { Station } from '../schema/documents.ts';
import { sha256 } from '../sha256.ts';
import type { Clock } from '../state.ts';

export type BeatCode = 'OK' | 'BAD_FRAME' | 'NO_ANCHOR' | 'NO_TIME' | 'EARLY' | 'STALE' | 'FORGED';
/** The last good beat of a station, so that the next is hashed down to it and not to the start of the day. */
export type LastBeat = { readonly day: number; readonly interval: number; readonly key: string };
type Chain = NonNullable<Station['beat']>;

export const INTERVALS_A_DAY = 2880;
export const INTERVAL_S = 30;
/** A beat is told by half minutes: with a clock less sure than this none counts (NO_TIME). */
export const MOST_UNCERTAIN_S = 15;
const LABEL = utf8('loa-fm-chain-v1');

/**
 * K of interval `to` from K of interval `from`; `to` −1 gives the day's anchor. All in base64url. One message, written
 * over: a forged beat of a day that is not yet known costs a box up to 2,880 of these.
 */
export function hashDown(chain: string, day: number, from: number, to: number, key: string): string {
  const chainBytes = fromBase64url(chain) ?? new Uint8Array();
  const keyBytes = fromBase64url(key) ?? new Uint8Array();
  const message = Uint8Array.from([...LABEL, 0, ...chainBytes, day >> 8, day & 255, 0, 0, ...keyBytes]);
  const keyAt = message.length - keyBytes.length;
  for (let i = from; i > to; i--) {
    message[keyAt - 2] = i >> 8;
    message[keyAt - 1] = i & 255;
    message.set(sha256(message).subarray(0, 16), keyAt);
  }
  return toBase64url(message.subarray(keyAt));
}

/** New anchors want two signatures and the way to every box: so long before the last of them people are told. */
export const ANCHORS_END_SOON_S = 14 * 86_400;

/**
 * Until when a station's beats can be told, in UTC seconds: the end of the last anchored day before the first gap from
 * `now` on. Not after `now` where today has no anchor.
 */
export function anchoredUntil({ t0, anchors }: Chain, now: number): number {
  let day = Math.max(0, Math.floor((now - t0) / (INTERVALS_A_DAY * INTERVAL_S)));
  while (anchors[String(day)] !== undefined) day += 1;
  return t0 + day * INTERVALS_A_DAY * INTERVAL_S;
}

/** `last` is the last good beat of this station, null if none; the answer's is the one to keep. */
export function checkBeat(
  frame: Uint8Array,
  chain: Chain,
  clock: Clock,
  last: LastBeat | null,
): { readonly code: BeatCode; readonly last: LastBeat | null } {
  const beat = readBeat(frame);
  const code = beat === null ? 'BAD_FRAME' : judge(beat, chain, clock, last);
  return { code, last: code === 'OK' ? beat : last };
}

/** How many hashes `checkBeat` may spend on a frame: down to the last good beat of its day, else to the day's anchor. */
export function depthOf(frame: Uint8Array, last: LastBeat | null): number {
  const beat = readBeat(frame);
  if (beat === null) return 0;
  return last?.day === beat.day ? Math.max(0, beat.interval - last.interval) : beat.interval + 1;
}

/** Day in 12 bits, interval in 12, the key in 16 bytes, a zero. */
function readBeat(frame: Uint8Array): LastBeat | null {
  const [a = 0, b = 0, c = 0] = frame;
  const interval = ((b & 15) << 8) | c;
  if (frame.length !== 20 || interval >= INTERVALS_A_DAY || frame[19] !== 0) return null;
  return { day: (a << 4) | (b >> 4), interval, key: toBase64url(frame.subarray(3, 19)) };
}

function judge(
  { day, interval, key }: LastBeat,
  { t0, chain, anchors }: Chain,
  { state, now, u }: Clock,
  last: LastBeat | null,
): BeatCode {
  const anchor = anchors[String(day)];
  if (anchor === undefined) return 'NO_ANCHOR';
  if (state === 'FLOOR' || u > MOST_UNCERTAIN_S) return 'NO_TIME';
  const at = day * INTERVALS_A_DAY + interval;
  if (at > Math.floor((now + u - t0) / INTERVAL_S)) return 'EARLY';
  if (at < Math.floor((now - t0) / INTERVAL_S) - 1) return 'STALE';
  if (last?.day !== day) return hashDown(chain, day, interval, -1, key) === anchor ? 'OK' : 'FORGED';
  if (interval < last.interval) return 'STALE';
  return hashDown(chain, day, interval, last.interval, key) === last.key ? 'OK' : 'FORGED';
}
