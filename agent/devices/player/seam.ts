/** The seam of the sound player: what a box asks of whatever makes sound from files, signed streams and its line input. */

/**
 * One file or signed stream. `uri` is an absolute path of a re-hashed file in the media shelf, or a signed http(s) URL.
 * Or `LINE_IN`.
 */
export type Track = {
  readonly uri: string;
  /** Content hash (43 base64url characters); null for a stream. */
  readonly sha256: string | null;
  /** Null for a stream. */
  readonly durationMs: number | null;
};

/**
 * What comes in at this box's own line input: the receiver's sound. It is this very value and no other of the same
 * words, so that no document can name it; which input it is, is configuration.
 */
export const LINE_IN: Track = { uri: 'line-in', sha256: null, durationMs: null };

/** A list of tracks as it is to be heard from now on. */
export type Playback = {
  /** Names this stretch to the caller; comes back in `PlayerObserved`. */
  readonly key: string;
  readonly tracks: readonly [Track, ...Track[]];
  /** Where to begin: this track, so many milliseconds into it. */
  readonly startIndex: number;
  readonly offsetMs: number;
  /** How often the list is gone through, the begun pass included; `fill` until it is stopped. */
  readonly passes: number | 'fill';
  /** 0–100 on mpv's scale, after all limits. */
  readonly volume: number;
};

/** `cued`: loaded and paused. `ended`: all passes were heard. `absent`: no player process, one is being started. */
export type PlayerState = 'absent' | 'idle' | 'cued' | 'playing' | 'ended' | 'failed';

/** dBFS at the loudest: what stays below is not heard, as digital silence with its dither, or an open cable. */
export const AUDIBLE_DBFS = -60;

/** One playback in numbers that a record can rest on. */
export type PlaybackObserved = {
  readonly key: string;
  /** What the audio clock says was heard of this playback, in milliseconds; never from `end-file` alone. */
  readonly playedMs: number;
  readonly trackIndex: number;
  /** 0 for the begun pass. With `trackIndex` and `positionMs` the place to resume from. */
  readonly pass: number;
  readonly positionMs: number;
  /** Uptime (CLOCK_MONOTONIC) at which the first sample of this playback left the output by the audio clock; null before. */
  readonly startedUpMs: number | null;
  /** Highest level heard so far in whole dBFS (0 is full scale) after the volume; null where not measured. */
  readonly peakDbfs: number | null;
  /** The first thing that went wrong; the rest of a list is still played, and the state is `failed` when it is over. */
  readonly failure: PlayerFailure | null;
};

/** `none`: this box has no line input. `open`: what comes in is heard, or is about to be. */
export type LineState = 'none' | 'closed' | 'open';

/** A player that died or hung comes back as `idle` with a failure in `playback`: the caller cues again. */
export type PlayerObserved = {
  readonly state: PlayerState;
  /** The last playback, also when it is over; null before the first. */
  readonly playback: PlaybackObserved | null;
  /** The one whose place it took, as it was when it was cut. */
  readonly before: PlaybackObserved | null;
  /** The audio clock moved within the last second. */
  readonly moving: boolean;
  /** `ao/device` as mpv reports it, e.g. `pulse/box1`; null where nothing is open. */
  readonly output: string | null;
  readonly line: LineState;
};

export type PlayerFailure = {
  readonly code:
    | 'file-missing'
    | 'undecodable'
    | 'truncated'
    | 'no-output'
    /** The line input does not open, or is gone. */
    | 'no-input'
    | 'hung'
    | 'died'
    | 'stream-failed'
    /** A later `cue`, `replace` or `stop` came before this one was heard; only ever an outcome. */
    | 'superseded'
    /** `release` without a cued playback; only ever an outcome. */
    | 'not-cued';
  readonly detail: string;
};

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly failure: PlayerFailure };

export interface Player {
  /** Starts the player process. Throws where it cannot start now, and goes on trying; one that dies or hangs is started again. */
  open(): Promise<void>;
  /** Loads the first track paused at its place; silence until `release`. Replaces what was cued or played. */
  cue(playback: Playback): Promise<Outcome>;
  /**
   * Lets the cued playback sound at this uptime (CLOCK_MONOTONIC ms), early by the measured output latency; at once
   * if it is past. Resolves when it is armed, so that a tick need not wait; `observe` shows the start. Fails without
   * a cue. `cue`, `replace`, `stop` and `close` disarm it.
   */
  release(atUpMs: number): Promise<Outcome>;
  /**
   * The join from one programme to the next: what sounds goes on until this uptime, then this is loaded in its
   * place; at once if it is past or null. Resolves when the new playback sounds or has failed.
   */
  replace(playback: Playback, atUpMs: number | null): Promise<Outcome>;
  /** Silence, after a fade of so many milliseconds. Idle afterwards. */
  stop(fadeMs: number): Promise<void>;
  observe(): PlayerObserved;
  close(): Promise<void>;
}
