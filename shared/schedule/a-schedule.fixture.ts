/** Plans, items and orders with ordinary values, for tests: each names only what it is about. */
import type { Plan } from '../protocol/schema/documents.ts';
import type { Item } from '../protocol/schema/item.ts';
import type { ActiveOrder, BoxProfile } from './intent.ts';

export const RECORDING = {
  sha256: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
  size: 1000,
  mime: 'audio/ogg',
  durMs: 60_000,
} as const;

/** A recording on loudspeakers, each day from 2026-01-01, 05:00:00 for half an hour, priority 5. */
export function itemWith(differing: Partial<Item>): Item {
  return {
    id: 'item',
    title: 'Bản tin sáng',
    surface: 'sound',
    priority: 5,
    language: 'vi',
    author: '',
    topic: 'tin-tuc',
    firstDay: '2026-01-01',
    lastDay: null,
    startAt: '05:00:00',
    lengthS: 1800,
    recur: { kind: 'rrule', rule: 'FREQ=DAILY' },
    except: [],
    also: [],
    start: 'exact',
    late: 'join',
    afterCut: 'resume',
    volume: 70,
    night: false,
    only: null,
    source: { kind: 'media', play: [RECORDING], repeat: 1 },
    ...differing,
  };
}

/** The plan of the commune 56.22366 in Vietnam's zone, in force until 2027-01-01T00:00:00Z. */
export function planWith(differing: Partial<Plan>): Plan {
  const area = differing.area ?? '56.22366';
  return {
    typ: 'plan',
    v: 1,
    prov: 'vn56',
    id: `plan:${area}`,
    epoch: 1,
    ver: 1,
    iat: utc('2026-01-01T00:00:00Z'),
    exp: utc('2027-01-01T00:00:00Z'),
    area,
    zone: 'Asia/Ho_Chi_Minh',
    items: [],
    ...differing,
  };
}

/** A box of that commune which can do everything. */
export function boxWith(differing: Partial<BoxProfile>): BoxProfile {
  return {
    area: '56.22366',
    tags: [],
    quiet: null,
    can: { sound: ['media', 'stream', 'tuner', 'live'], screen: ['media', 'stream', 'page', 'ticker'] },
    ...differing,
  };
}

/** An alert of one repetition, begun and signed at 2026-03-01T01:00:00Z, for an hour. */
export function orderWith(differing: Partial<ActiveOrder>): ActiveOrder {
  const iat = differing.iat ?? utc('2026-03-01T01:00:00Z');
  return {
    digest: 'order',
    kind: 'alert',
    iat,
    exp: iat + 3600,
    repeatS: null,
    slot: null,
    warning: false,
    play: { media: null, plays: 1, volume: null, title: null, text: 'Bão số 5' },
    begunAtMs: iat * 1000,
    heard: 0,
    sounding: null,
    ...differing,
  };
}

/** Whole UTC seconds of an ISO instant with its zone. */
export function utc(instant: string): number {
  return Date.parse(instant) / 1000;
}
