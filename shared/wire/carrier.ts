/** What passes between cloud and box (protocol.md §8): paths under /v1, small messages, and their shapes. All of it is carriage, none of it is proof. */
import { z } from 'zod';
import {
  bytes16,
  bytes32,
  dev,
  epoch,
  integer,
  sha256,
  version,
  area,
} from '../protocol/schema/primitives.ts';

export const documentId = z
  .string()
  .max(80)
  .regex(/^[a-z]+(:[a-z0-9.-]+)?$/);

/** "Come and fetch": retained on the document's nudge topic. `size` of the envelope in bytes. */
export const nudge = z.strictObject({
  id: documentId,
  epoch,
  ver: version,
  digest: bytes32,
  size: integer(1, 256 * 1024),
});
export type Nudge = z.infer<typeof nudge>;

/** Last will of a box on its status topic: the broker says it when the box no longer can. */
export const boxGone = z.strictObject({ v: z.literal(1), dev, gone: z.literal(true) });
export type BoxGone = z.infer<typeof boxGone>;

/** How many ids one head may be asked about. */
export const MAX_HEAD_IDS = 64;

export const boxPaths = {
  trust: (n: number): string => `/v1/trust/${n}`,
  doc: (id: string): string => `/v1/doc/${id}`,
  /** JSON array of the unexpired order envelopes for that area and its ancestors. */
  orders: (of: string): string => `/v1/orders?area=${of}`,
  media: (hash: string): string => `/v1/media/${hash}`,
  head: (nonce: string, ids: readonly string[]): string => `/v1/head?nonce=${nonce}&ids=${ids.join(',')}`,
  records: '/v1/records',
} as const;

export const trustParams = z.strictObject({ n: z.coerce.number().pipe(version) });
export const docParams = z.strictObject({ id: documentId });
export const mediaParams = z.strictObject({ sha256 });
export const ordersQuery = z.strictObject({ area });
export const headQuery = z.strictObject({
  nonce: bytes16.optional(),
  ids: z
    .string()
    .default('')
    .transform((ids) => (ids === '' ? [] : ids.split(',')))
    .pipe(z.array(documentId).max(MAX_HEAD_IDS)),
});

/** The outside of a signed document; what is inside is for `accept` to judge. */
export const envelope = z.strictObject({
  payload: z.string(),
  signatures: z
    .array(z.strictObject({ protected: z.string(), signature: z.string() }))
    .min(1)
    .max(8),
});
export type Envelope = z.infer<typeof envelope>;

export const ordersAnswer = z.array(envelope);

/** 200 to `POST /v1/records`: everything of this chain below `nextSeq` is kept or its loss is raised as a break. */
export const recordsAnswer = z.strictObject({ chain: bytes16, nextSeq: z.int().min(1) });
export type RecordsAnswer = z.infer<typeof recordsAnswer>;

/** Every answer of 4xx and 5xx. `code` is a reject code of the protocol or one of the API's own; `field` names what to put right. */
export const refusal = z.strictObject({
  code: z.string(),
  field: z.string().nullable(),
  text: z.strictObject({ vi: z.string(), en: z.string() }),
});
export type Refusal = z.infer<typeof refusal>;
