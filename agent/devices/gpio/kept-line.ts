/** Keeps one line for the driver above: finds it by its pin, says in words why it cannot, and finds it again when it returns. */
import { locate, readChips, wordsOf } from './pins.ts';
import type { Gpio, Level, Line, Pin } from './seam.ts';

export class KeptLine {
  readonly #gpio: Gpio;
  readonly #pin: Pin;
  readonly #use: 'in' | { readonly out: Level };
  #line: Line | null = null;
  #failure: string | null = 'not open';

  constructor(gpio: Gpio, pin: Pin, use: 'in' | { readonly out: Level }) {
    this.#gpio = gpio;
    this.#pin = pin;
    this.#use = use;
  }

  get failure(): string | null {
    return this.#failure;
  }

  /** The line, opened now if it has to be; null where that fails, with the reason in `failure`. */
  async take(): Promise<{ readonly line: Line; readonly isNew: boolean } | null> {
    if (this.#line !== null) return { line: this.#line, isNew: false };
    const located = locate(this.#pin, await readChips(this.#gpio.folder));
    if (!located.ok) {
      this.#failure = located.failure;
      return null;
    }
    try {
      this.#line = await this.#gpio.open(located.number, this.#use);
      this.#failure = null;
      return { line: this.#line, isNew: true };
    } catch (cause) {
      this.#failure = `${wordsOf(this.#pin)}: ${whyNot(cause)}`;
      return null;
    }
  }

  /** The line failed under the driver: it is let go, and `take` looks for it again. */
  lose(cause: unknown): void {
    this.#drop();
    this.#failure = `${wordsOf(this.#pin)}: ${whyNot(cause)}`;
  }

  close(): void {
    this.#drop();
    this.#failure = 'not open';
  }

  #drop(): void {
    this.#line?.unwatch();
    this.#line?.release();
    this.#line = null;
  }
}

/** The kernel's error in words that tell a technician where to look. */
function whyNot(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  switch (code) {
    case 'EBUSY':
      return 'another driver or program holds this line';
    case 'EACCES':
    case 'EPERM':
      return 'no permission: the agent must be in the group gpio';
    case 'ENODEV':
    case 'ENXIO':
      return 'the GPIO chip is gone';
    case 'EINVAL':
    case 'ENOENT':
      return 'the kernel does not give this line out';
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
}
