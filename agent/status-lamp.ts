/** Makes the status lamp of a box say how it is. Its line goes off when the agent stops, dies or hangs (GpioRelay). */
import type { Severity } from '../shared/health/declared.ts';
import type { ClockReading } from './clock/seam.ts';
import type { Relay } from './devices/relay/seam.ts';
import { isLampOn } from './health/lamp.ts';

export type StatusLampParts = {
  readonly line: Relay;
  /** The worst of the conditions that hold; null without any. */
  readonly worst: () => Severity | null;
  readonly readClock: () => ClockReading;
  readonly log: (line: string) => void;
};

/** As often as the fast blink changes. */
const LOOK_MS = 125;

export class StatusLamp {
  readonly #parts: StatusLampParts;
  #timer: NodeJS.Timeout | null = null;
  #turning: Promise<void> = Promise.resolve();
  #failure: string | null = null;

  constructor(parts: StatusLampParts) {
    this.#parts = parts;
  }

  async open(): Promise<void> {
    await this.#parts.line.open();
    this.#next();
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#turning;
    await this.#parts.line.close();
  }

  #next(): void {
    this.#timer = setTimeout(() => {
      this.#turning = this.#turn().then(() => {
        if (this.#timer !== null) this.#next();
      });
    }, LOOK_MS).unref();
  }

  async #turn(): Promise<void> {
    const { line, worst, readClock, log } = this.#parts;
    const on = isLampOn(worst(), readClock());
    if (line.observe().on !== on) await line.set(on);
    const { failure } = line.observe();
    if (failure !== null && failure !== this.#failure) log(`status lamp: ${failure}`);
    this.#failure = failure;
  }
}
