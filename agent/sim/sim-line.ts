/** The line input of a simulated player: there or pulled out, and as loud as a test says. */
import { LINE_IN } from '../devices/player/seam.ts';
import type { LineState, Playback, PlayerFailure } from '../devices/player/seam.ts';

export const hasLine = ({ tracks }: Playback): boolean => tracks.includes(LINE_IN);

export class SimLine {
  readonly #isWired: boolean;
  #isGone = false;
  /** What comes in, at its loudest; −120 is no sound at all. */
  peakDbfs = -12;

  constructor(isWired: boolean) {
    this.#isWired = isWired;
  }

  unplug(): void {
    this.#isGone = true;
  }

  plug(): void {
    this.#isGone = false;
  }

  /** Why this cannot be played; null where it can, or does not want the line at all. */
  refusal(playback: Playback): PlayerFailure | null {
    if (!hasLine(playback)) return null;
    if (!this.#isWired) return { code: 'no-input', detail: 'this box has no line input' };
    return this.#isGone ? { code: 'no-input', detail: 'the line input does not open' } : null;
  }

  levelOf(playback: Playback): number {
    return hasLine(playback) ? this.peakDbfs : -12;
  }

  state(playing: Playback | null): LineState {
    if (!this.#isWired) return 'none';
    return playing !== null && hasLine(playing) ? 'open' : 'closed';
  }
}
