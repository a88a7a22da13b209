/** A machine's uptime that stands still until it is moved: the time under every simulated device. */
import type { Uptime } from '../clock/seam.ts';

export class SimUptime implements Uptime {
  #bootId: string;
  #upMs: number;

  constructor(bootId = 'sim-boot-1', upMs = 60_000) {
    this.#bootId = bootId;
    this.#upMs = upMs;
  }

  get bootId(): string {
    return this.#bootId;
  }
  upMs(): number {
    return this.#upMs;
  }

  advance(ms: number): void {
    if (ms < 0) throw new Error('uptime never goes back');
    this.#upMs += ms;
  }

  /** The machine starts anew: another boot, counted from zero. */
  reboot(bootId: string): void {
    this.#bootId = bootId;
    this.#upMs = 0;
  }
}
