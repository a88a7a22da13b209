/** The seam of the current meter in the amplifier's supply: what the amplifier draws is evidence that it plays. */

export type CurrentObserved = {
  /** Mean of the last measurement, rounded; negative where the shunt is wired the other way round. Null where not known. */
  readonly milliamps: number | null;
  readonly failure: string | null;
};

export interface CurrentMeter {
  /** Resolves after the first attempt: a chip that is not there is a failure in `observe`, and is tried again. */
  open(): Promise<void>;
  observe(): CurrentObserved;
  close(): Promise<void>;
}
