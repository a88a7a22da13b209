/** The envelope of a batch (protocol.md §1 with typ `records`): sealed by the box, opened by the cloud before anything in it is believed. */
import { canonicalJson, decodeUtf8, fromBase64url, parseJson, toBase64url, utf8 } from '../protocol/bytes.ts';
import { headerType, readEnvelope } from '../protocol/envelope.ts';
import type { Signed } from '../protocol/envelope.ts';
import { isWeakEd25519, thumbprint } from '../protocol/keys.ts';
import type { Jwk } from '../protocol/schema/authority.ts';
import { verifies } from '../protocol/signatures.ts';
import type { Rejection } from '../protocol/state.ts';
import type { Envelope } from '../wire/carrier.ts';
import { MAX_BATCH_BYTES, recordBatch } from './batch.ts';
import type { RecordBatch } from './batch.ts';
import { deviceName } from './device-key.ts';
import type { Signer } from './device-key.ts';

const TYP = headerType('records');
const jwkOf = (key: string): Jwk => ({ kty: 'OKP', crv: 'Ed25519', x: key });

/** The bytes of `POST /v1/records`. */
export function sealBatch(batch: RecordBatch, signer: Signer): Uint8Array {
  const header = canonical({ alg: 'Ed25519', kid: thumbprint(jwkOf(signer.key)), typ: TYP });
  const payload = canonical(batch);
  const signature = toBase64url(signer.sign(utf8(`${header}.${payload}`)));
  const sealed: Envelope = { payload, signatures: [{ protected: header, signature }] };
  return utf8(JSON.stringify(sealed));
}

function canonical(value: unknown): string {
  const json = canonicalJson(value);
  if (json === null) throw new Error('a batch is plain JSON');
  return toBase64url(utf8(json));
}

/** `field` says where, in a batch whose shape is wrong. */
export type BatchRefusal = { readonly code: Rejection; readonly field: string | null };

/**
 * The batch, once it is shown that the box named in it signed these bytes: the key is inside, and `dev` is made
 * from the key, so no register is needed to know whose records they are (protocol §9). Whether its chain holds
 * is the next question (`holds`).
 */
export async function openBatch(bytes: Uint8Array): Promise<{ readonly batch: RecordBatch } | BatchRefusal> {
  if (bytes.length > MAX_BATCH_BYTES) return { code: 'TOO_BIG', field: null };
  const signed = readEnvelope(bytes); // protocol V1–V5
  if (typeof signed === 'string') return { code: signed, field: null };
  const read = readBatch(signed.payload);
  if ('code' in read) return read;
  const fault = await faultOf(signed, read.batch);
  return fault === null ? read : { code: fault, field: null };
}

/** protocol V6 and V7 */
function readBatch(payload: string): { readonly batch: RecordBatch } | BatchRefusal {
  const json = decodeUtf8(fromBase64url(payload) ?? new Uint8Array());
  const value = json === null ? undefined : parseJson(json);
  if (value === undefined) return { code: 'BAD_JSON', field: null };
  if (canonicalJson(value) !== json) return { code: 'NOT_CANONICAL', field: null };
  const batch = recordBatch.safeParse(value);
  if (batch.success) return { batch: batch.data };
  return { code: 'BAD_SCHEMA', field: batch.error.issues[0]?.path.join('.') ?? null };
}

async function faultOf(signed: Signed, batch: RecordBatch): Promise<Rejection | null> {
  const [line, ...others] = signed.signatures;
  if (line?.typ !== TYP) return 'TYPE_MISMATCH'; // protocol V7
  // A small-order key would verify anything, under a name that anybody can compute.
  if (isWeakEd25519(batch.key)) return 'WEAK_KEY';
  if (batch.dev !== deviceName(batch.key)) return 'BAD_ID';
  if (others.length > 0 || line.kid !== thumbprint(jwkOf(batch.key))) return 'BAD_KID';
  return (await verifies(signed.payload, line, { jwk: jwkOf(batch.key) })) ? null : 'THRESHOLD';
}
