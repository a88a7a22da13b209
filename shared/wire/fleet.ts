/** What the cloud knows of each box, wanted against reported, and the events that keep a page live. */
import { z } from 'zod';
import { area, bytes16, dev, epoch, slug, version } from '../protocol/schema/primitives.ts';
import { playRecord } from '../records/record.ts';
import { draft, liveOrder, published } from './staff.ts';
import { boxStatus } from './status.ts';

const versions = z.record(z.string(), z.strictObject({ epoch, ver: version }));

/** `online`: its connection to the broker stands. `silent`: the broker said its last will. `never`: not heard of yet. */
export const link = z.strictObject({
  state: z.enum(['online', 'silent', 'never']),
  /** Last message or request of any kind; null before the first. */
  lastSeenAtMs: z.int().nullable(),
  /** When the state last changed. */
  sinceMs: z.int().nullable(),
});
export type Link = z.infer<typeof link>;

/** A record as the cloud keeps it: stored once for each (dev, chain, seq). */
export const keptRecord = z.strictObject({ dev, chain: bytes16, receivedAtMs: z.int(), record: playRecord });
export type KeptRecord = z.infer<typeof keptRecord>;

/** protocol K01: a chain of records that does not hold, named with box and sequence number. */
export const chainBreak = z.strictObject({
  dev,
  chain: bytes16,
  seq: z.int().min(1),
  kind: z.enum(['missing', 'changed', 'forked']),
  atMs: z.int(),
});
export type ChainBreak = z.infer<typeof chainBreak>;

export const boxView = z.strictObject({
  dev,
  /** Of its device document. */
  area: area.nullable(),
  tags: z.array(slug),
  state: z.enum(['active', 'revoked', 'unknown']),
  link,
  /** The last it said of itself, however old. */
  status: boxStatus.nullable(),
  statusAtMs: z.int().nullable(),
  /** The newest published version of every document that this box follows. */
  wanted: versions,
  /** Ids of which it has not reported the wanted version. */
  behind: z.array(z.string()),
  /** Newest first. */
  recent: z.array(keptRecord).max(20),
  breaks: z.int().min(0),
});
export type BoxView = z.infer<typeof boxView>;

export const fleetAnswer = z.strictObject({
  prov: z.string(),
  /** The cloud's own clock, so that a page can show ages without trusting its own. */
  nowMs: z.int(),
  boxes: z.array(boxView),
});
export type FleetAnswer = z.infer<typeof fleetAnswer>;

/** `GET /api/records`: newest first; `beforeMs` pages on by `receivedAtMs` of the last row. */
export const recordsQuery = z.strictObject({
  dev: dev.optional(),
  sinceMs: z.coerce.number().pipe(z.int().min(0)).optional(),
  beforeMs: z.coerce.number().pipe(z.int().min(0)).optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(1000)).default(100),
});
export type RecordsQuery = z.output<typeof recordsQuery>;
export const keptRecordsAnswer = z.array(keptRecord);
export const breaksAnswer = z.array(chainBreak);

/** One server-sent event of `GET /api/events`: its `data` line is this as JSON, its `event` line is `kind`. */
export const fleetEvent = z.discriminatedUnion('kind', [
  /** Anything of a box changed: status, link, wanted versions. */
  z.strictObject({ kind: z.literal('box'), box: boxView }),
  z.strictObject({ kind: z.literal('record'), kept: keptRecord }),
  z.strictObject({ kind: z.literal('break'), found: chainBreak }),
  z.strictObject({ kind: z.literal('draft'), draft }),
  z.strictObject({ kind: z.literal('published'), published }),
  z.strictObject({ kind: z.literal('order'), order: liveOrder }),
]);
export type FleetEvent = z.infer<typeof fleetEvent>;
