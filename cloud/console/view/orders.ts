/** Orders in force as the page's banners show them: who signed, where, and how far they have come. */
import { orderKindInWords } from '../../../shared/messages/console.ts';
import type { Text } from '../../../shared/messages/text.ts';
import { covers } from '../../../shared/protocol/areas.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';
import type { LiveOrder } from '../../../shared/wire/staff.ts';
import type { Told, ToldOrders } from '../state/told.ts';
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

export type Around = {
  readonly told: ToldOrders;
  readonly places: Places;
  readonly nowMs: number;
};

/** Newest first; an order that has ended is none. */
export function bannersOf(
  orders: readonly LiveOrder[],
  boxes: readonly BoxView[],
  { told, places, nowMs }: Around,
): readonly OrderBanner[] {
  return orders
    .filter(({ exp }) => exp * 1000 > nowMs)
    .toSorted((a, b) => b.publishedAtMs - a.publishedAtMs)
    .map((order) => bannerOf(order, boxes, told.get(order.digest) ?? null, places));
}

function bannerOf(
  order: LiveOrder,
  boxes: readonly BoxView[],
  told: Told | null,
  places: Places,
): OrderBanner {
  const meant = boxes.filter(({ area }) => area !== null && order.scope.some((each) => covers(each, area)));
  const on = meant.filter((box) => isOn(box, order.digest));
  const done = meant.filter((box) => !on.includes(box) && told?.devs.has(box.dev) === true);
  const left = meant.filter((box) => !on.includes(box) && !done.includes(box));
  return {
    digest: order.digest,
    kind: orderKindInWords(order.kind),
    words: order.text ?? titleIn(meant, order.digest) ?? told?.title ?? null,
    places: order.scope.map((area) => placeName(places, area)),
    holders: order.holders,
    ...{ signedAtMs: order.iat * 1000, endsAtMs: order.exp * 1000 },
    ...{ boxes: meant.length, on: on.length, done: done.length },
    tone: toneOf(order.kind, on, left),
  };
}

/** Loud while boxes are at it or about to be; a box that does not answer may have missed it; then a fact among others. */
function toneOf(kind: string, on: readonly BoxView[], left: readonly BoxView[]): Tone {
  if (on.length === 0 && left.length === 0) return 'ok';
  if (kind === 'test' || kind === 'clear') return 'note';
  const isUnderWay = on.length > 0 || left.some(({ link }) => link.state === 'online');
  return kind === 'alert' && isUnderWay ? 'red' : 'amber';
}

function layersOn({ status }: BoxView, digest: string) {
  if (status === null) return [];
  return [status.now.sound, status.now.screen].filter(({ winner }) => winner === `order:${digest}`);
}

const isOn = (box: BoxView, digest: string): boolean =>
  box.link.state === 'online' && layersOn(box, digest).some(({ active }) => active);

const titleIn = (boxes: readonly BoxView[], digest: string): string | null =>
  boxes.flatMap((box) => layersOn(box, digest)).find(({ title }) => title !== null)?.title ?? null;
