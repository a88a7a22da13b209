/** The machine's monotonic clock for the players: the same CLOCK_MONOTONIC that the agent's uptime reads, and a wait for one instant of it. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

/** CLOCK_MONOTONIC in milliseconds, with fractions. */
export const uptimeMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Timers fire up to two milliseconds late; from here on the event loop is turned instead of slept through. */
const nearMs = 3;

/** Resolves true at this uptime, at once if it is past; false as soon as the signal is aborted. */
export const waitUntil = async (atUpMs: number, signal: AbortSignal): Promise<boolean> => {
  const farMs = atUpMs - nearMs - uptimeMs();
  if (farMs > 0) await sleep(farMs, undefined, { signal }).catch(() => 'aborted');
  while (!signal.aborted && uptimeMs() < atUpMs) await turn();
  return !signal.aborted;
};
