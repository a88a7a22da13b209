/** The one place where a signature is computed, and the one thing that the verifier awaits (protocol V12). */
import { errors, flattenedVerify } from 'jose';
import type { Signature, Signed } from './envelope.ts';
import { algorithmOf } from './keys.ts';
import type { Key } from './schema/authority.ts';

/** A person whose signature verified, and the key that it verified under. */
export type Signer = { readonly kid: string; readonly holder: string };

/** The key decides the algorithm, never the message. */
export async function verifies(
  payload: string,
  line: Signature,
  { jwk }: Pick<Key, 'jwk'>,
): Promise<boolean> {
  const alg = algorithmOf(jwk);
  if (line.alg !== alg) return false;
  try {
    const jws = { payload, protected: line.protected, signature: line.signature };
    // Not generalVerify: it is content with the first good signature, and we count people.
    await flattenedVerify(jws, jwk, { algorithms: [alg] });
    return true;
  } catch (cause) {
    // DOMException: a P-256 point off its curve is no key, and nothing verifies under it.
    if (cause instanceof errors.JOSEError || cause instanceof DOMException) return false;
    throw cause;
  }
}

/** The kids whose signatures verify; `keyOf` gives the key behind a kid, undefined if nobody asked for it. */
export async function verifiedKids(
  { payload, signatures }: Signed,
  keyOf: (kid: string) => Key | undefined,
): Promise<ReadonlySet<string>> {
  const kids = new Set<string>();
  for (const line of signatures) {
    const key = keyOf(line.kid);
    if (key !== undefined && (await verifies(payload, line, key))) kids.add(line.kid);
  }
  return kids;
}

/** How many people these are: two keys of one person count once. */
export const countHolders = (signers: readonly Signer[]): number =>
  new Set(signers.map(({ holder }) => holder)).size;
