/** The seam of one relay line: the amplifier's power, or the choice between player and tuner. */

export type RelayObserved = {
  /** What the wire says, not what was asked for; null where it cannot be read. */
  readonly on: boolean | null;
  readonly failure: string | null;
};

/** A relay starts open (off), so that a crash leaves the amplifier off; it opens again whenever its owner is gone. */
export interface Relay {
  open(): Promise<void>;
  /** Resolves once the wire has been read back; rejects never, a fault shows in `observe`. */
  set(on: boolean): Promise<void>;
  observe(): RelayObserved;
  close(): Promise<void>;
}
