/** The API of the cloud for people (console and `loa-cloud`), under /api: drafts, signatures, publishing, orders. */
import { z } from 'zod';
import { area, bytes32, dev, epoch, version } from '../protocol/schema/primitives.ts';
import { envelope } from './carrier.ts';

export const staffPaths = {
  areas: '/api/areas',
  drafts: '/api/drafts',
  draft: (digest: string): string => `/api/drafts/${digest}`,
  signatures: (digest: string): string => `/api/drafts/${digest}/signatures`,
  publish: (digest: string): string => `/api/drafts/${digest}/publish`,
  envelopes: '/api/envelopes',
  documents: '/api/documents',
  orders: '/api/orders',
  media: (hash: string): string => `/api/media/${hash}`,
  fleet: '/api/fleet',
  box: (of: string): string => `/api/fleet/${of}`,
  records: '/api/records',
  breaks: '/api/breaks',
  events: '/api/events',
} as const;

export const bothLanguages = z.strictObject({ vi: z.string(), en: z.string() });

/** A place as people call it. */
export const place = z.strictObject({ area, name: bothLanguages });
export type Place = z.infer<typeof place>;
export const placesAnswer = z.array(place);

/**
 * `POST /api/drafts`: the payload of a document as JSON. The cloud checks it against its schema and answers
 * with the bytes that people will sign.
 */
export const newDraft = z.strictObject({ payload: z.record(z.string(), z.unknown()) });

/** How far the signatures have come, as `review` says. Decoration: boxes count for themselves. */
export const progress = z.strictObject({
  /** `ACCEPTED`, `THRESHOLD`, or what is wrong with it. */
  code: z.string(),
  /** Names of the people whose signatures count. */
  holders: z.array(z.string()),
  /** How many more people must sign; null where `code` is neither ACCEPTED nor THRESHOLD. */
  missing: z.int().min(0).nullable(),
});

export const draft = z.strictObject({
  digest: bytes32,
  typ: z.string(),
  id: z.string(),
  epoch,
  ver: version,
  iat: z.int(),
  exp: z.int(),
  /** base64url of the payload's bytes, with the signatures so far: what `loa-sign` takes. */
  payload: z.string(),
  signatures: z.array(envelope.shape.signatures.element).max(8),
  progress,
  createdAtMs: z.int(),
  /** null until enough people have signed and boxes can fetch it. */
  publishedAtMs: z.int().nullable(),
});
export type Draft = z.infer<typeof draft>;
export const draftsAnswer = z.array(draft);
export const draftParams = z.strictObject({ digest: bytes32 });

/** `POST /api/drafts/<digest>/signatures`: one signature from `loa-sign`; answers the draft. */
export const newSignature = envelope.shape.signatures.element;
export type NewSignature = z.infer<typeof newSignature>;

/** `POST /api/envelopes`: a document or order that already carries all its signatures, published at once. */
export const newEnvelope = envelope;

/** Answer to publishing. */
export const published = z.strictObject({
  typ: z.string(),
  id: z.string(),
  epoch,
  ver: version,
  digest: bytes32,
  publishedAtMs: z.int(),
});
export type Published = z.infer<typeof published>;

/** `GET /api/documents`: the newest of each id but orders. */
export const liveDocument = published.extend({ iat: z.int(), exp: z.int(), area: area.nullable() });
export type LiveDocument = z.infer<typeof liveDocument>;
export const documentsAnswer = z.array(liveDocument);

/** `GET /api/orders`: published, newest first. */
export const liveOrder = published.extend({
  kind: z.string(),
  scope: z.array(area),
  text: z.string().nullable(),
  iat: z.int(),
  exp: z.int(),
  holders: z.array(z.string()),
});
export type LiveOrder = z.infer<typeof liveOrder>;
export const liveOrdersAnswer = z.array(liveOrder);

export const boxParams = z.strictObject({ dev });
