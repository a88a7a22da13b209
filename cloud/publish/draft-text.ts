/** From a payload that someone wrote to the bytes that people will sign: shape, canonical form and identity, faults named by field. */
import { canonicalJson, digestOf, utf8 } from '../../shared/protocol/bytes.ts';
import { readDocument } from '../../shared/protocol/envelope.ts';
import { TYPES } from '../../shared/protocol/schema/documents.ts';
import type { DocumentType, SignedDocument } from '../../shared/protocol/schema/documents.ts';
import { refuseMisfit } from '../faults.ts';
import { done, refuse } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import { wordsOf } from './words.ts';

export type DraftText = {
  readonly payload: Uint8Array;
  readonly digest: string;
  readonly document: SignedDocument;
};

const isType = (typ: unknown): typ is DocumentType => typeof typ === 'string' && Object.hasOwn(TYPES, typ);

export function writeDraft(payload: Readonly<Record<string, unknown>>): Outcome<DraftText> {
  const typ = payload['typ'];
  if (!isType(typ)) return refuse(400, 'UNSUPPORTED_TYPE', wordsOf.UNSUPPORTED_TYPE, 'typ');
  const { schema } = TYPES[typ];
  const checked = schema.safeParse(payload);
  if (!checked.success) {
    return refuseMisfit('BAD_SCHEMA', { schema, value: payload, issues: checked.error.issues });
  }
  const text = canonicalJson(checked.data);
  if (text === null) return refuse(400, 'BAD_ENCODING', wordsOf.BAD_ENCODING);
  const bytes = utf8(text);
  const document = readDocument(bytes, envelopeBytes(bytes.length));
  if (typeof document === 'string') return refuse(400, document, wordsOf[document]);
  return done({ payload: bytes, digest: digestOf(bytes), document });
}

const SIGNATURE_BYTES = 400;
const SIGNATURES_USUAL = 3;

/** How big the envelope will be: base64url of the payload, and a few signatures. */
const envelopeBytes = (payloadBytes: number): number =>
  Math.ceil((payloadBytes * 4) / 3) + SIGNATURES_USUAL * SIGNATURE_BYTES;
