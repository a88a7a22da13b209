/** Where a draft stands before it is live: the `review` of protocol §9, for loa-sign and the cloud. */
import { checkIdentity } from './addressed.ts';
import { checkBounds, kidsUnder, signersOf } from './authorise.ts';
import { digestOf, toBase64url } from './bytes.ts';
import { candidatesFor, rootOf } from './candidates.ts';
import type { CandidateGrant } from './candidates.ts';
import { headerType, isOpened, readDocument, readEnvelope } from './envelope.ts';
import type { Line, Opened, Signed } from './envelope.ts';
import { checkHead } from './heads.ts';
import { checkOrder } from './orders.ts';
import type { SignedDocument } from './schema/documents.ts';
import { sealEnvelope } from './sign.ts';
import { countHolders } from './signatures.ts';
import type { Signer } from './signatures.ts';
import { checkStanding } from './standing.ts';
import type { BoxState, Clock, Code, Rejection } from './state.ts';
import { checkTime, lowerBound } from './time.ts';
import { checkArrival, checkStep, checkSuccessor } from './trust.ts';
import { checkVersion } from './versions.ts';

/** A group of people who have to agree: `counted` have, `missing` more must, and `may` are those who still can. */
export type Quorum = {
  readonly threshold: number;
  readonly counted: readonly Signer[];
  readonly missing: number;
  readonly may: readonly Signer[];
};

/**
 * `code` is ACCEPTED where nothing but missing signatures stands against the document; `quorums` is one group,
 * for a trust two (the old roots and the new), and none where nobody was asked. `document` is null where the
 * payload is none.
 */
export type Review = {
  readonly code: Code;
  readonly digest: string;
  readonly document: SignedDocument | null;
  readonly quorums: readonly Quorum[];
};

/** Payload bytes and the signatures so far, none included, against V6–V17 as the box it is meant for would. */
export async function review(
  payload: Uint8Array,
  lines: readonly Line[],
  state: BoxState,
  clock: Clock,
): Promise<Review> {
  const digest = digestOf(payload);
  const bytes = sealEnvelope(payload, lines);
  const document = readDocument(payload, bytes.length); // protocol V6, V7
  if (typeof document === 'string') return { code: document, digest, document: null, quorums: [] };
  const signed: Signed | Rejection =
    lines.length === 0 ? { payload: toBase64url(payload), signatures: [] } : readEnvelope(bytes);
  if (typeof signed === 'string') return { code: signed, digest, document, quorums: [] };
  const input = { ...signed, bytes, digest, document };
  const { code, quorums } = await progress(input, state, clock);
  return { code, digest, document, quorums };
}

type Progress = Pick<Review, 'code' | 'quorums'>;

async function progress(input: Opened, state: BoxState, clock: Clock): Promise<Progress> {
  const { document, signatures } = input;
  const stopped = (code: Rejection): Progress => ({ code, quorums: [] });
  if (signatures.some(({ typ }) => typ !== headerType(document.typ))) return stopped('TYPE_MISMATCH');
  if (document.prov !== state.prov) return stopped('WRONG_PROVINCE');
  const known = checkIdentity(input, state); // protocol V8
  if (known !== null) return stopped(known);
  if (isOpened(input, 'trust')) return progressOfTrust(input, state, clock); // protocol V9
  const t = lowerBound(state, clock);
  const fault = checkStanding(document, state, t); // protocol V10
  if (fault !== null) return stopped(fault);
  const candidates = candidatesFor(document, state, t); // protocol V11
  const refusals = candidates.map((candidate) => checkBounds(candidate, document)); // protocol V13, V14
  const able = candidates.filter((_, index) => refusals[index] === null);
  const kids = await kidsUnder(able, input); // protocol V12
  const [quorum] = able.map((each) => quorumOf(each, kids)).sort((a, b) => a.missing - b.missing);
  if (quorum === undefined) return stopped(furthest(refusals));
  return { code: checkRest(input, quorum, state, clock) ?? 'ACCEPTED', quorums: [quorum] };
}

const furthest = (refusals: readonly (Rejection | null)[]): Rejection =>
  refusals.find((each) => each === 'TTL_TOO_LONG') ?? refusals.find((each) => each !== null) ?? 'NO_GRANT';

/** protocol V15–V17 */
function checkRest(input: Opened, quorum: Quorum, state: BoxState, clock: Clock): Rejection | null {
  const { document } = input;
  const untimely = checkTime(document, state, clock);
  if (untimely !== null) return untimely;
  const by = { threshold: quorum.threshold, signers: quorum.counted };
  if (document.typ === 'order') return checkOrder(document, by, state, clock);
  if (document.typ === 'head') return checkHead(document, state, clock, document.nonce);
  return checkVersion(input, state);
}

async function progressOfTrust(
  input: Parameters<typeof checkArrival>[0],
  state: BoxState,
  clock: Clock,
): Promise<Progress> {
  const stored = state.trust.document;
  const roots = [rootOf(stored), rootOf(input.document)].filter((root) => root !== undefined);
  const kids = await kidsUnder(roots, input);
  const fault =
    checkStep(input.document, stored) ??
    checkSuccessor(input.document, stored) ??
    checkArrival(input, state, clock);
  return { code: fault ?? 'ACCEPTED', quorums: roots.map((root) => quorumOf(root, kids)) };
}

export function quorumOf(candidate: CandidateGrant, verified: ReadonlySet<string>): Quorum {
  const counted = signersOf(candidate, verified);
  const holders = new Set(counted.map(({ holder }) => holder));
  const everybody = signersOf(candidate, new Set(candidate.kids));
  return {
    threshold: candidate.threshold,
    counted,
    missing: Math.max(0, candidate.threshold - countHolders(counted)),
    may: everybody.filter(({ holder }) => !holders.has(holder)),
  };
}
