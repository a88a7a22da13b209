/** Remembers what failed, so that a box on mobile data does not fetch the same refused bytes every few minutes. */

type Entry = { readonly notBefore: number; readonly wait: number };

/** Times are of one's own monotonic clock, in milliseconds. */
export class RetryLater {
  readonly #first: number;
  readonly #most: number;
  readonly #entries = new Map<string, Entry>();

  constructor(firstMs: number, mostMs: number) {
    this.#first = firstMs;
    this.#most = mostMs;
  }

  /** Whether `key` is to be left alone at this time. */
  holds(key: string, upMs: number): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && upMs < entry.notBefore;
  }

  failed(key: string, upMs: number): void {
    const last = this.#entries.get(key)?.wait;
    const wait = last === undefined ? this.#first : Math.min(this.#most, 2 * last);
    this.#keep(key, { notBefore: upMs + wait, wait });
  }

  /** Trying again would bring the same; until the agent starts anew, or everything is forgotten. */
  giveUp(key: string): void {
    this.#keep(key, { notBefore: Number.POSITIVE_INFINITY, wait: this.#most });
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }

  forgetAll(): void {
    this.#entries.clear();
  }

  /** A hostile carrier can name as many keys as it likes; only so many are kept. */
  #keep(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const oldest = this.#entries.keys().next();
    if (this.#entries.size > 1024 && oldest.done !== true) this.#entries.delete(oldest.value);
  }
}
