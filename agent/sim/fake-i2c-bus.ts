/** An I2C bus in memory, under the real drivers: chips answer at their addresses byte by byte, wires break on request. */
import { BusFault } from '../devices/bus/seam.ts';
import type { Bus, Pace } from '../devices/bus/seam.ts';

/** A chip as the bus sees it; `register` is given where it was named in the same transfer. */
export interface FakeChip {
  readonly addresses: readonly number[];
  write(address: number, bytes: Uint8Array): void;
  read(address: number, sizeBytes: number, register: number | null): Uint8Array;
}

export type Transfer = { readonly upMs: number; readonly what: 'write' | 'read'; readonly address: number };

/** The adapter of the kernel gives up after a second. */
const stuckMs = 1_000;
const [noDevice, timedOut, noAnswer] = [19, 110, 121];

export class FakeI2cBus {
  readonly #pace: Pace;
  readonly #chips = new Set<FakeChip>();
  readonly #unplugged = new Set<FakeChip>();
  readonly transfers: Transfer[] = [];
  #mode: 'works' | 'stuck' | 'hangs' | 'gone' = 'works';
  #released: () => void = () => undefined;
  #release: Promise<void> = Promise.resolve();
  #failNext: number[] = [];
  #isBusy = false;
  /** How often the adapter was taken out: what was opened before stays dead, as a file of Linux does. */
  #removals = 0;
  opened = 0;
  closed = 0;

  constructor(pace: Pace, chips: readonly FakeChip[]) {
    this.#pace = pace;
    for (const chip of chips) this.#chips.add(chip);
  }

  /** As /dev/i2c-N is opened: also where nothing is behind it. */
  open(): Bus {
    this.opened += 1;
    const removals = this.#removals;
    let isOpen = true;
    const using = <T>(address: number, what: Transfer['what'], act: (chip: FakeChip) => T): Promise<T> => {
      if (!isOpen) throw new Error('a transfer on a closed bus');
      return this.#transfer(address, what, act, removals);
    };
    return {
      write: (address, bytes) =>
        using(address, 'write', (chip) => {
          chip.write(address, bytes);
        }),
      read: (address, sizeBytes) => using(address, 'read', (chip) => chip.read(address, sizeBytes, null)),
      readAt: (address, register, sizeBytes) =>
        using(address, 'read', (chip) => chip.read(address, sizeBytes, register)),
      close: () => {
        isOpen = false;
        this.closed += 1;
        return Promise.resolve();
      },
    };
  }

  unplug(chip: FakeChip): void {
    this.#unplugged.add(chip);
  }

  plug(chip: FakeChip): void {
    this.#unplugged.delete(chip);
  }

  /** A line is held low: every transfer takes a second and fails. */
  stick(): void {
    this.#mode = 'stuck';
  }

  /** The adapter itself is gone, as one on USB can be. */
  remove(): void {
    this.#mode = 'gone';
    this.#removals += 1;
  }

  /** No transfer ends, until it is freed. */
  hang(): void {
    this.#mode = 'hangs';
    this.#release = new Promise((resolve) => {
      this.#released = resolve;
    });
  }

  free(): void {
    this.#mode = 'works';
    this.#released();
  }

  failNext(...errnos: readonly number[]): void {
    this.#failNext.push(...errnos);
  }

  async #transfer<T>(
    address: number,
    what: Transfer['what'],
    act: (chip: FakeChip) => T,
    removals: number,
  ): Promise<T> {
    if (this.#isBusy) throw new Error('two transfers at once');
    this.#isBusy = true;
    this.transfers.push({ upMs: this.#pace.upMs(), what, address });
    try {
      await this.#trouble(removals !== this.#removals);
      const chip = [...this.#chips].find((each) => each.addresses.includes(address));
      if (chip === undefined || this.#unplugged.has(chip)) throw new BusFault('nothing answers', noAnswer);
      return act(chip);
    } finally {
      this.#isBusy = false;
    }
  }

  async #trouble(isOfRemoved: boolean): Promise<void> {
    const errno = this.#failNext.shift();
    if (errno !== undefined) throw new BusFault(`error ${errno}`, errno);
    if (this.#mode === 'gone' || isOfRemoved) throw new BusFault('the adapter is gone', noDevice);
    if (this.#mode === 'hangs') await this.#release;
    if (this.#mode === 'stuck') {
      await this.#pace.wait(stuckMs);
      throw new BusFault('the bus is stuck', timedOut);
    }
  }
}
