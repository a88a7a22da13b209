/** The seam of the machine's own time: what cannot be set by anybody from outside. */

export interface Uptime {
  /** Changes at each start of the machine. */
  readonly bootId: string;
  /** Milliseconds since that start (CLOCK_MONOTONIC), with fractions. */
  upMs(): number;
}

export interface Rtc {
  /** UTC milliseconds, or why the chip is no witness (battery lost, absent). */
  read():
    | { readonly ok: true; readonly atMs: number }
    | { readonly ok: false; readonly reason: 'absent' | 'oscillator-stopped' };
  /** False where the chip did not take it. Setting it starts a stopped oscillator. */
  set(atMs: number): boolean;
}

/** One reading a tick: the time of protocol §6, and the uptime at which it was taken. */
export type ClockReading = {
  readonly state: 'SYNCED' | 'HOLDOVER' | 'FLOOR';
  /** UTC milliseconds; in FLOOR only a lower bound. */
  readonly nowMs: number;
  /** Uncertainty in seconds, rounded up. */
  readonly u: number;
  readonly upMs: number;
};
