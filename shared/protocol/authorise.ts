/** Did enough of the people who may sign this document do so? protocol V10 to V14. */
import { candidatesFor } from './candidates.ts';
import type { CandidateGrant } from './candidates.ts';
import type { Opened, Signed } from './envelope.ts';
import type { SignedDocument } from './schema/documents.ts';
import { countHolders, verifiedKids } from './signatures.ts';
import type { Signer } from './signatures.ts';
import { checkStanding } from './standing.ts';
import type { BoxState, Clock, Rejection } from './state.ts';
import { DAY_S, lowerBound } from './time.ts';

/** Under which threshold a document was authorised, and by whom. */
export type Authority = { readonly threshold: number; readonly signers: readonly Signer[] };

/** How far a candidate got, the answers of V11 to V14 in their order. */
const REACHED = { NO_GRANT: 0, THRESHOLD: 1, OLD_EPOCH: 2, NEED_NEWER_TRUST: 2, TTL_TOO_LONG: 3 } as const;
type Refusal = keyof typeof REACHED;

/** protocol V10–V14 */
export async function authorise(
  input: Opened,
  state: BoxState,
  clock: Clock,
): Promise<Authority | Rejection> {
  const t = lowerBound(state, clock);
  return (
    checkStanding(input.document, state, t) ?? // protocol V10
    (await authoriseUnder(candidatesFor(input.document, state, t), input)) // protocol V11–V14
  );
}

/** The first candidate to pass authorises; else the answer of the one that got furthest (protocol V14). */
export async function authoriseUnder(
  candidates: readonly CandidateGrant[],
  input: Opened,
): Promise<Authority | Refusal> {
  const kids = await kidsUnder(candidates, input);
  let furthest: Refusal = 'NO_GRANT'; // protocol V11
  for (const candidate of candidates) {
    const signers = signersOf(candidate, kids);
    const refusal = checkQuorum(candidate, signers) ?? checkBounds(candidate, input.document);
    if (refusal === null) return { threshold: candidate.threshold, signers };
    if (REACHED[refusal] > REACHED[furthest]) furthest = refusal;
  }
  return furthest;
}

/** Every signature is computed once, however many candidates list its kid: a kid is the hash of its key. */
export const kidsUnder = (
  candidates: readonly CandidateGrant[],
  signed: Signed,
): Promise<ReadonlySet<string>> =>
  verifiedKids(
    signed,
    (kid) => candidates.find(({ kids, keys }) => kids.includes(kid) && keys[kid] !== undefined)?.keys[kid],
  );

/** Those of a candidate's people whose signature verified. */
export const signersOf = ({ kids, keys }: CandidateGrant, verified: ReadonlySet<string>): readonly Signer[] =>
  kids.flatMap((kid) => {
    const key = verified.has(kid) ? keys[kid] : undefined;
    return key === undefined ? [] : [{ kid, holder: key.holder }];
  });

/** protocol V12 */
const checkQuorum = ({ threshold }: CandidateGrant, signers: readonly Signer[]): Refusal | null =>
  countHolders(signers) < threshold ? 'THRESHOLD' : null;

/** protocol V13 and V14 */
export function checkBounds({ epoch, maxTtlS }: CandidateGrant, document: SignedDocument): Refusal | null {
  if (document.epoch < epoch) return 'OLD_EPOCH';
  if (document.epoch > epoch) return 'NEED_NEWER_TRUST';
  const longest = document.typ === 'order' ? Math.min(maxTtlS, DAY_S) : maxTtlS;
  return document.exp - document.iat > longest ? 'TTL_TOO_LONG' : null;
}
