/** Signatures on exactly the bytes that were shown, and envelopes of several signers put together (protocol.md §1). */
import { digestOf, fromBase64url, parseJson, toBase64url } from '../shared/protocol/bytes.ts';
import { openEnvelope, readDocument } from '../shared/protocol/envelope.ts';
import type { Envelope, Opened, Signature } from '../shared/protocol/envelope.ts';
import { MAX_ENVELOPE_BYTES } from '../shared/protocol/schema/documents.ts';
import type { SignedDocument } from '../shared/protocol/schema/documents.ts';
import { payloadBytes, sealEnvelope, signPayload } from '../shared/protocol/sign.ts';
import type { Rejection } from '../shared/protocol/state.ts';
import { CODES } from './codes.ts';
import type { SigningKey } from './keys.ts';
import { done, refused } from './text.ts';
import type { Outcome } from './text.ts';

/** An envelope, or a bare payload, which is an envelope that nobody has signed yet. */
export function openFile(bytes: Uint8Array): Opened | Rejection {
  if (bytes.length > MAX_ENVELOPE_BYTES) return 'TOO_BIG';
  if (isEnvelope(parseJson(Buffer.from(bytes).toString('utf8')))) return openEnvelope(bytes);
  const payload = toBase64url(bytes);
  const document = readDocument(bytes, payload.length);
  if (typeof document === 'string') return document;
  return { bytes, digest: digestOf(bytes), document, payload, signatures: [] };
}

const isEnvelope = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.hasOwn(value, 'payload') &&
  Object.hasOwn(value, 'signatures');

export const payloadOf = ({ payload }: Opened): Uint8Array => fromBase64url(payload) ?? new Uint8Array();

/** The envelope with one more signature; the other signatures stay as they came. */
export async function addSignature(opened: Opened, key: SigningKey): Promise<Outcome<Opened>> {
  const line = await signPayload(key.secret, opened.document.typ, payloadOf(opened));
  return reopened(payloadOf(opened), [...opened.signatures, line]);
}

/** Reads back what was put together, so that nothing leaves this program that the boxes could not read. */
function reopened(payload: Uint8Array, lines: Envelope['signatures']): Outcome<Opened> {
  const opened = openEnvelope(sealEnvelope(payload, lines));
  return typeof opened === 'string' ? { ok: false, why: CODES[opened] } : done(opened);
}

/** The envelope of a document signed by all these keys, without any question: for scripts and tests. */
export async function signDraft(
  document: SignedDocument,
  keys: readonly SigningKey[],
): Promise<Outcome<Opened>> {
  const opened = openFile(payloadBytes(document));
  if (typeof opened === 'string') return { ok: false, why: CODES[opened] };
  let result: Outcome<Opened> = done(opened);
  for (const key of keys) {
    if (result.ok) result = await addSignature(result.value, key);
  }
  return result;
}

/** One envelope with the signatures of all. A signature that came along twice is taken once. */
export function mergeEnvelopes(envelopes: readonly [Opened, ...Opened[]]): Outcome<Opened> {
  const [first] = envelopes;
  if (envelopes.some((each) => each.payload !== first.payload)) {
    return refused(
      'Các tệp không cùng một nội dung; chữ ký của văn bản này không dùng được cho văn bản kia.',
      'The files do not hold the same payload; a signature on one is none on the other.',
    );
  }
  const lines = new Map<string, Signature>();
  for (const line of envelopes.flatMap(({ signatures }) => signatures)) {
    const known = lines.get(line.kid);
    if (known !== undefined && !sameLine(known, line)) return { ok: false, why: CODES.DUP_SIGNER };
    lines.set(line.kid, line);
  }
  return reopened(payloadOf(first), [...lines.values()]);
}

const sameLine = (a: Signature, b: Signature): boolean =>
  a.protected === b.protected && a.signature === b.signature;
