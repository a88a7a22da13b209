/** What sounded or showed when the agent was killed or the power went: its record is closed when the agent comes up. */
import type { ClockReading } from './clock/seam.ts';
import { NotKept } from './store/store.ts';
import type { Begun, Store } from './store/store.ts';

export function closeLeftOpen(
  store: Pick<Store, 'begun' | 'end' | 'forget'>,
  reading: ClockReading,
  log: (line: string) => void,
): void {
  for (const begun of store.begun())
    log(`${close(begun, store, reading)} ${begun.key}: the agent or the machine had gone away`);
}

/** On a full disk it stays open, and the box starts all the same. */
function close(
  { key, record }: Begun,
  store: Pick<Store, 'end' | 'forget'>,
  { state, nowMs }: ClockReading,
): 'closed' | 'forgot' | 'could not close' {
  // Got ready for an instant that has not come yet: it was never heard, and is to be heard whole. One that goes by the
  // time of a station (protocol C6) may lie ahead, and was heard all the same.
  const isByOwn = state !== 'FLOOR' && record.clock.radio === undefined;
  const isAhead = isByOwn && (record.startedAtMs ?? -Infinity) > nowMs;
  try {
    if (isAhead) {
      store.forget(key);
      return 'forgot';
    }
    store.end(key, { ...record, endCause: 'power' });
    return 'closed';
  } catch (cause) {
    if (!(cause instanceof NotKept)) throw cause;
    return 'could not close';
  }
}
