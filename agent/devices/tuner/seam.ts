/** The seam of the FM receiver: one frequency at a time, and what the air says about it. */

export type TunerObserved = {
  readonly state: 'absent' | 'idle' | 'tuning' | 'tuned' | 'failed';
  readonly frequencyKhz: number | null;
  readonly rssiDbuv: number | null;
  readonly stereo: boolean | null;
  /** Programme identification of the last five groups, newest first, four lower-case hex digits each; empty without RDS. */
  readonly pis: readonly string[];
  readonly muted: boolean;
  readonly failure: string | null;
};

export interface Tuner {
  open(): Promise<void>;
  /** 50,000–108,000 kHz; resolves when the chip says it has tuned or failed. */
  tune(frequencyKhz: number): Promise<void>;
  mute(on: boolean): Promise<void>;
  observe(): TunerObserved;
  close(): Promise<void>;
}

/** One group 6A of the house: five bits of block 2, and blocks 3 and 4 (protocol.md §7, Carriage). */
export type RdsSegment = { readonly segment: number; readonly data: Uint8Array };

/** What a station says of itself. It is shown and recorded, and opens nothing: anybody near can say it. */
export type RdsObserved = {
  /** Heard since it was tuned; null where the receiver does not tell. */
  readonly groups: number | null;
  /** Eight characters, as sent; null until all were heard. */
  readonly programme: string | null;
  readonly text: string | null;
  /** Programme type, 0–31. */
  readonly pty: number | null;
  /** Carries traffic news; gives some now. */
  readonly tp: boolean | null;
  readonly ta: boolean | null;
  /** Of the newest group 4A that was believed. */
  readonly clock: RdsClock | null;
};

/** UTC seconds of the full minute at which the group was sent, the local offset in minutes, and the uptime at which it was heard. */
export type RdsClock = { readonly utcS: number; readonly offsetMin: number; readonly upMs: number };

/** What a receiver chip can do beyond the plain tuner. */
export interface Receiver extends Tuner {
  /** To the next station; its frequency, or null where there is none and the old one stays. Takes up to 15 s. */
  seek(direction: 'up' | 'down'): Promise<number | null>;
  /** 0–15 as the chip counts; a chip without a volume keeps its own. */
  setVolume(level: number): Promise<void>;
  rds(): RdsObserved;
  /** The segments heard since the last call, oldest first, at most 128. */
  takeSegments(): readonly RdsSegment[];
}
