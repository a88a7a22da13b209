/** What is known of one playback while mpv works through its list: order of tracks, what was heard, what went wrong. */
import { HeardCount } from './heard-count.ts';
import { LINE_IN } from '../player/seam.ts';
import type { Playback, PlaybackObserved, PlayerFailure, Track } from '../player/seam.ts';

/** A track of the list in one of its passes. */
type Place = { readonly index: number; readonly pass: number };

/** One entry of mpv's playlist. */
export type Entry = { readonly place: Place; readonly track: Track; readonly fromMs: number };

export type Phase = 'cued' | 'playing' | 'stopped' | 'ended' | 'failed';

export const isStream = (track: Track): boolean => /^https?:\/\//.test(track.uri);
export const isLine = (track: Track): boolean => track === LINE_IN;

/** Null after the last pass. */
export const placeAfter = (playback: Playback, place: Place): Place | null => {
  if (place.index + 1 < playback.tracks.length) return { index: place.index + 1, pass: place.pass };
  const pass = place.pass + 1;
  return playback.passes === 'fill' || pass < playback.passes ? { index: 0, pass } : null;
};

/**
 * Shorter than this part of what was signed, a track was cut off: mpv reports a torn file as a good end. What is
 * still buffered at that moment, and durations rounded by an encoder, stay within it.
 */
const missingMs = (durationMs: number): number => 750 + durationMs / 100;
/** The one that plays and two to come: a short track never finds the list empty. */
const entriesAhead = 3;
/** A track read to its end sooner than this may be empty; a list of such files would spin without a sound. */
const quickMs = 20;
/** So many in a row are more than a buffer can hold back; a broken track counts as many at once. */
const quickEnds = 5;

export class Rendition {
  readonly playback: Playback;
  readonly heard = new HeardCount();
  phase: Phase;
  failure: PlayerFailure | null = null;
  peakDbfs: number | null = null;
  #next: Place | null;
  #here: Place;
  readonly #entries = new Map<number, Entry>();
  /** Handed to mpv and not yet done with. */
  #open = 0;
  #handed = 0;
  #current: Entry | null = null;
  #startedAtUpMs = 0;
  #badInARow = 0;

  constructor(playback: Playback, phase: 'cued' | 'playing') {
    this.playback = playback;
    this.phase = phase;
    this.#here = { index: playback.startIndex, pass: 0 };
    this.#next = this.#here;
  }

  /** Plays what comes in at the line, or is about to. */
  get hasLineOpen(): boolean {
    return !this.over && this.playback.tracks.some(isLine);
  }

  get over(): boolean {
    return this.phase === 'ended' || this.phase === 'failed' || this.phase === 'stopped';
  }

  observe(): PlaybackObserved {
    return {
      key: this.playback.key,
      playedMs: this.heard.playedMs,
      trackIndex: this.#here.index,
      pass: this.#here.pass,
      positionMs: this.heard.positionMs,
      startedUpMs: this.heard.startedUpMs,
      peakDbfs: this.peakDbfs,
      failure: this.failure,
    };
  }

  /** The entry to hand to mpv next, or null when enough lies there or nothing is left. */
  take(): Entry | null {
    const place = this.#next;
    const track = place === null ? undefined : this.playback.tracks[place.index];
    if (place === null || track === undefined || this.#open >= entriesAhead) return null;
    const first = place.pass === 0 && place.index === this.playback.startIndex;
    this.#next = placeAfter(this.playback, place);
    this.#open += 1;
    this.#handed += 1;
    return { place, track, fromMs: first ? this.playback.offsetMs : 0 };
  }

  /** mpv has taken the entry under this id, or refused it. */
  taken(id: number | null, entry: Entry): void {
    if (id === null) this.#open -= 1;
    else this.#entries.set(id, entry);
  }

  /** False where the entry is not of this playback. */
  started(id: number, upMs: number): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined) return false;
    this.#current = entry;
    this.#startedAtUpMs = upMs;
    this.#here = entry.place;
    this.heard.begin({ fromMs: entry.fromMs, durationMs: entry.track.durationMs });
    return true;
  }

  /** The entry was read to its end. False where it is not of this playback. */
  finished(id: number, upMs: number): boolean {
    const entry = this.#leave(id);
    if (entry === undefined) return false;
    const heardMs = this.heard.end(upMs);
    const { durationMs, uri } = entry.track;
    if (durationMs !== null && durationMs - heardMs > missingMs(durationMs)) {
      this.fail({ code: 'truncated', detail: `${uri}: heard ${Math.round(heardMs)} of ${durationMs} ms` });
    }
    if (isStream(entry.track)) this.fail({ code: 'stream-failed', detail: `${uri}: the stream ended` });
    if (isLine(entry.track)) this.fail({ code: 'no-input', detail: 'the line input is gone' });
    this.#badInARow = upMs - this.#startedAtUpMs < quickMs ? this.#badInARow + 1 : 0;
    this.#giveUpWhereNothingSounds();
    return true;
  }

  /** The entry could not be played. False where it is not of this playback. */
  broken(id: number, failure: PlayerFailure, upMs: number): boolean {
    if (this.#leave(id) === undefined) return false;
    this.heard.end(upMs);
    this.fail(failure);
    this.#badInARow += quickEnds;
    this.#giveUpWhereNothingSounds();
    return true;
  }

  /** mpv is idle. That this playback is over follows only if all that was handed over is done with. */
  idle(upMs: number): void {
    if (this.over || this.#open > 0 || this.#handed === 0) return;
    this.heard.drained(upMs);
    this.phase = this.failure === null ? 'ended' : 'failed';
  }

  /** The first failure is the one that is told. */
  fail(failure: PlayerFailure): void {
    this.failure ??= failure;
  }

  trackOf(id: number): Track | undefined {
    return this.#entries.get(id)?.track;
  }

  get current(): Entry | null {
    return this.#current;
  }

  #leave(id: number): Entry | undefined {
    const entry = this.#entries.get(id);
    if (this.#entries.delete(id)) this.#open -= 1;
    if (entry === this.#current) this.#current = null;
    return entry;
  }

  #giveUpWhereNothingSounds(): void {
    if (this.#badInARow >= quickEnds * this.playback.tracks.length) this.#next = null;
  }
}
