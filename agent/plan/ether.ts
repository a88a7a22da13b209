/** What has been heard on the listened-to station beyond what the tuner itself observes: one of the things that `decide` looks at. */
export type Ether = {
  /** kHz that these facts are about; null while nothing is listened to. */
  readonly frequencyKhz: number | null;
  /** Uptime of the last good beat of that station; null: none. */
  readonly beatUpMs: number | null;
  /** Its beats of the last ten minutes: good ones, those that did not belong to this half minute or its chain, and those without an anchor. */
  readonly beats: { readonly good: number; readonly bad: number; readonly unanchored: number };
  /** A station of the fmplan was heard for long in all, with its PI, and said no beat of any kind. */
  readonly isBeatSilent: boolean;
  /** The box's own median level of 7 days there, dBµV; null without one closed hour. */
  readonly usualDbuv: number | null;
};
