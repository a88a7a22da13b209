/** The groups that a receiver has heard since it was tuned: each once, and a name only as long as it is fresh. */
import { hearGroup, nothingHeard, rdsOf } from './rds.ts';
import type { RdsGroup, RdsHeard } from './rds.ts';
import type { RdsClock, RdsObserved, RdsSegment } from './seam.ts';

/** A group lasts 87.6 ms (104 bits at 1187.5 bit/s): the same four blocks within less are the same group, read twice. */
const sameGroupMs = 80;
/** Five groups take 0.44 s; who has said nothing for so long is no longer known to be there. */
const freshMs = 5_000;
const mostSegments = 128;

export class RecentGroups {
  #heard: RdsHeard = nothingHeard;
  #piUpMs: readonly number[] = [];
  /** `goesOnUpMs`: at every look since it came the chip has called it ready, the last time then. */
  #newest: { readonly group: RdsGroup; readonly upMs: number; readonly goesOnUpMs: number | null } | null =
    null;
  #segments: RdsSegment[] = [];
  #clock: RdsClock | null = null;
  #count = 0;

  hear(group: RdsGroup | null, upMs: number): void {
    const newest = this.#newest;
    if (newest !== null && (group === null || this.#isSame(group, upMs))) {
      this.#newest = { ...newest, goesOnUpMs: group === null ? null : upMs };
    }
    if (group === null || this.#isSame(group, upMs)) return;
    this.#newest = { group, upMs, goesOnUpMs: upMs };
    this.#count += 1;
    const { heard, segment } = hearGroup(this.#heard, group);
    if (heard.pis !== this.#heard.pis) this.#piUpMs = [upMs, ...this.#piUpMs].slice(0, 5);
    if (heard.clock !== null && heard.clock !== this.#heard.clock) this.#clock = { ...heard.clock, upMs };
    this.#heard = heard;
    if (segment !== null) this.#segments = [...this.#segments, segment].slice(-mostSegments);
  }

  pis(upMs: number): readonly string[] {
    return this.#heard.pis.filter((_, index) => upMs - (this.#piUpMs[index] ?? -Infinity) <= freshMs);
  }

  rds(): RdsObserved {
    return { ...rdsOf(this.#heard), groups: this.#count, clock: this.#clock };
  }

  takeSegments(): readonly RdsSegment[] {
    const taken = this.#segments;
    this.#segments = [];
    return taken;
  }

  clear(): void {
    this.#heard = nothingHeard;
    this.#piUpMs = [];
    this.#newest = null;
    this.#segments = [];
    this.#clock = null;
    this.#count = 0;
  }

  /** A chip that has stopped calls its last group ready for ever: that is no station which says who it is. */
  #isSame(group: RdsGroup, upMs: number): boolean {
    const newest = this.#newest;
    if (newest === null || upMs - Math.max(newest.upMs, newest.goesOnUpMs ?? 0) >= sameGroupMs) return false;
    return group.every(({ word }, index) => word === newest.group[index]?.word);
  }
}
