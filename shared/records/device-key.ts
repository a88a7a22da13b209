/** The key of a box (architecture.md §4): its name is made from it, it signs records, and nothing else. */
import { fromBase64url } from '../protocol/bytes.ts';
import { sha256 } from '../protocol/sha256.ts';

/** The seam in front of the device key: whoever holds this can sign as the box, and cannot read the key. */
export interface Signer {
  /** `d-…`, as `deviceName` makes it. */
  readonly dev: string;
  /** The raw Ed25519 public key, 43 base64url characters. */
  readonly key: string;
  /** Ed25519, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** protocol §9, Enrolment: `d-` and the first 16 characters of base32(SHA-256(raw public key)), lower case. */
export function deviceName(key: string): string {
  const raw = fromBase64url(key);
  if (raw?.length !== 32) throw new Error('a raw Ed25519 public key has 32 bytes');
  // 16 characters of 5 bits are the first 10 bytes.
  const bytes = Array.from(sha256(raw).subarray(0, 10));
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const characters = bits.match(/.{5}/g) ?? [];
  return 'd-' + characters.map((five) => ALPHABET.charAt(parseInt(five, 2))).join('');
}
