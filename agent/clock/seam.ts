/** The seam of the machine's own time: what cannot be set by anybody from outside. */

export interface Uptime {
  /** Changes at each start of the machine. */
  readonly bootId: string;
  /** Milliseconds since that start (CLOCK_MONOTONIC), with fractions. */
  upMs(): number;
}

/** UTC milliseconds, or why the chip is no witness: there is none, or it has lost the time or cannot be read. */
export type RtcRead =
  { readonly ok: true; readonly atMs: number } | { readonly ok: false; readonly reason: 'absent' | 'broken' };

export interface Rtc {
  /** Answers at once, whatever the bus of the chip does. */
  read(): RtcRead;
  /** Asks that the chip take this time on; `done` once it is known whether the chip carries it. */
  set(atMs: number, done: (isCarried: boolean) => void): void;
}

/** One reading a tick: the time of protocol §6, and the uptime at which it was taken. */
export type ClockReading = {
  readonly state: 'SYNCED' | 'HOLDOVER' | 'FLOOR';
  /** UTC milliseconds; in FLOOR only a lower bound. */
  readonly nowMs: number;
  /** Uncertainty in seconds, rounded up. */
  readonly u: number;
  readonly upMs: number;
  /** In FLOOR: `nowMs` is what an FM station tells, for playing by it alone (protocol C6). */
  readonly byRadio?: true;
};
