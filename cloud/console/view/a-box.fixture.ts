/** Boxes, statuses, records and plans for tests of the page: quiet ones, to be changed where a test says so. */
import type { Plan } from '../../../shared/protocol/schema/documents.ts';
import type { Item } from '../../../shared/protocol/schema/item.ts';
import type { PlayRecord } from '../../../shared/records/record.ts';
import type { BoxView, KeptRecord } from '../../../shared/wire/fleet.ts';
import type { LiveOrder } from '../../../shared/wire/staff.ts';
import type { BoxStatus, LayerNow } from '../../../shared/wire/status.ts';

/** 23 November 2026, 16:00:00 in Vietnam. */
export const NOW_MS = Date.UTC(2026, 10, 23, 9, 0, 0);
export const NOW_S = NOW_MS / 1000;

export const AREA = '56.22366';
export const DEV = 'd-aaaaaaaaaaaaaaaa';
export const DIGEST = 'd'.repeat(43);
export const PLACES = new Map([
  ['56', { vi: 'Tỉnh Khánh Hòa', en: 'Khánh Hòa province' }],
  [AREA, { vi: 'Phường Nha Trang', en: 'Nha Trang ward' }],
]);

export const SILENCE: LayerNow = {
  winner: null,
  title: null,
  active: false,
  over: false,
  rule: 'nothing-due',
  why: { vi: 'chưa có gì đến giờ', en: 'nothing is due' },
  untilAtMs: null,
};

export const onNow = (winner: string, title: string): LayerNow => ({
  ...SILENCE,
  ...{ winner, title, active: true, rule: 'only-one' },
});

export const aStatus = (changes: Partial<BoxStatus> = {}): BoxStatus => ({
  v: 1,
  dev: DEV,
  area: AREA,
  agentVersion: '0.1.0',
  bootId: 'boot',
  atMs: NOW_MS,
  upMs: 1000,
  clock: { state: 'SYNCED', u: 3 },
  held: { [`plan:${AREA}`]: { epoch: 1, ver: 1 } },
  stale: [],
  rejects: {},
  now: { sound: SILENCE, screen: SILENCE, ticker: SILENCE },
  next: [],
  conditions: [],
  amplifierOn: false,
  media: { wanted: 2, missing: 0, usedBytes: 0 },
  unsentRecords: 0,
  link: { brokerConnected: true, lastContactAtMs: NOW_MS, lastHeadAtMs: NOW_MS, lastError: null },
  ...changes,
});

export const aBox = (changes: Partial<BoxView> = {}): BoxView => ({
  dev: DEV,
  area: AREA,
  tags: [],
  state: 'active',
  link: { state: 'online', lastSeenAtMs: NOW_MS, sinceMs: NOW_MS - 60_000 },
  status: aStatus(),
  statusAtMs: NOW_MS,
  wanted: { [`plan:${AREA}`]: { epoch: 1, ver: 1 } },
  behind: [],
  recent: [],
  breaks: 0,
  ...changes,
});

export const SILENT: Partial<BoxView> = {
  link: { state: 'silent', lastSeenAtMs: NOW_MS - 90_000, sinceMs: NOW_MS - 60_000 },
};

export const ofItem: PlayRecord['subject'] = {
  ...{ kind: 'item', plan: `plan:${AREA}`, epoch: 1, ver: 1, item: 'tin', windowStartMs: NOW_MS },
};
export const ofOrder: PlayRecord['subject'] = {
  ...{ kind: 'order', digest: DIGEST, order: 'alert', repetition: 0 },
};

export const aRecord = (changes: Partial<PlayRecord> = {}): PlayRecord => ({
  v: 1,
  seq: 1,
  surface: 'sound',
  subject: ofItem,
  title: 'Bản tin',
  ...{ language: 'vi', author: null, topic: null, sha256: [] },
  ...{ plannedAtMs: NOW_MS - 60_000, startedAtMs: NOW_MS - 59_998, endedAtMs: NOW_MS - 40_000 },
  ...{ fromMs: 0, playedMs: 19_998, startCause: 'planned', endCause: 'finished', reason: null, volume: 70 },
  clock: { state: 'SYNCED', u: 3 },
  evidence: {
    ...{ output: 'pulse', peakDbfs: -9, clockMovedMs: 19_998, amplifierMilliamps: null },
    ...{ tunerRssiDbuv: null, tunerPi: null, screenshotSha256: null },
  },
  ...changes,
});

export const kept = (changes: Partial<PlayRecord> = {}): KeptRecord => ({
  ...{ dev: DEV, chain: 'c'.repeat(22), receivedAtMs: NOW_MS, record: aRecord(changes) },
});

/** From 15:59:50 for a minute, in Vietnam. */
export const anItem = (changes: Partial<Item> = {}): Item => ({
  ...{ id: 'tin', title: 'Bản tin', surface: 'sound', priority: 5, language: 'vi', author: '', topic: 'tin' },
  ...{ firstDay: '2026-11-23', lastDay: null, startAt: '15:59:50', lengthS: 60 },
  ...{ recur: null, except: [], also: [], start: 'exact', late: 'join', afterCut: 'resume' },
  ...{ volume: 70, night: false, only: null },
  source: { kind: 'tuner', frequencyKhz: 101_200, pi: null },
  ...changes,
});

export const aPlan = (items: readonly Item[], changes: Partial<Plan> = {}): Plan => ({
  ...{ typ: 'plan', v: 1, prov: 'vn56', id: `plan:${AREA}`, epoch: 1, ver: 1 },
  ...{ iat: NOW_S - 3600, exp: NOW_S + 86_400, area: AREA, zone: 'Asia/Ho_Chi_Minh' },
  items: [...items],
  ...changes,
});

export const anOrder = (changes: Partial<LiveOrder> = {}): LiveOrder => ({
  ...{ typ: 'order', id: 'one', epoch: 1, ver: 1, digest: DIGEST, publishedAtMs: NOW_MS - 5000 },
  ...{ kind: 'alert', scope: ['56'], text: 'Bão số 12', iat: NOW_S - 5, exp: NOW_S + 1800 },
  holders: ['Trương Văn Nam', 'Cao Thị Thu'],
  ...changes,
});
