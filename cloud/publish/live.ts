/** What the province has published, as the cloud serves it: the trust in force and the newest document of every id. */
import { followedIds } from '../../shared/wire/follow.ts';
import type { SignedDocument, Trust } from '../../shared/protocol/schema/documents.ts';
import type { BoxState, Stored, VersionFloor } from '../../shared/protocol/state.ts';

/** Replaced as a whole by each publication, never changed. */
export type Live = {
  readonly trust: Stored<Trust>;
  /** By id; no trust, no head, no order. */
  readonly docs: ReadonlyMap<string, Stored>;
  /** protocol V17, by id. */
  readonly floors: ReadonlyMap<string, VersionFloor>;
};

/** A box that stands nowhere but in the cloud's head: it lets `accept` judge as a real one in that area would. */
const NOBODY = 'd-aaaaaaaaaaaaaaaa';

/** The areas for which a box has to stand to be meant by this document; an order's first will do for all. */
function homeOf(document: SignedDocument): string | null {
  switch (document.typ) {
    case 'trust':
    case 'head':
    case 'release':
      return null;
    case 'order':
      return document.scope[0] ?? null;
    case 'keyring':
    case 'plan':
    case 'templates':
    case 'fmplan':
    case 'device':
      return document.area;
  }
}

/**
 * The state of a box to which this document is addressed and which holds all that was published for it.
 * The cloud has no clear, halt or stop of its own (they are instants of boxes, each in its area), so it refuses
 * no order as SUPERSEDED: which order outlasts which is for every box to say.
 */
export function asBoxOf(
  live: Live,
  document: SignedDocument,
  isKnownOrder: boolean,
  digest: string,
): BoxState {
  const dev = document.typ === 'device' ? document.dev : NOBODY;
  return {
    prov: live.trust.document.prov,
    dev,
    floor: live.trust.document.iat,
    trust: live.trust,
    docs: heldFor(live, document, dev),
    floors: live.floors,
    orders: isKnownOrder
      ? new Map([[digest, { exp: document.exp, ended: false, stored: null, fm: null }]])
      : new Map(),
    clearedAt: 0,
    haltedAt: 0,
    stoppedAt: 0,
    officerInstants: [],
    trustFloor: null,
    quarantined: false,
  };
}

function heldFor(live: Live, document: SignedDocument, dev: string): ReadonlyMap<string, Stored> {
  // A new trust may take the ground from any document (V18), so it is judged against them all.
  if (document.typ === 'trust') return live.docs;
  const home = homeOf(document);
  const ids = ['release:agent', ...followedIds(dev, home)];
  const held = new Map<string, Stored>();
  for (const id of ids) {
    const stored = live.docs.get(id);
    if (stored !== undefined) held.set(id, stored);
  }
  if (home !== null && document.typ !== 'device') held.set(`device:${NOBODY}`, nobodyIn(live, home));
  return held;
}

const nobodyIn = (live: Live, area: string): Stored => ({
  bytes: new Uint8Array(),
  digest: '',
  document: {
    typ: 'device',
    v: 1,
    prov: live.trust.document.prov,
    id: `device:${NOBODY}`,
    epoch: 0,
    ver: 1,
    iat: 0,
    exp: 0,
    dev: NOBODY,
    area,
    state: 'active',
    tags: [],
    volumeMax: 0,
    quiet: null,
    clockless: 'silent',
  },
});

/** What one publication changed. */
export type Change = {
  readonly live: Live;
  /** Ids that lost their ground (protocol V18) and are served no more. */
  readonly dropped: readonly string[];
};

/** After `accept` took `document`: `before` is the state it was given, `after` the one it gave back. */
export function applied(live: Live, document: SignedDocument, before: BoxState, after: BoxState): Change {
  const dropped = [...before.docs.keys()].filter((id) => !after.docs.has(id));
  const docs = new Map(live.docs);
  for (const id of dropped) docs.delete(id);
  const stored = after.docs.get(document.id);
  if (stored !== undefined && document.typ !== 'order') docs.set(document.id, stored);
  return { live: { trust: after.trust, docs, floors: after.floors }, dropped };
}

type Versions = Record<string, { epoch: number; ver: number }>;

/** The newest version of each of these ids that has been published. */
export function latestOf(live: Live, ids: Iterable<string>): Versions {
  const versions: Versions = {};
  for (const id of ids) {
    const stored = id === 'trust' ? live.trust : live.docs.get(id);
    if (stored !== undefined) versions[id] = { epoch: stored.document.epoch, ver: stored.document.ver };
  }
  return versions;
}

/** Everything that a box in this area is to hold. */
export const wantedBy = (live: Live, dev: string, area: string | null): Versions =>
  latestOf(live, ['trust', 'release:agent', ...followedIds(dev, area)]);
