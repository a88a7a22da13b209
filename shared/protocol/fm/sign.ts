/** The other side of an order by radio: the 76 bytes that a duty officer signs and a station repeats (protocol.md §7). */
import { importJWK } from 'jose';
import type { PrivateJwk } from '../sign.ts';
import { signedBytes } from './order.ts';

/** `keyIndex` is the signer's place in the fmplan's `orderKeys`; `commune` 0 is the whole province. */
export type FmOrderWords = {
  readonly kind: 'template' | 'halt' | 'test';
  readonly keyIndex: number;
  /** Of the template; 0 for halt and test. */
  readonly n: number;
  /** 1–10. */
  readonly plays: number;
  /** In quarters of an hour, 1–15. */
  readonly ttl: number;
  readonly iat: number;
  readonly commune: number;
};

const KINDS = { template: 1, halt: 2, test: 3 } as const;

/** The twelve bytes. */
export function messageOf({ kind, keyIndex, n, plays, ttl, iat, commune }: FmOrderWords): Uint8Array {
  const message = new DataView(new ArrayBuffer(12));
  message.setUint8(0, 0x10 | KINDS[kind]);
  message.setUint8(1, keyIndex);
  message.setUint8(2, n);
  message.setUint8(3, (plays << 4) | ttl);
  message.setUint32(4, iat);
  message.setUint16(8, commune);
  return new Uint8Array(message.buffer);
}

/** Only an Ed25519 key fits: anything else throws. */
export async function signFmOrder(words: FmOrderWords, prov: string, key: PrivateJwk): Promise<Uint8Array> {
  const message = messageOf(words);
  const secret = await importJWK({ ...key }, 'Ed25519');
  if (!(secret instanceof CryptoKey)) throw new TypeError('not a private key');
  const signature = await crypto.subtle.sign('Ed25519', secret, signedBytes(message, prov));
  return Uint8Array.from([...message, ...new Uint8Array(signature)]);
}
