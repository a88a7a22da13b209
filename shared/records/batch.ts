/** What a box uploads: a run of records of one chain, in an envelope signed by the device key (protocol.md §8, Records). */
import { z } from 'zod';
import { bytes16, bytes32, dev, epoch, province, version } from '../protocol/schema/primitives.ts';
import { playRecord } from './record.ts';

export const MAX_BATCH_RECORDS = 100;
/** The whole envelope; a longer request is refused unread. */
export const MAX_BATCH_BYTES = 256 * 1024;

/**
 * The payload; the envelope's one protected header has typ `loa-records+jws`, alg `Ed25519` and the kid of
 * `key`. `dev` follows from `key`, so a batch proves by itself whose it is.
 */
export const recordBatch = z
  .strictObject({
    typ: z.literal('records'),
    v: z.literal(1),
    prov: province,
    dev,
    /** The raw Ed25519 public key of the box. */
    key: bytes32,
    chain: bytes16,
    /** Sequence number of the first record; the others follow without a hole. */
    first: z.int().min(1),
    /** h of the record before `first` (h₀ where it is 1). */
    before: bytes32,
    /** h of the last record here. */
    last: bytes32,
    records: z.array(playRecord).min(1).max(MAX_BATCH_RECORDS),
    /** The fleet is the intrusion detector: versions held, clock and reject codes counted, at upload. */
    held: z.record(z.string(), z.strictObject({ epoch, ver: version })),
    clock: z.strictObject({ state: z.enum(['SYNCED', 'HOLDOVER', 'FLOOR']), u: z.int().min(0) }),
    rejects: z.record(z.string(), z.int().min(0)),
  })
  .refine(({ first, records }) => records.every(({ seq }, index) => seq === first + index), {
    path: ['records'],
    error: 'sequence numbers go up by one from first',
  });
export type RecordBatch = z.infer<typeof recordBatch>;
