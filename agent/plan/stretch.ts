/** One unbroken part of a programme as `decide` starts, follows and ends it, and the arithmetic of where in its list it stands. */
import type { Candidate } from '../../shared/schedule/intent.ts';
import type { StartCause } from '../../shared/records/record.ts';

/** One thing to play: `media:<sha256>`, `builtin:<name>` or a signed http(s) URL. A stream has no duration. */
export type Piece = { readonly uri: string; readonly durationMs: number | null };

export type Content =
  | { readonly kind: 'list'; readonly pieces: readonly [Piece, ...Piece[]]; readonly passes: number | 'fill' }
  | { readonly kind: 'tuner'; readonly frequencyKhz: number; readonly pi: string | null };

export type Stretch = {
  /** Names this stretch alone: an occurrence that was cut goes on under another key. */
  readonly key: string;
  readonly occurrence: string;
  readonly candidate: Candidate;
  readonly content: Content;
  /** Where in the list it begins, in milliseconds, passes counted through. */
  readonly fromMs: number;
  readonly volume: number;
  readonly startCause: StartCause;
  /** UTC milliseconds at which it is to be heard. */
  readonly releaseAtMs: number;
  /** Why it is not what was planned (the tone for want of media, for instance); null otherwise. */
  readonly reason: string | null;
};

/** What is known of an occurrence that has sounded before. */
export type Heard = {
  /** `cut` by something stronger, `power` by a kill of the agent, `failed` by a device; `finished` is over. */
  readonly state: 'cut' | 'power' | 'failed' | 'finished';
  /** Where in its list it stands; 0 for a stream. */
  readonly positionMs: number;
  /** Whole passes heard: an order goes on from the start of the play that was broken. */
  readonly passes: number;
  /** Heard as the tone that stands in for its media: once they are here it is heard anew. */
  readonly toned: boolean;
  /** How often its content failed; of that there is an end of trying. */
  readonly failures: number;
  /** How often anything failed since it last sounded to its end, and when it may be tried again. */
  readonly tries: number;
  readonly retryAtMs: number;
};

/** Of an occurrence that has not sounded. */
export const UNHEARD: Heard = {
  state: 'cut',
  positionMs: 0,
  passes: 0,
  toned: false,
  failures: 0,
  tries: 0,
  retryAtMs: 0,
};

/** Length of one pass in milliseconds; null where a stream has none. */
export function passMs(content: Content): number | null {
  if (content.kind === 'tuner') return null;
  let sum = 0;
  for (const { durationMs } of content.pieces) {
    if (durationMs === null) return null;
    sum += durationMs;
  }
  return sum;
}

/** Nothing is left to hear from this position on. */
export function isOver(content: Content, fromMs: number): boolean {
  const one = passMs(content);
  if (content.kind === 'tuner' || one === null || content.passes === 'fill') return false;
  return fromMs >= one * content.passes;
}

/** Whole passes before this position. */
export function passesBefore(content: Content, positionMs: number): number {
  const one = passMs(content);
  return one === null || one === 0 ? 0 : Math.floor(positionMs / one);
}

type Place = {
  readonly index: number;
  readonly offsetMs: number;
  readonly passes: number | 'fill';
};

/** Piece, offset and passes left for a position in the list; the position lies before the end (see `isOver`). */
export function placeAt(content: Extract<Content, { kind: 'list' }>, fromMs: number): Place {
  const one = passMs(content);
  if (one === null || one === 0) return { index: 0, offsetMs: 0, passes: content.passes };
  const done = passesBefore(content, fromMs);
  let offsetMs = fromMs - done * one;
  let index = 0;
  for (const { durationMs } of content.pieces) {
    if (durationMs === null || offsetMs < durationMs) break;
    offsetMs -= durationMs;
    index += 1;
  }
  return { index, offsetMs, passes: content.passes === 'fill' ? 'fill' : content.passes - done };
}
