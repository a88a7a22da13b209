/** Time under drivers that only goes when it is told: from one wait to the next, and as fast as the work is done. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Pace } from '../devices/bus/seam.ts';

type Waiter = { readonly atUpMs: number; readonly wake: () => void };

export class SimPace implements Pace {
  #upMs = 60_000;
  readonly #waiters = new Set<Waiter>();

  upMs(): number {
    return this.#upMs;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        atUpMs: this.#upMs + Math.max(0, ms),
        wake: () => {
          this.#waiters.delete(waiter);
          signal?.removeEventListener('abort', waiter.wake);
          resolve();
        },
      };
      this.#waiters.add(waiter);
      if (signal?.aborted === true) waiter.wake();
      else signal?.addEventListener('abort', waiter.wake);
    });
  }

  /** So much time goes by, with all that falls into it in its order. */
  async pass(ms: number): Promise<void> {
    const endUpMs = this.#upMs + ms;
    await turn();
    for (let next = this.#next(); next !== null && next.atUpMs <= endUpMs; next = this.#next()) {
      await this.#wake(next);
    }
    this.#upMs = endUpMs;
  }

  /** Time goes until this is settled, which is at once where it waits for nothing. */
  async until<T>(work: Promise<T>): Promise<T> {
    const end = { isThere: false };
    const note = (): void => {
      end.isThere = true;
    };
    work.then(note, note);
    await turn();
    while (!end.isThere) {
      const next = this.#next();
      if (next === null) throw new Error('nobody waits for the time, and the work does not end');
      await this.#wake(next);
    }
    return work;
  }

  async #wake(waiter: Waiter): Promise<void> {
    this.#upMs = Math.max(this.#upMs, waiter.atUpMs);
    waiter.wake();
    await turn();
  }

  #next(): Waiter | null {
    let next: Waiter | null = null;
    for (const waiter of this.#waiters) if (next === null || waiter.atUpMs < next.atUpMs) next = waiter;
    return next;
  }
}
