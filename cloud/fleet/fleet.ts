/** What every box is to hold, says that it holds, and does: in memory, so that the view of 7,000 boxes costs no query. */
import { parseJson } from '../../shared/protocol/bytes.ts';
import type { Device } from '../../shared/protocol/schema/documents.ts';
import { boxGone } from '../../shared/wire/carrier.ts';
import type { BoxView, KeptRecord, Link } from '../../shared/wire/fleet.ts';
import { boxStatus } from '../../shared/wire/status.ts';
import type { Taken } from '../ingest/ingest.ts';
import { latestOf, wantedBy } from '../publish/live.ts';
import type { Live } from '../publish/live.ts';
import { boxViewOf, UNHEARD } from './box-view.ts';
import type { Heard, Versions } from './box-view.ts';
import { RECENT_RECORDS } from './box-rows.ts';

export type Fleet = {
  /** Whether the registrar has admitted this box and not revoked it. */
  isActive(dev: string): boolean;
  views(): readonly BoxView[];
  view(dev: string): BoxView | null;
  linked(dev: string, online: boolean): void;
  /** A message on the box's status topic; what is no status is dropped. */
  said(dev: string, payload: Uint8Array): void;
  uploaded(taken: Taken): void;
  /** Those of which something changed since the last call. */
  takeChanged(): readonly (readonly [string, Heard])[];
};

export type Lookout = {
  readonly now: () => number;
  readonly live: () => Live;
  readonly changed: (box: BoxView) => void;
};

export function openFleet({ now, live, changed }: Lookout, heard: Map<string, Heard>): Fleet {
  const dirty = new Set<string>();
  const heardOf = (dev: string): Heard => heard.get(dev) ?? UNHEARD;
  const view = (dev: string): BoxView => viewIn(live(), dev, heardOf(dev));
  const isKnown = (dev: string): boolean => heard.has(dev) || deviceIn(live(), dev) !== null;
  const update = (dev: string, next: Partial<Heard>): void => {
    heard.set(dev, { ...heardOf(dev), ...next });
    dirty.add(dev);
    changed(view(dev));
  };
  const seen = (dev: string): Link => ({ ...heardOf(dev).link, lastSeenAtMs: now() });
  return {
    isActive: (dev) => deviceIn(live(), dev)?.state === 'active',
    views: () => allViews(live(), heard),
    view: (dev) => (isKnown(dev) ? view(dev) : null),
    linked(dev, online) {
      const state = online ? 'online' : 'silent';
      update(dev, { link: { state, lastSeenAtMs: now(), sinceMs: now() } });
    },
    said(dev, payload) {
      const message = parseJson(Buffer.from(payload).toString('utf8'));
      const status = boxStatus.safeParse(message).data;
      if (status?.dev === dev) {
        update(dev, { link: seen(dev), status, statusAtMs: now(), held: status.held });
      } else if (boxGone.safeParse(message).data?.dev === dev) {
        update(dev, { link: { ...heardOf(dev).link, state: 'silent', sinceMs: now() } });
      }
    },
    uploaded: ({ batch, kept, breaks, healed }) => {
      const { recent, breaks: before } = heardOf(batch.dev);
      update(batch.dev, {
        link: seen(batch.dev),
        held: batch.held,
        recent: newest(kept, recent),
        breaks: before + breaks.length - healed,
      });
    },
    takeChanged() {
      const taken = [...dirty].map((dev) => [dev, heardOf(dev)] as const);
      dirty.clear();
      return taken;
    },
  };
}

const newest = (kept: readonly KeptRecord[], recent: readonly KeptRecord[]): readonly KeptRecord[] =>
  [...kept.toReversed(), ...recent].slice(0, RECENT_RECORDS);

function deviceIn(live: Live, dev: string): Device | null {
  const document = live.docs.get(`device:${dev}`)?.document;
  return document?.typ === 'device' ? document : null;
}

function* devicesIn(live: Live): Generator<readonly [string, Device]> {
  for (const { document } of live.docs.values())
    if (document.typ === 'device') yield [document.dev, document];
}

function viewIn(live: Live, dev: string, heard: Heard): BoxView {
  const device = deviceIn(live, dev);
  return boxViewOf(dev, device, heard, wantedBy(live, dev, device?.area ?? null));
}

/** Boxes of one area want the same but for their own device document, so that part is put together once an area. */
function allViews(live: Live, heard: ReadonlyMap<string, Heard>): readonly BoxView[] {
  const ofArea = new Map<string, Versions>();
  const views: BoxView[] = [];
  for (const [dev, device] of devicesIn(live)) {
    const common = ofArea.get(device.area) ?? wantedBy(live, '', device.area);
    ofArea.set(device.area, common);
    const wanted = { ...common, ...latestOf(live, [`device:${dev}`]) };
    views.push(boxViewOf(dev, device, heard.get(dev) ?? UNHEARD, wanted));
  }
  for (const [dev, each] of heard) if (deviceIn(live, dev) === null) views.push(viewIn(live, dev, each));
  return views.toSorted((a, b) => compare(a.area ?? '', b.area ?? '') || compare(a.dev, b.dev));
}

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
