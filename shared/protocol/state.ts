/** What a box has accepted so far, as plain values that a store can keep as rows; `accept` returns a new one. */
import type { DocumentOf, DocumentType, Order, SignedDocument, Trust } from './schema/documents.ts';

/** Time as the box knows it: whole UTC seconds, `u` the uncertainty in seconds (protocol.md §6). */
export type Clock = {
  readonly state: 'SYNCED' | 'HOLDOVER' | 'FLOOR';
  readonly now: number;
  readonly u: number;
};

/** An accepted document: the envelope exactly as it came, and what its payload says. */
export type Stored<D extends SignedDocument = SignedDocument> = {
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly document: D;
};

/** The highest version that an id ever had here (protocol V17); kept when the document itself is dropped. */
export type VersionFloor = {
  /** For plans the epoch of the keyring they were accepted under, else 0. */
  readonly keyringEpoch: number;
  readonly epoch: number;
  readonly ver: number;
  readonly digest: string;
};

/** An order that came by radio (protocol.md §7): `frame` is its 76 bytes, `signer` the kid of its officer. */
export type FmOrder = {
  readonly frame: Uint8Array;
  readonly kind: 'template' | 'halt' | 'test';
  readonly area: string;
  /** Null: the built-in tone, or silence. */
  readonly template: { readonly area: string; readonly n: number } | null;
  readonly plays: number;
  readonly iat: number;
  readonly exp: number;
  readonly signer: string;
};

/**
 * One digest of the order table. `exp` is how long it must be remembered, `ended` that it may never sound
 * (again): named in an accepted `ends`, no longer authorised, or ended by a floorReset. Both forms are null
 * where only its digest is known.
 */
export type OrderRow = {
  readonly exp: number;
  readonly ended: boolean;
  readonly stored: Stored<Order> | null;
  readonly fm: FmOrder | null;
};

/** One order that a single officer had accepted, counted by protocol V16's RATE. */
export type OfficerInstant = { readonly kid: string; readonly halt: boolean; readonly at: number };

export type BoxState = {
  readonly prov: string;
  readonly dev: string;
  /** A time below which now cannot be. */
  readonly floor: number;
  readonly trust: Stored<Trust>;
  /** By id, all but trust and orders; the head too. */
  readonly docs: ReadonlyMap<string, Stored>;
  /** By id. */
  readonly floors: ReadonlyMap<string, VersionFloor>;
  /** By digest. */
  readonly orders: ReadonlyMap<string, OrderRow>;
  readonly clearedAt: number;
  readonly haltedAt: number;
  readonly stoppedAt: number;
  readonly officerInstants: readonly OfficerInstant[];
  /** After a lost database: nothing but trust is taken until this version is reached again (protocol D4). */
  readonly trustFloor: { readonly ver: number; readonly digest: string } | null;
  /** Database and floors were both lost: silent until a head with my nonce comes (protocol D4). */
  readonly quarantined: boolean;
};

/** The answers of `accept`; protocol.md §4 says which check gives which. */
export type Code =
  | 'ACCEPTED'
  | 'TOO_BIG'
  | 'BAD_JSON'
  | 'BAD_ENVELOPE'
  | 'BAD_B64'
  | 'BAD_ENCODING'
  | 'NOT_CANONICAL'
  | 'BAD_HEADER'
  | 'DUP_SIGNER'
  | 'UNSUPPORTED_TYPE'
  | 'BAD_SCHEMA'
  | 'BAD_TIMES'
  | 'TYPE_MISMATCH'
  | 'WRONG_PROVINCE'
  | 'NOT_FOR_ME'
  | 'BAD_ID'
  | 'DUPLICATE'
  | 'REPLAY'
  | 'ROLLBACK'
  | 'GAP'
  | 'THRESHOLD'
  | 'EQUIVOCATION'
  | 'BAD_KID'
  | 'WEAK_KEY'
  | 'BAD_GRANT'
  | 'TTL_TOO_LONG'
  | 'FROM_FUTURE'
  | 'TRUST_EXPIRED'
  | 'ESCALATION'
  | 'NO_GRANT'
  | 'KEYRING_EXPIRED'
  | 'OLD_EPOCH'
  | 'NEED_NEWER_TRUST'
  | 'EXPIRED'
  | 'NO_TIME'
  | 'BAD_NONCE'
  | 'TIME_JUMP'
  | 'TIME_DISPUTE'
  | 'SUPERSEDED'
  | 'RATE';
export type Rejection = Exclude<Code, 'ACCEPTED'>;

/** A box that has nothing but its factory trust, which is taken as it is. */
export function initialState(box: {
  prov: string;
  dev: string;
  floor: number;
  trust: Stored<Trust>;
}): BoxState {
  return {
    prov: box.prov,
    dev: box.dev,
    floor: Math.max(box.floor, box.trust.document.iat),
    trust: box.trust,
    docs: new Map(),
    floors: new Map(),
    orders: new Map(),
    clearedAt: 0,
    haltedAt: 0,
    stoppedAt: 0,
    officerInstants: [],
    trustFloor: null,
    quarantined: false,
  };
}

/** The stored document of this type and id; `templates:56.22366` for instance. */
export function storedOf<T extends Exclude<DocumentType, 'trust' | 'order'>>(
  state: BoxState,
  typ: T,
  id: string,
): Stored<DocumentOf<T>> | undefined {
  const stored = state.docs.get(id);
  return stored !== undefined && isStored(stored, typ) ? stored : undefined;
}

/** All stored documents of this type, in the order in which their ids came. */
export function documentsOf<T extends Exclude<DocumentType, 'trust' | 'order'>>(
  state: BoxState,
  typ: T,
): DocumentOf<T>[] {
  return [...state.docs.values()].flatMap((stored) => (isStored(stored, typ) ? [stored.document] : []));
}

export function isStored<T extends DocumentType>(stored: Stored, typ: T): stored is Stored<DocumentOf<T>> {
  return stored.document.typ === typ;
}
