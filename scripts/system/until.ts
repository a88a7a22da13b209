/** Waits of the whole-system tests: for something that happens, never for a time that should do, and never for ever. */
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 25;
/** Two cores shared with neighbours are slow at times; what never comes is still told soon. */
const MOST_MS = 20_000;

/** What `look` finds once it finds something; throws, saying what was waited for, where it never does. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  mostMs = MOST_MS,
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + mostMs;
  for (;;) {
    const found = await look();
    if (isFound(found)) return found;
    if (performance.now() > end) throw new Error(`${what} did not come within ${mostMs} ms`);
    await sleep(LOOK_MS);
  }
}

function isFound<T>(found: T): found is Exclude<T, false | null | undefined> {
  return found !== undefined && found !== null && found !== false;
}
