/** What makes a public key and a list of grants fit to be trusted (protocol V9, and V10 for keyrings). */
import { canonicalJson, digestOf, fromBase64url, utf8 } from './bytes.ts';
import type { Grant, Jwk, Key, OrderKind } from './schema/authority.ts';
import type { Rejection } from './state.ts';

/** The algorithm is the key's, never the message's. */
export const algorithmOf = (jwk: Jwk): 'Ed25519' | 'ES256' => (jwk.kty === 'OKP' ? 'Ed25519' : 'ES256');

/** RFC 7638, SHA-256: the JWK of our schema has exactly the members that count. */
export function thumbprint(jwk: Jwk): string {
  return digestOf(utf8(canonicalJson(jwk) ?? ''));
}

const P = 2n ** 255n - 19n;
// y of the points of order 1, 2, 4 and 8: under such a key a forger needs no secret.
const SMALL_ORDER_Y = new Set([
  0n,
  1n,
  P - 1n,
  0x5fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  P - 0x5fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
]);

/** Of a raw Ed25519 public key in base64url: of small order, or no y of the field at all. */
export function isWeakEd25519(x: string): boolean {
  const bytes = fromBase64url(x) ?? new Uint8Array();
  const little = bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const y = BigInt.asUintN(255, little); // the top bit is the sign of x
  return y >= P || SMALL_ORDER_Y.has(y);
}

/** protocol V9: every key. */
export function checkKeys(keys: Readonly<Record<string, Key>>): Rejection | null {
  for (const [kid, { jwk }] of Object.entries(keys)) {
    if (thumbprint(jwk) !== kid) return 'BAD_KID';
    if (jwk.kty === 'OKP' && isWeakEd25519(jwk.x)) return 'WEAK_KEY';
  }
  return null;
}

// One person alone never speaks freely, and never silences a warning.
const WANTS_TWO: readonly OrderKind[] = ['alert', 'clear', 'stop', 'live'];

function wantsTwo({ role, kinds }: Grant): boolean {
  if (role === 'head') return false;
  return role !== 'emergency' || kinds.some((kind) => WANTS_TWO.includes(kind));
}

/** protocol V9: every grant, but for the rule that a trust has one root grant. */
export function checkGrants(grants: readonly Grant[], keys: Readonly<Record<string, Key>>): Rejection | null {
  const epochs = new Map<string, number>();
  for (const grant of grants) {
    const listed = grant.keys.map((kid) => keys[kid]);
    const holders = new Set(listed.map((key) => key?.holder));
    if (listed.includes(undefined) || holders.size < grant.threshold) return 'BAD_GRANT';
    if (wantsTwo(grant) && grant.threshold < 2) return 'BAD_GRANT';
    if ((epochs.get(grant.role) ?? grant.epoch) !== grant.epoch) return 'BAD_GRANT';
    epochs.set(grant.role, grant.epoch);
  }
  return null;
}
