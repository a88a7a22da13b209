/** The machine's own time for drivers: CLOCK_MONOTONIC and Node's timers. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pace } from './seam.ts';

export const machinePace: Pace = {
  upMs: () => Number(process.hrtime.bigint()) / 1e6,
  wait: async (ms, signal) => {
    await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
      if (signal?.aborted !== true) throw cause;
    });
  },
};
