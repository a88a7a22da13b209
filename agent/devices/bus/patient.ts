/** A bus that tries again: a spike on a long cable costs one transfer, and shall not cost a relayed programme two seconds. */
import type { Bus, Pace } from './seam.ts';
import { BusFault } from './seam.ts';

/** Errors that come at once and may be gone at once: EIO, ENXIO, EAGAIN (lost arbitration), EREMOTEIO. */
const passing: ReadonlySet<number | null> = new Set([5, 6, 11, 121]);
const tries = 3;
const betweenMs = 5;

/** Every transfer may be repeated: the chips here take a register's value, never a step from it. */
export function patient(bus: Bus, pace: Pace): Bus {
  const again = async <T>(transfer: () => Promise<T>): Promise<T> => {
    for (let left = tries - 1; ; left--) {
      try {
        return await transfer();
      } catch (cause) {
        if (left === 0 || !(cause instanceof BusFault) || !passing.has(cause.errno)) throw cause;
      }
      await pace.wait(betweenMs);
    }
  };
  return {
    write: (address, bytes) => again(() => bus.write(address, bytes)),
    read: (address, sizeBytes) => again(() => bus.read(address, sizeBytes)),
    readAt: (address, register, sizeBytes) => again(() => bus.readAt(address, register, sizeBytes)),
    close: () => bus.close(),
  };
}
