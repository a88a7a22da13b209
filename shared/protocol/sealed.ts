/** An envelope that is no document but one key's word, as boxes seal their records (protocol §8). */
import { fromBase64url } from './bytes.ts';
import { MAX_DEPTH, headerType, readCanonical, readEnvelope } from './envelope.ts';
import type { Signature } from './envelope.ts';
import { isWeakEd25519, thumbprint } from './keys.ts';
import type { Jwk } from './schema/authority.ts';
import { verifies } from './signatures.ts';
import type { Rejection } from './state.ts';

/** What came, not yet believed: look into `json` for whose it should be, then ask `isSealedBy`. */
export type Sealed = { readonly json: unknown; readonly payload: string; readonly line: Signature };

/** protocol V1–V6 for an envelope of exactly one signature under `loa-<typ>+jws`. */
export function openSealed(bytes: Uint8Array, typ: 'records'): Sealed | Rejection {
  const signed = readEnvelope(bytes);
  if (typeof signed === 'string') return signed;
  const { payload, signatures } = signed;
  const [line, ...others] = signatures;
  if (line === undefined || others.length > 0) return 'BAD_ENVELOPE';
  if (line.typ !== headerType(typ)) return 'TYPE_MISMATCH';
  const value = readCanonical(fromBase64url(payload) ?? new Uint8Array(), MAX_DEPTH);
  return typeof value === 'string' ? value : { json: value.json, payload, line };
}

export async function isSealedBy({ payload, line }: Sealed, jwk: Jwk): Promise<boolean> {
  if (line.kid !== thumbprint(jwk) || (jwk.kty === 'OKP' && isWeakEd25519(jwk.x))) return false;
  return verifies(payload, line, { jwk });
}
