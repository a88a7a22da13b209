/** A channel that pours rubbish is left alone for a while, so that it costs the box nothing (protocol.md §4, what bad input gets). */

const MALFORMED_PER_SECOND = 20;
const SECOND_MS = 1_000;
const SHORTEST_MS = 60_000;
const LONGEST_MS = 600_000;

type Load = {
  /** Uptimes of the newest malformed ones, oldest first. */
  readonly malformedAtMs: readonly number[];
  readonly untilMs: number;
  readonly lengthMs: number;
};
const CALM: Load = { malformedAtMs: [], untilMs: 0, lengthMs: 0 };

/** Keyed by channel; all times are uptime in milliseconds. */
export class Backoff {
  readonly #loads = new Map<string, Load>();

  isOff(channel: string, upMs: number): boolean {
    return upMs < this.#of(channel).untilMs;
  }

  /** Each time in a row it is left alone for twice as long; a channel that behaved for as long as the longest begins anew. */
  noteMalformed(channel: string, upMs: number): void {
    const load = this.#of(channel);
    const recent = [...load.malformedAtMs.filter((at) => at > upMs - SECOND_MS), upMs];
    if (recent.length <= MALFORMED_PER_SECOND) {
      this.#loads.set(channel, { ...load, malformedAtMs: recent });
      return;
    }
    const isAgain = upMs < load.untilMs + LONGEST_MS;
    const lengthMs = isAgain && load.lengthMs > 0 ? Math.min(2 * load.lengthMs, LONGEST_MS) : SHORTEST_MS;
    this.#loads.set(channel, { malformedAtMs: [], untilMs: upMs + lengthMs, lengthMs });
  }

  #of(channel: string): Load {
    return this.#loads.get(channel) ?? CALM;
  }
}
