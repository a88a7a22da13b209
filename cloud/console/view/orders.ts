/** Orders in force as the page's banners show them: who signed, where, and how far they have come. */
import { orderKindInWords } from '../../../shared/messages/console.ts';
import type { Text } from '../../../shared/messages/text.ts';
import { covers } from '../../../shared/protocol/areas.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';
import type { LiveOrder } from '../../../shared/wire/staff.ts';
import { placeName } from './places.ts';
import type { Places } from './places.ts';
import type { Tone } from './tone.ts';

export type OrderBanner = {
  readonly digest: string;
  readonly kind: Text;
  /** What people hear or read; null where no box has named it yet. */
  readonly words: string | null;
  readonly places: readonly Text[];
  readonly holders: readonly string[];
  readonly signedAtMs: number;
  readonly endsAtMs: number;
  /** Boxes of its scope, those that sound or show it now, and those that have done so. */
  readonly boxes: number;
  readonly on: number;
  readonly done: number;
  readonly tone: Tone;
};

/** Newest first; an order that has ended is none. */
export function bannersOf(
  orders: readonly LiveOrder[],
  boxes: readonly BoxView[],
  { places, nowMs }: { readonly places: Places; readonly nowMs: number },
): readonly OrderBanner[] {
  return orders
    .filter(({ exp }) => exp * 1000 > nowMs)
    .toSorted((a, b) => b.publishedAtMs - a.publishedAtMs)
    .map((order) => bannerOf(order, boxes, places));
}

function bannerOf(order: LiveOrder, boxes: readonly BoxView[], places: Places): OrderBanner {
  const meant = boxes.filter(({ area }) => area !== null && order.scope.some((each) => covers(each, area)));
  const on = meant.filter((box) => isOn(box, order.digest));
  const done = meant.filter((box) => !on.includes(box) && hasDone(box, order.digest));
  return {
    digest: order.digest,
    kind: orderKindInWords(order.kind),
    words: order.text ?? titleIn(meant, order.digest),
    places: order.scope.map((area) => placeName(places, area)),
    holders: order.holders,
    ...{ signedAtMs: order.iat * 1000, endsAtMs: order.exp * 1000 },
    ...{ boxes: meant.length, on: on.length, done: done.length },
    tone: toneOf(order.kind, on.length, meant.length - done.length),
  };
}

/** Loud while boxes are at it or still to come; afterwards a fact among others. */
function toneOf(kind: string, on: number, left: number): Tone {
  if (on === 0 && left === 0) return 'ok';
  if (kind === 'alert') return 'red';
  return kind === 'test' || kind === 'clear' ? 'note' : 'amber';
}

function layersOn({ status }: BoxView, digest: string) {
  if (status === null) return [];
  return [status.now.sound, status.now.screen].filter(({ winner }) => winner === `order:${digest}`);
}

const isOn = (box: BoxView, digest: string): boolean =>
  box.link.state === 'online' && layersOn(box, digest).some(({ active }) => active);

const recordsOf = ({ recent }: BoxView, digest: string) =>
  recent.filter(({ record: { subject } }) => subject.kind === 'order' && subject.digest === digest);

const hasDone = (box: BoxView, digest: string): boolean =>
  recordsOf(box, digest).some(({ record }) => record.startedAtMs !== null);

/** A template's title is in no order: the first box that plays it tells. */
function titleIn(boxes: readonly BoxView[], digest: string): string | null {
  for (const box of boxes) {
    const title = layersOn(box, digest)[0]?.title ?? recordsOf(box, digest)[0]?.record.title;
    if (title !== undefined) return title;
  }
  return null;
}
