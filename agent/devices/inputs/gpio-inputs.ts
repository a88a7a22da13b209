/** Cabinet door, mains and mute button on GPIO lines, each on its own: one that is away does not hide the others. */
import type { Gpio } from '../gpio/seam.ts';
import { InputLine, type InputWiring } from './input-line.ts';
import { inputWords, type InputEvent, type InputName, type Inputs, type InputsObserved } from './seam.ts';

export type GpioInputsOptions = {
  readonly gpio: Gpio;
  /** Null: not wired. */
  readonly wiring: Readonly<Record<InputName, InputWiring | null>>;
  /** CLOCK_MONOTONIC in milliseconds. */
  readonly upMs: () => number;
  /** Beside the interrupts each line is looked at so often, and looked for while it is away. */
  readonly pollMs?: number;
  /** A kernel driver that takes longer for one level hangs on its bus. */
  readonly answerMs?: number;
};

const EVENTS_KEPT = 64;

export class GpioInputs implements Inputs {
  readonly #lines: ReadonlyMap<InputName, InputLine>;
  #events: readonly InputEvent[] = [];
  #onEvent: () => void = () => undefined;

  constructor({ gpio, wiring, upMs, pollMs = 1_000, answerMs = 2_000 }: GpioInputsOptions) {
    const lines = new Map<InputName, InputLine>();
    for (const name of ['door', 'mains', 'mute'] as const) {
      const each = wiring[name];
      if (each === null) continue;
      const onMove = (on: boolean, atUpMs: number) => {
        this.#note({ what: inputWords[name][on ? 'on' : 'off'], upMs: atUpMs });
      };
      lines.set(name, new InputLine({ gpio, wiring: each, pollMs, answerMs, upMs, onMove }));
    }
    this.#lines = lines;
  }

  async open(onEvent: () => void): Promise<void> {
    this.#onEvent = onEvent;
    await Promise.all([...this.#lines.values()].map((line) => line.open()));
  }

  observe(): InputsObserved {
    const failures = [...this.#lines].flatMap(([name, { failure }]) =>
      failure === null ? [] : [`${name}: ${failure}`],
    );
    return {
      door: this.#lines.get('door')?.on ?? null,
      mains: this.#lines.get('mains')?.on ?? null,
      mute: this.#lines.get('mute')?.on ?? null,
      failure: failures.length === 0 ? null : failures.join('; '),
    };
  }

  takeEvents(): readonly InputEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => line.close()));
    this.#events = [];
  }

  #note(event: InputEvent): void {
    this.#events = [...this.#events, event].slice(-EVENTS_KEPT);
    this.#onEvent();
  }
}
