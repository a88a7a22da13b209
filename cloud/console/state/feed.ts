/** Keeps the page's state in step with the cloud: everything once, then each change as a server-sent event, and again after a loss. */
import type { z } from 'zod';
import { consoleMessages } from '../../../shared/messages/console.ts';
import type { Text } from '../../../shared/messages/text.ts';
import { parseJson } from '../../../shared/protocol/bytes.ts';
import { fleetEvent } from '../../../shared/wire/fleet.ts';
import type { FleetEvent } from '../../../shared/wire/fleet.ts';
import { placesAnswer, staffPaths } from '../../../shared/wire/staff.ts';
import { ask, askWhole } from './answers.ts';
import type { PlanShelf } from './answers.ts';
import type { News } from './state.ts';

const KINDS: readonly FleetEvent['kind'][] = ['box', 'record', 'break', 'draft', 'published', 'order'];

/** A stream that says nothing may be dead: a small question shows it. */
const PULSE_MS = 15_000;
/** After a stream that the browser has given up. */
const AGAIN_MS = 3000;
/** Publications come in bunches. */
const SOON_MS = 400;

/** Returns the way to stop. */
export function follow(tell: (news: News) => void): () => void {
  const feed = new Feed(tell);
  feed.open();
  return () => {
    feed.close();
  };
}

class Feed {
  readonly #tell: (news: News) => void;
  readonly #stop = new AbortController();
  readonly #plans: PlanShelf = new Map();
  #stream: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (news: News) => void) {
    this.#tell = tell;
  }

  open(): void {
    const stream = new EventSource(staffPaths.events);
    this.#stream = stream;
    stream.onopen = () => {
      this.#in(0, () => this.#askWhole());
    };
    stream.onerror = () => {
      this.#lost(stream);
    };
    for (const kind of KINDS)
      stream.addEventListener(kind, (message: MessageEvent<string>) => {
        this.#event(message.data);
      });
  }

  close(): void {
    this.#stop.abort();
    this.#stream?.close();
    clearTimeout(this.#timer);
  }

  #event(data: string): void {
    const event = fleetEvent.safeParse(parseJson(data));
    if (!event.success) {
      this.#say(consoleMessages.strangeAnswer);
      return;
    }
    this.#tell({ kind: 'event', event: event.data });
    if (event.data.kind === 'published') this.#in(SOON_MS, () => this.#askWhole());
  }

  /** The browser tries again by itself, but for an answer that is no stream. */
  #lost(stream: EventSource): void {
    this.#say(null);
    clearTimeout(this.#timer);
    if (stream.readyState !== EventSource.CLOSED) return;
    this.#in(AGAIN_MS, () => {
      this.open();
      return this.#ask(staffPaths.areas, placesAnswer);
    });
  }

  async #askWhole(): Promise<void> {
    const asked = await askWhole(this.#plans, this.#stop.signal);
    if (this.#stop.signal.aborted) return;
    if (asked.ok) {
      this.#tell({ kind: 'whole', whole: asked.value, atMs: Date.now() });
      this.#in(PULSE_MS, () => this.#pulse());
    } else {
      this.#say(asked.why);
      this.#in(AGAIN_MS, () => this.#askWhole());
    }
  }

  async #pulse(): Promise<void> {
    const isThere = await this.#ask(staffPaths.areas, placesAnswer);
    if (isThere) this.#in(PULSE_MS, () => this.#pulse());
    else this.#in(AGAIN_MS, () => this.#askWhole());
  }

  /** Says so where the answer is none. */
  async #ask<T>(path: string, schema: z.ZodType<T>): Promise<boolean> {
    const asked = await ask(path, schema, this.#stop.signal);
    if (!asked.ok && !this.#stop.signal.aborted) this.#say(asked.why);
    return asked.ok;
  }

  /** One thing waits at a time: what is asked for later stands for what waited. */
  #in(ms: number, work: () => Promise<unknown>): void {
    clearTimeout(this.#timer);
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => {
      void work();
    }, ms);
  }

  #say(why: Text | null): void {
    this.#tell({ kind: 'lost', atMs: Date.now(), why });
  }
}
