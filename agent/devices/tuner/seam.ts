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
