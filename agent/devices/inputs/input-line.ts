/** One contact on a GPIO line: woken by its interrupt, sampled until it stands still, and looked for when it is away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { inTime } from '../gpio/in-time.ts';
import { KeptLine } from '../gpio/kept-line.ts';
import type { Gpio, Line, Pin } from '../gpio/seam.ts';
import { sampled, unknownContact, type Contact } from './debounce.ts';

export type InputWiring = {
  readonly pin: Pin;
  /** Level 0 counts as on: a contact to ground with a pull-up. sysfs sets no pull: resistor, or `gpio=22=pu` in config.txt. */
  readonly activeLow: boolean;
  /** A contact that does not stand still for so long has not moved. */
  readonly debounceMs: number;
};

type Parts = {
  readonly gpio: Gpio;
  readonly wiring: InputWiring;
  readonly pollMs: number;
  readonly answerMs: number;
  readonly upMs: () => number;
  /** It has moved: how it stands now, and when it first did. */
  readonly onMove: (on: boolean, upMs: number) => void;
};

export class InputLine {
  readonly #parts: Parts;
  readonly #kept: KeptLine;
  #contact: Contact = unknownContact;
  #isReadable = false;
  #isOpen = false;
  #hasInterrupts = false;
  #turning: Promise<void> | null = null;
  #wokenAgain = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#kept = new KeptLine(parts.gpio, parts.wiring.pin, 'in');
  }

  /** Resolves once it stands for certain or cannot be read; nobody waits longer for one that chatters. */
  async open(): Promise<void> {
    this.#isOpen = true;
    await this.#wake();
    const isUncertain = () => this.#isReadable && this.#contact.on === null;
    for (let steps = 0; steps < 20 && isUncertain(); steps += 1) await sleep(this.#waitMs());
  }

  get on(): boolean | null {
    return this.#isReadable ? this.#contact.on : null;
  }

  get failure(): string | null {
    return this.#kept.failure;
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#rest();
    await this.#turning;
    this.#kept.close();
    this.#isReadable = false;
    this.#contact = unknownContact;
  }

  /** One turn at a time; what wakes it meanwhile has it turn again. */
  #wake(): Promise<void> {
    if (this.#turning !== null) {
      this.#wokenAgain = true;
      return this.#turning;
    }
    this.#rest();
    this.#turning = this.#turn().finally(() => {
      this.#turning = null;
      const waitMs = this.#wokenAgain ? 0 : this.#waitMs();
      this.#wokenAgain = false;
      if (this.#isOpen) this.#timer = setTimeout(() => void this.#wake(), waitMs).unref();
    });
    return this.#turning;
  }

  async #turn(): Promise<void> {
    const taken = await this.#kept.take();
    if (taken === null) {
      this.#isReadable = false;
      return;
    }
    try {
      const level = await inTime(taken.line.read(), this.#parts.answerMs);
      this.#isReadable = true;
      this.#see((level === 1) !== this.#parts.wiring.activeLow);
      this.#listen(taken.line);
    } catch (cause) {
      this.#isReadable = false;
      this.#kept.lose(cause);
    }
  }

  #see(on: boolean): void {
    const { upMs, wiring, onMove } = this.#parts;
    const nowUpMs = upMs();
    const before = this.#contact;
    this.#contact = sampled(before, on, nowUpMs, wiring.debounceMs);
    if (before.on === null || this.#contact.on === before.on) return;
    onMove(on, before.other?.sinceUpMs ?? nowUpMs);
  }

  /** Deaf while it bounces: a contact that chatters for hours costs a few samples and no storm of interrupts. */
  #listen(line: Line): void {
    line.unwatch();
    if (this.#contact.other !== null || !this.#isOpen) return;
    this.#hasInterrupts = line.watch(() => {
      line.unwatch();
      void this.#wake();
    });
  }

  #waitMs(): number {
    const { pollMs, wiring } = this.#parts;
    const stepMs = Math.max(2, wiring.debounceMs / 4);
    if (this.#isReadable && this.#contact.other !== null) return stepMs;
    return this.#isReadable && !this.#hasInterrupts ? Math.min(pollMs, 4 * stepMs) : pollMs;
  }

  #rest(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
