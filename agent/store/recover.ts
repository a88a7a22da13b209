/** What a box believes after it opened its disk: the database, the second copy, or what is left of them (protocol D4). Pure. */
import type { BoxState, OrderRow, VersionFloor } from '../../shared/protocol/state.ts';
import type { FloorsCopy } from './floors.ts';

export type Found = {
  /** Null: never made, corrupt, or made for another box. */
  readonly database: BoxState | null;
  readonly copy: FloorsCopy | null;
  /** The state of a box that has nothing but its factory trust. */
  readonly factory: BoxState;
  /** The third place says that this box once held a device document. */
  readonly enrolled: boolean;
  /** UTC seconds at which this agent was built: it cannot be earlier. */
  readonly buildTime: number;
};

export function recovered({ database, copy, factory, enrolled, buildTime }: Found): BoxState {
  const start = database ?? factory;
  const state = copy === null ? start : merged(start, copy);
  return {
    ...state,
    floor: Math.max(state.floor, buildTime),
    quarantined: database?.quarantined ?? copy?.quarantined ?? enrolled,
  };
}

/** The one with the higher trust version counts whole; between equals the greater of each. */
function merged(state: BoxState, copy: FloorsCopy): BoxState {
  const version = state.trustFloor?.ver ?? state.trust.document.ver;
  if (copy.trust.ver < version) return state;
  const behind = state.trust.document.ver < copy.trust.ver || state.trust.digest !== copy.trust.digest;
  const trustFloor = behind ? copy.trust : state.trustFloor;
  return copy.trust.ver > version
    ? { ...state, ...replaced(state, copy), trustFloor }
    : { ...state, ...greater(state, copy), trustFloor };
}

type Lines = Pick<BoxState, 'floor' | 'floors' | 'orders' | 'clearedAt' | 'haltedAt' | 'stoppedAt'>;

function replaced(state: BoxState, copy: FloorsCopy): Lines {
  const { floor, clearedAt, haltedAt, stoppedAt } = copy;
  return {
    floor,
    clearedAt,
    haltedAt,
    stoppedAt,
    floors: new Map(Object.entries(copy.floors)),
    orders: new Map(
      Object.entries(copy.orders).map(([digest, row]) => [digest, withForms(row, state.orders.get(digest))]),
    ),
  };
}

function greater(state: BoxState, copy: FloorsCopy): Lines {
  const floors = new Map(state.floors);
  for (const [id, floor] of Object.entries(copy.floors)) {
    const mine = floors.get(id);
    if (mine === undefined || isHigher(floor, mine)) floors.set(id, floor);
  }
  const orders = new Map(state.orders);
  for (const [digest, { exp, ended }] of Object.entries(copy.orders)) {
    const mine = orders.get(digest);
    orders.set(
      digest,
      withForms({ exp: Math.max(exp, mine?.exp ?? 0), ended: ended || mine?.ended === true }, mine),
    );
  }
  return {
    floor: Math.max(state.floor, copy.floor),
    floors,
    orders,
    clearedAt: Math.max(state.clearedAt, copy.clearedAt),
    haltedAt: Math.max(state.haltedAt, copy.haltedAt),
    stoppedAt: Math.max(state.stoppedAt, copy.stoppedAt),
  };
}

/** Of an order that only the copy knows, the digest is known and nothing to sound: it answers REPLAY. */
const withForms = (row: { exp: number; ended: boolean }, known: OrderRow | undefined): OrderRow => ({
  exp: row.exp,
  ended: row.ended,
  stored: known?.stored ?? null,
  fm: known?.fm ?? null,
});

function isHigher(one: VersionFloor, other: VersionFloor): boolean {
  if (one.keyringEpoch !== other.keyringEpoch) return one.keyringEpoch > other.keyringEpoch;
  if (one.epoch !== other.epoch) return one.epoch > other.epoch;
  return one.ver > other.ver;
}
