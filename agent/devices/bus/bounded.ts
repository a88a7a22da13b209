/** A bus that answers in bounded time: a call that hangs is given up, and nothing is sent after it until it has ended. */
import type { Bus, Pace } from './seam.ts';
import { BusFault } from './seam.ts';

const hung = (): BusFault => new BusFault('the I2C bus hangs: no answer from the adapter');

/**
 * One transfer at a time, in the order asked. A transfer that does not end within `limitMs` rejects; while it is still
 * under way every other one rejects at once, so that a dead adapter takes one thread of Node's pool and not all four.
 */
export function bounded(bus: Bus, pace: Pace, limitMs: number): Bus {
  let last: Promise<unknown> = Promise.resolve();
  let isHung = false;

  const limited = async <T>(transfer: () => Promise<T>): Promise<T> => {
    if (isHung) throw hung();
    const over = new AbortController();
    const running = transfer().finally(() => {
      isHung = false;
      over.abort();
    });
    const late = pace.wait(limitMs, over.signal).then(() => {
      if (over.signal.aborted) return running;
      isHung = true;
      throw hung();
    });
    return Promise.race([running, late]);
  };
  const inTurn = <T>(transfer: () => Promise<T>): Promise<T> => {
    const mine = last.then(() => limited(transfer));
    last = mine.catch(() => undefined);
    return mine;
  };

  return {
    write: (address, bytes) => inTurn(() => bus.write(address, bytes)),
    read: (address, sizeBytes) => inTurn(() => bus.read(address, sizeBytes)),
    readAt: (address, register, sizeBytes) => inTurn(() => bus.readAt(address, register, sizeBytes)),
    close: () => inTurn(() => bus.close()),
  };
}
