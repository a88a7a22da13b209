/** The seam of a display board: one view at a time, and a line of running text over whatever shows. */
import type { Outcome, PlayerFailure, Track } from '../player/seam.ts';

export type PageText = {
  /** Slug of the item's page template; an unknown one is drawn with the plain template. */
  readonly template: string;
  readonly title: string;
  readonly body: string;
  /** Absolute path of a re-hashed picture, or null. */
  readonly imagePath: string | null;
};

/** `nothing` is the sentence "Hiện chưa có thông báo", `no-time` the one that the board does not know the time. `alert` is an order's title or text, in the loudest template. */
export type View =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'no-time' }
  | { readonly kind: 'page'; readonly page: PageText }
  | { readonly kind: 'alert'; readonly text: string }
  /** A technician's test page: colours, grid, letters, and this caption. */
  | { readonly kind: 'test'; readonly caption: string }
  | {
      readonly kind: 'media';
      readonly tracks: readonly [Track, ...Track[]];
      readonly startIndex: number;
      readonly offsetMs: number;
      readonly passes: number | 'fill';
    };

export type ScreenObserved = {
  readonly state: 'absent' | 'idle' | 'showing' | 'ended' | 'failed';
  /** The key given with the view that shows now. */
  readonly key: string | null;
  readonly ticker: string | null;
  /** How long this view has been shown, by frames that moved or a picture that was confirmed. */
  readonly shownMs: number;
  /** SHA-256 (base64url) of the last screenshot of this view; null before the first. */
  readonly screenshotSha256: string | null;
  readonly output: string | null;
  readonly failure: PlayerFailure | null;
};

export type Screenshot = { readonly path: string; readonly sha256: string };

export interface Screen {
  open(): Promise<void>;
  /** Shows this view at once; `key` names it in what is observed. */
  show(key: string, view: View): Promise<Outcome>;
  /** Running text over the view; null takes it away. */
  ticker(text: string | null): Promise<Outcome>;
  /** A picture of what shows now, overlays included, as a file that the next one replaces; null where nothing can be drawn. */
  screenshot(): Promise<Screenshot | null>;
  observe(): ScreenObserved;
  close(): Promise<void>;
}
