/** The other side of the envelope: the bytes to sign, one key's signature on them, and both put together. */
import { FlattenedSign } from 'jose';
import { canonicalJson, toBase64url, utf8 } from './bytes.ts';
import { headerType } from './envelope.ts';
import type { Line } from './envelope.ts';
import { algorithmOf, thumbprint } from './keys.ts';
import type { Jwk } from './schema/authority.ts';

/** A key pair as a JWK; `d` is the secret half. */
export type PrivateJwk = Jwk & { readonly d: string };

/** The one spelling in which a document is signed (RFC 8785). */
export function payloadBytes(document: object): Uint8Array {
  const text = canonicalJson(document);
  if (text === null) throw new TypeError('a document is JSON');
  return utf8(text);
}

/** Exactly the members that our schema wants, whatever else the key file holds. */
export function publicHalf(key: PrivateJwk): Jwk {
  const { x } = key;
  return key.kty === 'OKP' ? { kty: 'OKP', crv: 'Ed25519', x } : { kty: 'EC', crv: 'P-256', x, y: key.y };
}

/** One signature over exactly these bytes; `typ` is the document's (`plan`) or `records`. */
export async function signPayload(key: PrivateJwk, typ: string, payload: Uint8Array): Promise<Line> {
  const jwk = publicHalf(key);
  // In this order the members are what JCS makes of them (protocol §1).
  const header = { alg: algorithmOf(jwk), kid: thumbprint(jwk), typ: headerType(typ) };
  const signed = await new FlattenedSign(payload).setProtectedHeader(header).sign({ ...key });
  return { protected: signed.protected ?? '', signature: signed.signature };
}

/** The envelope as bytes, as it goes over every carrier. */
export function sealEnvelope(payload: Uint8Array, lines: readonly Line[]): Uint8Array {
  const signatures = lines.map(({ protected: header, signature }) => ({ protected: header, signature }));
  return utf8(JSON.stringify({ payload: toBase64url(payload), signatures }));
}
