/** Tells every open page what has just changed; nobody listening is no loss, pages begin with a full view. */
import type { FleetEvent } from '../../shared/wire/fleet.ts';

export type EventStream = {
  send(event: FleetEvent): void;
  /** Returns the way to stop listening. */
  listen(listener: (event: FleetEvent) => void): () => void;
};

export function openEventStream(): EventStream {
  const listeners = new Set<(event: FleetEvent) => void>();
  return {
    send(event) {
      for (const listener of listeners) listener(event);
    },
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
