/** A box status and a record as a test wants them. */
import type { PlayRecord } from '../../shared/records/record.ts';
import type { BoxStatus, LayerNow } from '../../shared/wire/status.ts';

/** 23 November 2026, 15:12:07 in Vietnam. */
export const NOW_MS = Date.UTC(2026, 10, 23, 8, 12, 7);

const idle: LayerNow = {
  winner: null,
  title: null,
  active: false,
  over: false,
  rule: 'nothing-due',
  why: { vi: 'chưa có gì đến giờ', en: 'nothing is due' },
  untilAtMs: null,
};

export const aStatus = (over: Partial<BoxStatus> = {}): BoxStatus => ({
  v: 1,
  dev: 'd-aaaaaaaaaaaaaaaa',
  area: '56.22366',
  agentVersion: '0.1.0',
  bootId: 'boot',
  atMs: NOW_MS,
  upMs: 1000,
  clock: { state: 'SYNCED', u: 2 },
  held: { trust: { epoch: 0, ver: 1 }, 'plan:56.22366': { epoch: 1, ver: 4 } },
  stale: ['plan:56.22366'],
  rejects: { ROLLBACK: 2 },
  now: {
    sound: {
      winner: 'plan:56.22366/tin-chieu',
      title: 'Bản tin chiều',
      active: true,
      over: false,
      rule: 'priority',
      why: {
        vi: '“Bản tin chiều” (plan:56.22366/tin-chieu) đứng trên “Nhạc hiệu” (plan:56/nhac): mức ưu tiên cao hơn (7 > 5)',
        en: '“Bản tin chiều” (plan:56.22366/tin-chieu) above “Nhạc hiệu” (plan:56/nhac): higher priority (7 > 5)',
      },
      untilAtMs: NOW_MS + 1_073_000,
    },
    screen: idle,
    ticker: idle,
  },
  next: [{ layer: 'sound', atMs: NOW_MS + 1_073_000, winner: 'plan:56/nhac', title: 'Nhạc hiệu' }],
  conditions: [],
  amplifierOn: true,
  media: { wanted: 12, missing: 0, usedBytes: 34_000_000 },
  unsentRecords: 0,
  link: { brokerConnected: true, lastContactAtMs: NOW_MS - 17_000, lastHeadAtMs: null, lastError: null },
  ...over,
});

export const aRecord = (over: Partial<PlayRecord> = {}): PlayRecord => ({
  v: 1,
  seq: 7,
  surface: 'sound',
  subject: {
    kind: 'item',
    plan: 'plan:56.22366',
    epoch: 1,
    ver: 4,
    item: 'tin-chieu',
    windowStartMs: NOW_MS,
  },
  title: 'Bản tin chiều',
  language: 'vi',
  author: null,
  topic: 'tin-tuc',
  sha256: [],
  plannedAtMs: NOW_MS,
  startedAtMs: NOW_MS + 12,
  endedAtMs: NOW_MS + 60_012,
  fromMs: 0,
  playedMs: 60_000,
  startCause: 'planned',
  endCause: 'finished',
  reason: null,
  volume: 80,
  clock: { state: 'SYNCED', u: 2 },
  evidence: {
    output: 'pulse/box1',
    peakDbfs: -3,
    clockMovedMs: 60_000,
    amplifierMilliamps: null,
    tunerRssiDbuv: null,
    tunerPi: null,
    screenshotSha256: null,
  },
  ...over,
});
