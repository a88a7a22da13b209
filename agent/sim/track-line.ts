/** A list of tracks laid out on one line of time: where one is after so many milliseconds. Shared by the simulated player and screen. */
import type { Track } from '../devices/player/seam.ts';

export type Listing = {
  readonly tracks: readonly Track[];
  readonly startIndex: number;
  readonly offsetMs: number;
  readonly passes: number | 'fill';
};

export type Spot = {
  readonly trackIndex: number;
  readonly pass: number;
  readonly positionMs: number;
  readonly over: boolean;
};

/** `lengthOf` says how long a track really lasts: what is broken lasts 0, a stream for ever. */
export const spotAfter = (list: Listing, elapsedMs: number, lengthOf: (track: Track) => number): Spot => {
  let restMs = elapsedMs + list.offsetMs;
  let index = list.startIndex;
  let pass = 0;
  let silentInARow = 0;
  for (;;) {
    const track = list.tracks[index];
    const lengthMs = track === undefined ? 0 : lengthOf(track);
    if (restMs < lengthMs) return { trackIndex: index, pass, positionMs: restMs, over: false };
    restMs -= lengthMs;
    silentInARow = lengthMs === 0 ? silentInARow + 1 : 0;
    const last = index + 1 >= list.tracks.length;
    const over = last && list.passes !== 'fill' && pass + 1 >= list.passes;
    if (over || silentInARow >= list.tracks.length)
      return { trackIndex: index, pass, positionMs: lengthMs, over: true };
    if (last) pass += 1;
    index = last ? 0 : index + 1;
  }
};

/** How long the whole list lasts from its start on; Infinity where it never ends. */
export const lengthOfList = (list: Listing, lengthOf: (track: Track) => number): number => {
  const lengths = list.tracks.map(lengthOf);
  const passMs = lengths.reduce((sum, ms) => sum + ms, 0);
  if (list.passes === 'fill') return passMs === 0 ? 0 : Infinity;
  const skippedMs = lengths.slice(0, list.startIndex).reduce((sum, ms) => sum + ms, 0) + list.offsetMs;
  return Math.max(0, passMs * list.passes - skippedMs);
};
