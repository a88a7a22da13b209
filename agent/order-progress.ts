/** How far each accepted order has come: on the disk where there is room, in memory where there is none, and never in the future. */
import type { OrderProgress, Store } from './store/store.ts';
import { NotKept } from './store/store.ts';

export class OrderProgresses {
  readonly #store: Pick<Store, 'orderProgress' | 'keepOrderProgress'>;
  /** What the disk did not take: a full card is no reason to withhold an order, or to sound it again. */
  readonly #unkept = new Map<string, OrderProgress>();

  constructor(store: Pick<Store, 'orderProgress' | 'keepOrderProgress'>) {
    this.#store = store;
  }

  /** An order begins when the box first sees it on the disk (protocol V20), or now where a head has set the clock back behind that. */
  of(digests: readonly string[], nowMs: number): ReadonlyMap<string, OrderProgress> {
    const known = this.#known();
    const atMs = Math.floor(nowMs);
    for (const digest of digests) {
      const past = known.get(digest);
      if (past !== undefined && past.begunAtMs <= atMs) continue;
      const begun = { ...(past ?? { digest, heard: 0, playsHeard: 0, toned: false }), begunAtMs: atMs };
      this.#keep(begun);
      known.set(digest, begun);
    }
    return known;
  }

  /** What came of an order that is not known any more is nobody's concern. */
  note({ digest, heard, playsHeard, toned }: Omit<OrderProgress, 'begunAtMs'>): void {
    const past = this.#known().get(digest);
    if (past !== undefined) this.#keep({ ...past, heard, playsHeard, toned });
  }

  #known(): Map<string, OrderProgress> {
    const kept = this.#store.orderProgress().map((each) => [each.digest, each] as const);
    return new Map([...kept, ...this.#unkept]);
  }

  #keep(progress: OrderProgress): void {
    try {
      this.#store.keepOrderProgress(progress);
      this.#unkept.delete(progress.digest);
    } catch (cause) {
      if (!(cause instanceof NotKept)) throw cause;
      this.#unkept.set(progress.digest, progress);
    }
  }
}
