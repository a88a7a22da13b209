/** Keeps the page's state in step with the cloud: everything once, then each change as a server-sent event, and again after a loss. */
import { consoleMessages } from '../../../shared/messages/console.ts';
import type { Text } from '../../../shared/messages/text.ts';
import { parseJson } from '../../../shared/protocol/bytes.ts';
import { fleetEvent } from '../../../shared/wire/fleet.ts';
import type { News } from './state.ts';
import type { Wires } from './wires.ts';

/** A stream that says nothing may be dead: a small question shows it. */
const PULSE_MS = 15_000;
/** After an answer that was none, and a stream that the browser has given up. */
const AGAIN_MS = 3000;
/** Publications come in bunches. */
const SOON_MS = 400;

export class Feed {
  readonly #tell: (news: News) => void;
  readonly #wires: Wires;
  #hangUp: () => void = () => undefined;
  #forget: () => void = () => undefined;
  #isClosed = false;

  constructor(tell: (news: News) => void, wires: Wires) {
    this.#tell = tell;
    this.#wires = wires;
  }

  open(): void {
    this.#hangUp = this.#wires.listen({
      opened: () => {
        this.#in(0, () => this.#askWhole());
      },
      event: (data) => {
        this.#event(data);
      },
      lost: (isOver) => {
        this.#lost(isOver);
      },
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#hangUp();
    this.#forget();
  }

  #event(data: string): void {
    const event = fleetEvent.safeParse(parseJson(data));
    if (!event.success) {
      this.#say(consoleMessages.strangeAnswer);
      return;
    }
    this.#tell({ kind: 'event', event: event.data });
    // What boxes are to hold has changed with it, and a plan may be new.
    if (event.data.kind === 'published') this.#in(SOON_MS, () => this.#askWhole());
  }

  #lost(isOver: boolean): void {
    this.#say(null);
    this.#forget();
    if (!isOver) return;
    this.#hangUp();
    this.#in(AGAIN_MS, async () => {
      this.open();
      await this.#sayWhyNot();
    });
  }

  async #askWhole(): Promise<void> {
    const asked = await this.#wires.whole();
    if (this.#isClosed) return;
    if (asked.ok) {
      this.#tell({ kind: 'whole', whole: asked.value, atMs: this.#wires.nowMs() });
      this.#in(PULSE_MS, () => this.#pulse());
    } else {
      this.#say(asked.why);
      this.#in(AGAIN_MS, () => this.#askWhole());
    }
  }

  async #pulse(): Promise<void> {
    if (await this.#sayWhyNot()) this.#in(AGAIN_MS, () => this.#askWhole());
    else this.#in(PULSE_MS, () => this.#pulse());
  }

  /** True where there was no answer. */
  async #sayWhyNot(): Promise<boolean> {
    const not = await this.#wires.pulse();
    if (not !== null && !this.#isClosed) this.#say(not.why);
    return not !== null;
  }

  /** One thing waits at a time: what comes later stands for what waited. */
  #in(ms: number, work: () => Promise<void>): void {
    this.#forget();
    if (this.#isClosed) return;
    this.#forget = this.#wires.after(ms, () => {
      void work();
    });
  }

  #say(why: Text | null): void {
    this.#tell({ kind: 'lost', atMs: this.#wires.nowMs(), why });
  }
}
