/** The machine's uptime as Linux tells it. */
import { readFileSync } from 'node:fs';
import type { Rtc, Uptime } from './seam.ts';

export class LinuxUptime implements Uptime {
  readonly bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

  /** CLOCK_MONOTONIC: nobody can set it. */
  upMs(): number {
    return Number(process.hrtime.bigint()) / 1e6;
  }
}

/** A box without a clock chip. */
export const noRtc: Rtc = {
  read: () => ({ ok: false, reason: 'absent' }),
  set: (_, done) => {
    done(false);
  },
};
