/** The seam of an I2C bus: bytes to and from an address, and the time by which the drivers above it wait. */

/** Addresses are the seven bits. Every call may reject, with a `BusFault` only; none answers later than its time limit. */
export interface Bus {
  write(address: number, bytes: Uint8Array): Promise<void>;
  /** Reads from where the chip itself begins. */
  read(address: number, sizeBytes: number): Promise<Uint8Array>;
  /** Names a register, then reads without letting the bus go (repeated start). */
  readAt(address: number, register: number, sizeBytes: number): Promise<Uint8Array>;
  /** Rejects only while a transfer hangs; it may be asked again. */
  close(): Promise<void>;
}

/** Monotonic time and a wait, so that a test can let hours pass. */
export interface Pace {
  upMs(): number;
  /** Ends early, without rejecting, when the signal is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What is wrong on the bus; the message says it in words. */
export class BusFault extends Error {
  readonly errno: number | null;
  constructor(message: string, errno: number | null = null) {
    super(message);
    this.name = 'BusFault';
    this.errno = errno;
  }
}
