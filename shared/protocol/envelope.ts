/** From bytes to a document of known shape, before anything is believed: protocol V1 to V7. */
import { z } from 'zod';
import { canonicalJson, decodeUtf8, digestOf, fromBase64url, nestsAtMost, parseJson } from './bytes.ts';
import { MAX_ENVELOPE_BYTES, TYPES } from './schema/documents.ts';
import type { DocumentOf, DocumentType, SignedDocument } from './schema/documents.ts';
import type { Rejection, Stored } from './state.ts';

/** One signature as it came; `alg`, `kid` and `typ` are its header's claims. */
export type Signature = Line & z.infer<typeof header>;

/** What was signed, as it came in base64url, and the signatures that came with it. */
export type Signed = { readonly payload: string; readonly signatures: readonly Signature[] };

/** A document that is well formed and not yet believed. */
export type Opened<D extends SignedDocument = SignedDocument> = Stored<D> & Signed;

export function isOpened<T extends DocumentType>(input: Opened, typ: T): input is Opened<DocumentOf<T>> {
  return input.document.typ === typ;
}

const MAX_DEPTH = 32;

const text = z.string();
const envelope = z.strictObject({
  payload: text,
  signatures: z
    .array(z.strictObject({ protected: text, signature: text }))
    .min(1)
    .max(8),
});
export type Envelope = z.infer<typeof envelope>;
/** A signature as the envelope spells it, its header still unread. */
export type Line = Envelope['signatures'][number];

const header = z.strictObject({ alg: z.enum(['Ed25519', 'ES256']), kid: text, typ: text });

/** protocol V1–V7 */
export function openEnvelope(bytes: Uint8Array): Opened | Rejection {
  const signed = readEnvelope(bytes); // protocol V1–V5
  if (typeof signed === 'string') return signed;
  const payload = fromBase64url(signed.payload) ?? new Uint8Array();
  const document = readDocument(payload, bytes.length); // protocol V6, V7
  if (typeof document === 'string') return document;
  const typ = headerType(document.typ);
  if (signed.signatures.some((line) => line.typ !== typ)) return 'TYPE_MISMATCH'; // protocol V7
  return { ...signed, bytes, digest: digestOf(payload), document };
}

/** The `typ` of the protected header: a signature under one type is none under another. */
export const headerType = (typ: string): string => `loa-${typ}+jws`;

/** What a store keeps of an accepted document. */
export const toStored = <D extends SignedDocument>({ bytes, digest, document }: Opened<D>): Stored<D> => ({
  bytes,
  digest,
  document,
});

/** For bytes that were verified before and come back from the store: read, not verified again. */
export function readStored(bytes: Uint8Array): Stored | Rejection {
  const opened = openEnvelope(bytes);
  return typeof opened === 'string' ? opened : toStored(opened);
}

/** protocol V1–V5: the envelope, whatever is in it. */
export function readEnvelope(bytes: Uint8Array): Signed | Rejection {
  if (bytes.length > MAX_ENVELOPE_BYTES) return 'TOO_BIG'; // protocol V1
  const source = decodeUtf8(bytes);
  const value = source === null ? undefined : parseJson(source);
  if (value === undefined || !nestsAtMost(value, MAX_DEPTH)) return 'BAD_JSON'; // protocol V2
  const outer = envelope.safeParse(value).data;
  if (outer === undefined) return 'BAD_ENVELOPE';
  const texts = [outer.payload, ...outer.signatures.flatMap((line) => [line.protected, line.signature])];
  if (texts.some((each) => fromBase64url(each) === null)) return 'BAD_B64'; // protocol V3
  const signatures = readSignatures(outer.signatures);
  return typeof signatures === 'string' ? signatures : { payload: outer.payload, signatures };
}

/** protocol V4 and V5 */
export function readSignatures(lines: readonly Line[]): readonly Signature[] | Rejection {
  const signatures: Signature[] = [];
  for (const line of lines) {
    const value = readCanonical(fromBase64url(line.protected) ?? new Uint8Array());
    if (typeof value === 'string') return value;
    const claims = header.safeParse(value.json).data;
    if (claims === undefined) return 'BAD_HEADER';
    signatures.push({ ...line, ...claims });
  }
  return new Set(signatures.map(({ kid }) => kid)).size < signatures.length ? 'DUP_SIGNER' : signatures;
}

/** protocol V6, and V7 but for the headers' type. `sizeBytes` is that of the envelope. */
export function readDocument(payload: Uint8Array, sizeBytes: number): SignedDocument | Rejection {
  const value = readCanonical(payload, MAX_DEPTH);
  if (typeof value === 'string') return value;
  const typ = typeOf(value.json);
  if (typ === null) return 'UNSUPPORTED_TYPE';
  const document = TYPES[typ].schema.safeParse(value.json).data;
  // A parser that drops what it does not like (zod and `__proto__`) must not hide it from the reader.
  if (document === undefined || canonicalJson(document) !== value.text) return 'BAD_SCHEMA';
  if (document.iat >= document.exp) return 'BAD_TIMES';
  return sizeBytes > TYPES[typ].maxBytes ? 'TOO_BIG' : document;
}

/** UTF-8, JSON and JCS: what is signed has one spelling only. */
function readCanonical(bytes: Uint8Array, maxDepth?: number): { json: unknown; text: string } | Rejection {
  const source = decodeUtf8(bytes);
  if (source === null) return 'BAD_ENCODING';
  const json = parseJson(source);
  if (json === undefined || (maxDepth !== undefined && !nestsAtMost(json, maxDepth))) return 'BAD_JSON';
  return canonicalJson(json) === source ? { json, text: source } : 'NOT_CANONICAL';
}

function typeOf(value: unknown): DocumentType | null {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'typ')) return null;
  const { typ } = value as { typ: unknown };
  return typeof typ === 'string' && Object.hasOwn(TYPES, typ) ? (typ as DocumentType) : null;
}
