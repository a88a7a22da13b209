/** Drafts of what the people of the whole-system tests sign: one plan of sounds, and orders. */
import type { Order, Plan } from '../../shared/protocol/schema/documents.ts';
import type { Item } from '../../shared/protocol/schema/item.ts';
import type { Media } from '../../shared/protocol/schema/media.ts';
import { PROV } from '../province/people.ts';

const DAY_S = 86_400;
/** Nobody's clock is so far behind that it takes a document for one from the future. */
const EARLIER_S = 120;

/** A sound at an instant, in UTC seconds, that says how it goes on after a late start or a cut. */
export type Sound = {
  readonly id: string;
  readonly atS: number;
  readonly lengthS: number;
  readonly media: Media;
} & Partial<Pick<Item, 'late' | 'afterCut' | 'only'>>;

export function planOf(area: string, ver: number, nowS: number, sounds: readonly Sound[]): Plan {
  return {
    ...{ v: 1, typ: 'plan', prov: PROV, id: `plan:${area}`, epoch: 1, ver },
    ...{ iat: nowS - EARLIER_S, exp: nowS + 60 * DAY_S, area, zone: 'Asia/Ho_Chi_Minh' },
    items: sounds.map(itemOf),
  };
}

function itemOf({ id, atS, lengthS, media, ...how }: Sound): Item {
  // Vietnam is at UTC+7 all year.
  const local = new Date((atS + 7 * 3600) * 1000).toISOString();
  return {
    ...{ id, title: id, surface: 'sound', priority: 5, language: 'vi', author: '', topic: 'tin' },
    ...{ firstDay: local.slice(0, 10), lastDay: null, startAt: local.slice(11, 19), lengthS },
    ...{ recur: null, except: [], also: [], start: 'exact', late: 'join', afterCut: 'resume' },
    ...{ volume: 80, night: true, only: null, source: { kind: 'media', play: [media], repeat: 1 } },
    ...how,
  };
}

/** An alert of the province that sounds `plays` times; without media it is the tone that every box carries. */
export function alertOf(id: string, nowS: number, media: Media | null, plays: number): Order {
  return {
    ...{ v: 1, typ: 'order', prov: PROV, id, epoch: 1, ver: 1, iat: nowS, exp: nowS + 1800 },
    ...{ kind: 'alert', scope: ['56'], play: media, plays, repeatS: null, ends: [], text: 'Báo động' },
  };
}
