/** Simulated contacts of a box: door, mains and mute button are moved by whoever holds them, and taken away. */
import {
  inputWords,
  type InputEvent,
  type InputName,
  type Inputs,
  type InputsObserved,
} from '../devices/inputs/seam.ts';

const EVENTS_KEPT = 64;

export class SimInputs implements Inputs {
  readonly #upMs: () => number;
  readonly #stands: Map<InputName, boolean>;
  #known = new Map<InputName, boolean>();
  #isOpen = false;
  #isPlugged = true;
  #events: readonly InputEvent[] = [];
  #onEvent: () => void = () => undefined;

  /** Those that are wired, as they stand; CLOCK_MONOTONIC in milliseconds. */
  constructor(stands: Readonly<Partial<Record<InputName, boolean>>>, upMs: () => number) {
    this.#upMs = upMs;
    this.#stands = new Map(Object.entries(stands) as [InputName, boolean][]);
  }

  open(onEvent: () => void): Promise<void> {
    this.#onEvent = onEvent;
    this.#isOpen = true;
    this.#known = new Map(this.#stands);
    return Promise.resolve();
  }

  observe(): InputsObserved {
    const seen = (name: InputName): boolean | null =>
      this.#isOpen && this.#isPlugged ? (this.#known.get(name) ?? null) : null;
    const gone = [...this.#stands.keys()].map((name) => `${name}: the line is gone`).join('; ');
    const failure = this.#isPlugged ? null : gone;
    return {
      door: seen('door'),
      mains: seen('mains'),
      mute: seen('mute'),
      failure: this.#isOpen ? failure : 'not open',
    };
  }

  takeEvents(): readonly InputEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  close(): Promise<void> {
    this.#isOpen = false;
    this.#events = [];
    return Promise.resolve();
  }

  move(name: InputName, on: boolean): void {
    if (!this.#stands.has(name)) throw new Error(`${name} is not wired`);
    this.#stands.set(name, on);
    this.#look();
  }

  unplug(): void {
    this.#isPlugged = false;
  }

  plug(): void {
    this.#isPlugged = true;
    this.#look();
  }

  #look(): void {
    if (!this.#isOpen || !this.#isPlugged) return;
    for (const [name, on] of this.#stands) {
      if (this.#known.get(name) === on) continue;
      this.#known.set(name, on);
      const event = { what: inputWords[name][on ? 'on' : 'off'], upMs: this.#upMs() };
      this.#events = [...this.#events, event].slice(-EVENTS_KEPT);
      this.#onEvent();
    }
  }
}
