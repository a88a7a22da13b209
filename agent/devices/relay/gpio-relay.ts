/**
 * A relay, or a status lamp, on a GPIO line: off from its first instant, read back after each switching, and off
 * again by a process of its own when the agent dies or hangs. Lead, hold and dwell are the plan's business.
 */
import { DeadMan } from '../gpio/dead-man.ts';
import { inTime } from '../gpio/in-time.ts';
import { KeptLine } from '../gpio/kept-line.ts';
import type { Gpio, Level, Line, Pin } from '../gpio/seam.ts';
import type { Relay, RelayObserved } from './seam.ts';

export type GpioRelayOptions = {
  readonly gpio: Gpio;
  readonly pin: Pin;
  /** The contact closes at level 0, as on most relay boards. */
  readonly activeLow: boolean;
  /** The line is looked at so often, and looked for while it is away. */
  readonly pollMs?: number;
  /** An agent that does not turn for so long is taken for hung, and the line goes off; null: no watch process (a lamp). */
  readonly deadManMs?: number | null;
  /** A kernel driver that takes longer for one level hangs on its bus. */
  readonly answerMs?: number;
};

export class GpioRelay implements Relay {
  readonly #activeLow: boolean;
  readonly #pollMs: number;
  readonly #deadManMs: number | null;
  readonly #answerMs: number;
  readonly #kept: KeptLine;
  #deadMan: DeadMan | null = null;
  #polling: NodeJS.Timeout | null = null;
  #asked = false;
  #on: boolean | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(options: GpioRelayOptions) {
    const { gpio, pin, activeLow, pollMs = 1_000, deadManMs = 10_000, answerMs = 2_000 } = options;
    this.#answerMs = answerMs;
    this.#activeLow = activeLow;
    this.#pollMs = pollMs;
    this.#deadManMs = deadManMs;
    this.#kept = new KeptLine(gpio, pin, { out: levelFor(false, activeLow) });
  }

  /** Goes on looking for a line that is not there. */
  async open(): Promise<void> {
    await this.set(false);
    this.#polling ??= setTimeout(() => void this.#poll(), this.#pollMs).unref();
  }

  async set(on: boolean): Promise<void> {
    await this.#inTurn(() => {
      this.#asked = on;
      return this.#put();
    });
  }

  observe(): RelayObserved {
    const isOther = this.#on !== null && this.#on !== this.#asked;
    const other = isOther ? `asked for ${word(this.#asked)}, the line is ${word(this.#on === true)}` : null;
    return { on: this.#on, failure: this.#kept.failure ?? other ?? this.#deadMan?.failure ?? null };
  }

  async close(): Promise<void> {
    if (this.#polling !== null) clearTimeout(this.#polling);
    this.#polling = null;
    await this.#inTurn(async () => {
      this.#asked = false;
      if (this.#on !== null) await this.#put();
      await this.#letGo();
      this.#kept.close();
    });
  }

  /** Writes what was asked for last, and reads back what came of it. */
  #put(): Promise<void> {
    return this.#with((line) => line.write(levelFor(this.#asked, this.#activeLow)));
  }

  /** A line that was away comes back off, whatever was asked before: switching it on again is decided above. */
  async #poll(): Promise<void> {
    await this.#inTurn(() => this.#with(() => Promise.resolve()));
    this.#polling &&= setTimeout(() => void this.#poll(), this.#pollMs).unref();
  }

  async #with(act: (line: Line) => Promise<void>): Promise<void> {
    const taken = await this.#kept.take();
    if (taken === null) {
      this.#on = null;
      return;
    }
    try {
      if (taken.isNew) await this.#watchOver(taken.line);
      this.#deadMan?.pulse();
      await inTime(act(taken.line), this.#answerMs);
      this.#on = (await inTime(taken.line.read(), this.#answerMs)) === levelFor(true, this.#activeLow);
    } catch (cause) {
      this.#on = null;
      this.#kept.lose(cause);
      await this.#letGo();
    }
  }

  async #watchOver({ levelFile }: Line): Promise<void> {
    await this.#letGo();
    if (this.#deadManMs === null) return;
    this.#deadMan = new DeadMan(levelFile, levelFor(false, this.#activeLow), this.#deadManMs);
  }

  async #letGo(): Promise<void> {
    await this.#deadMan?.close();
    this.#deadMan = null;
    this.#on = null;
  }

  /** One after the other, so that the last one asked for stands. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(act);
    return this.#last;
  }
}

/** The raw level of the pin: the only place where active-low turns anything round. */
const levelFor = (on: boolean, activeLow: boolean): Level => (on === activeLow ? 0 : 1);

const word = (on: boolean): string => (on ? 'on' : 'off');
