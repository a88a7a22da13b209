/** What the feed wants of the browser: a stream of events, two questions, and a clock. The only file that touches the network. */
import type { Text } from '../../../shared/messages/text.ts';
import { fleetEvent } from '../../../shared/wire/fleet.ts';
import type { FleetEvent } from '../../../shared/wire/fleet.ts';
import { placesAnswer, staffPaths } from '../../../shared/wire/staff.ts';
import { ask, askWhole } from './answers.ts';
import type { Asked, PlanShelf } from './answers.ts';
import type { Whole } from './state.ts';

/** `lost`: `isOver` where the browser does not try again by itself. */
export type Ears = {
  readonly opened: () => void;
  readonly event: (data: string) => void;
  readonly lost: (isOver: boolean) => void;
};

export type Wires = {
  /** Each returns the way to stop. */
  listen(ears: Ears): () => void;
  after(ms: number, work: () => void): () => void;
  whole(): Promise<Asked<Whole>>;
  /** The smallest question; null where it was answered, else why not. */
  pulse(): Promise<{ readonly why: Text | null } | null>;
  nowMs(): number;
};

const KINDS = fleetEvent.options.map((option) => option.shape.kind.value) satisfies FleetEvent['kind'][];

export function browserWires(stop: AbortSignal): Wires {
  const plans: PlanShelf = new Map();
  return {
    listen: listenTo,
    after(ms, work) {
      const timer = setTimeout(work, ms);
      return () => {
        clearTimeout(timer);
      };
    },
    whole: () => askWhole(plans, stop),
    async pulse() {
      const asked = await ask(staffPaths.areas, placesAnswer, stop);
      return asked.ok ? null : { why: asked.why };
    },
    nowMs: () => Date.now(),
  };
}

function listenTo({ opened, event, lost }: Ears): () => void {
  const stream = new EventSource(staffPaths.events);
  stream.onopen = opened;
  stream.onerror = () => {
    lost(stream.readyState === EventSource.CLOSED);
  };
  for (const kind of KINDS)
    stream.addEventListener(kind, (message: MessageEvent<string>) => {
      event(message.data);
    });
  return () => {
    stream.close();
  };
}
