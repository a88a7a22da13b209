/** Keeps who had the restricted shell of the cabinet open and when: on the disk, in the log, and as a condition that the province sees. */
import type { ClockReading } from './clock/seam.ts';
import { NotKept } from './store/store.ts';
import type { Store } from './store/store.ts';

export type ConsoleLogParts = {
  readonly store: Pick<Store, 'noteConsole' | 'lastConsoleAtMs'>;
  readonly readClock: () => ClockReading;
  readonly log: (line: string) => void;
};

const DAY_MS = 86_400_000;

export class ConsoleLog {
  readonly #parts: ConsoleLogParts;
  #open = 0;
  #lastAtMs: number | null;

  /** A kill of the agent leaves an opening without its closing: the day counts from there. */
  constructor(parts: ConsoleLogParts) {
    this.#parts = parts;
    this.#lastAtMs = parts.store.lastConsoleAtMs();
  }

  /** What closes it again. On a full disk the log and the condition remain. */
  opened(): () => void {
    this.#open += 1;
    this.#note('CONSOLE_OPENED');
    return () => {
      this.#open -= 1;
      this.#note('CONSOLE_CLOSED');
    };
  }

  /** A shell is open, or was within a day. */
  isRecent(): boolean {
    const { nowMs } = this.#parts.readClock();
    return this.#open > 0 || (this.#lastAtMs !== null && nowMs - this.#lastAtMs < DAY_MS);
  }

  #note(code: 'CONSOLE_OPENED' | 'CONSOLE_CLOSED'): void {
    const { store, readClock, log } = this.#parts;
    const atMs = Math.floor(readClock().nowMs);
    this.#lastAtMs = atMs;
    log(code === 'CONSOLE_OPENED' ? 'console: the shell was opened' : 'console: the shell was closed');
    try {
      store.noteConsole(atMs, code);
    } catch (cause) {
      if (!(cause instanceof NotKept)) throw cause;
      log(`console: ${code} could not be kept: ${cause.message}`);
    }
  }
}
