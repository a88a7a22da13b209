/** Counts what was heard of one playback from readings of the audio clock: pure, so that a record rests on arithmetic. */

export type HeardTrack = {
  /** Where in the track it began. */
  readonly fromMs: number;
  /** Null where nobody knows (a stream). */
  readonly durationMs: number | null;
};

/** A step smaller than this is no movement: a seek may land a little beside its aim. */
const stepMs = 5;
/** An audio clock may run ahead of the uptime by what is buffered, never by more. */
const aheadMs = 100;
const stillAfterMs = 1_000;

/** What was heard by the time a track had been read to its end, while its last samples were still in the buffer. */
type Tail = { readonly upMs: number; readonly restMs: number };

export class HeardCount {
  #track: HeardTrack | null = null;
  #tail: Tail | null = null;
  /** HeardCount before the current track. */
  #beforeMs = 0;
  #playedMs = 0;
  #positionMs = 0;
  #readAtUpMs = 0;
  #movedAtUpMs: number | null = null;
  #startedUpMs: number | null = null;

  get playedMs(): number {
    return Math.round(this.#playedMs);
  }
  get positionMs(): number {
    return Math.max(0, Math.round(this.#positionMs));
  }
  get startedUpMs(): number | null {
    return this.#startedUpMs;
  }

  isMoving(upMs: number): boolean {
    return this.#movedAtUpMs !== null && upMs - this.#movedAtUpMs < stillAfterMs;
  }

  /** The player has begun to read this track. */
  begin(track: HeardTrack): void {
    this.#track = track;
    this.#positionMs = track.fromMs;
  }

  /** A reading of the audio clock: so far into the current track; negative while the one before still sounds. */
  read(upMs: number, positionMs: number): void {
    const track = this.#track;
    if (track === null) return;
    this.#join(upMs, positionMs - track.fromMs);
    if (positionMs > this.#positionMs + stepMs) {
      this.#startedUpMs ??= upMs - (positionMs - track.fromMs);
      this.#movedAtUpMs = upMs;
    }
    this.#positionMs = positionMs;
    this.#readAtUpMs = upMs;
    this.#count(upMs, this.#beforeMs + positionMs - track.fromMs);
  }

  /** The player has read the track to its end. Returns how far into it one has heard; the rest is in the buffer. */
  end(upMs: number): number {
    const track = this.#track;
    if (track === null) return 0;
    const sinceMs = this.isMoving(upMs) ? upMs - this.#readAtUpMs : 0;
    const endMs = track.durationMs ?? Infinity;
    const heardMs = Math.max(track.fromMs, Math.min(this.#positionMs + sinceMs, endMs));
    this.#beforeMs += heardMs - track.fromMs;
    this.#tail = { upMs, restMs: endMs - heardMs };
    this.#positionMs = heardMs;
    this.#track = null;
    this.#count(upMs, this.#beforeMs);
    return heardMs;
  }

  /** The output has run dry: the last of the buffer was heard. */
  drained(upMs: number): void {
    if (this.#tail !== null) this.#positionMs += Math.min(upMs - this.#tail.upMs, this.#tail.restMs);
    this.#join(upMs, 0);
    this.#count(upMs, this.#beforeMs);
  }

  /** What sounded between the end of reading and now: the buffer's rest, then this much of the next track. */
  #join(upMs: number, intoNextMs: number): void {
    const tail = this.#tail;
    if (tail === null) return;
    const heardMs = Math.min(upMs - tail.upMs, tail.restMs + Math.max(0, intoNextMs));
    this.#beforeMs += heardMs - intoNextMs;
    this.#tail = null;
  }

  #count(upMs: number, totalMs: number): void {
    if (this.#startedUpMs === null) return;
    const atMostMs = upMs - this.#startedUpMs + aheadMs;
    this.#playedMs = Math.max(this.#playedMs, Math.min(totalMs, atMostMs));
  }
}
