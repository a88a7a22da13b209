/** An order in 76 bytes by radio: protocol.md §7, Order by FM. The station only repeats what an officer signed. */
import { importJWK } from 'jose';
import { areaOf } from '../addressed.ts';
import { covers } from '../areas.ts';
import { digestOf, utf8 } from '../bytes.ts';
import { officersFor } from '../candidates.ts';
import type { CandidateGrant } from '../candidates.ts';
import { checkOrder, enterOrder } from '../orders.ts';
import type { Key } from '../schema/authority.ts';
import type { Fmplan } from '../schema/documents.ts';
import { documentsOf } from '../state.ts';
import type { BoxState, Clock, FmOrder, Rejection } from '../state.ts';
import { GRACE_S, checkTime, lowerBound } from '../time.ts';

type FmCode = Rejection | 'ACCEPTED' | 'BAD_FRAME' | 'BAD_SIG';
type FmAnswer = { readonly code: FmCode; readonly state: BoxState };

const MESSAGE_BYTES = 12;
const FRAME_BYTES = MESSAGE_BYTES + 64;
const TTL_STEP_S = 900;
const KINDS = [null, 'template', 'halt', 'test'] as const;
const LABEL = utf8('loa-fm-order-v1');

/** As `accept`, for a frame; a refusal answers with the very same state. */
export async function acceptFmOrder(frame: Uint8Array, state: BoxState, clock: Clock): Promise<FmAnswer> {
  const answer = await examine(frame, state, clock);
  return typeof answer === 'string' ? { code: answer, state } : { code: 'ACCEPTED', state: answer };
}

async function examine(
  frame: Uint8Array,
  state: BoxState,
  clock: Clock,
): Promise<BoxState | Exclude<FmCode, 'ACCEPTED'>> {
  const words = readFrame(frame);
  if (words === null) return 'BAD_FRAME';
  const area = areaFor(words.commune, state);
  if (area === null) return 'NOT_FOR_ME';
  const signed = signedBytes(frame, state.prov);
  const digest = digestOf(signed);
  if (state.orders.has(digest)) return 'REPLAY';
  if (state.trustFloor !== null) return 'NEED_NEWER_TRUST'; // protocol D4
  const t = lowerBound(state, clock);
  const signer = fmplanInForce(state, t)?.orderKeys[words.keyIndex];
  if (signer === undefined) return 'NO_GRANT';
  const { kind, n, plays, iat, exp } = words;
  const template = kind === 'template' ? { area, n } : null;
  const order: FmOrder = { frame, kind, area, template, plays, iat, exp, signer };
  const grants = grantsFor(order, state, t);
  const key = grants[0]?.keys[signer];
  if (key === undefined) return 'NO_GRANT';
  if (!(await isSignedBy(key, frame, signed))) return 'BAD_SIG';
  if (state.trust.document.exp + GRACE_S <= t) return 'TRUST_EXPIRED'; // protocol V10
  if (!isShortEnough(order, grants)) return 'TTL_TOO_LONG'; // protocol V14
  const by = { threshold: 1, signers: [{ kid: signer, holder: key.holder }] };
  const entry = { digest, order, form: { stored: null, fm: order } };
  return (
    checkTime({ typ: 'order', iat, exp }, state, clock) ?? // protocol V15
    checkOrder(order, by, state, clock) ?? // protocol V16
    enterOrder(entry, by, state, clock)
  );
}

/** protocol V18: do the people of today still let this officer order this? */
export async function isFmAuthorised(order: FmOrder, state: BoxState): Promise<boolean> {
  const grants = grantsFor(order, state, -Infinity);
  const key = grants[0]?.keys[order.signer];
  const isSigned =
    key !== undefined && (await isSignedBy(key, order.frame, signedBytes(order.frame, state.prov)));
  return isSigned && isShortEnough(order, grants);
}

/** The unexpired fmplan of the narrowest area that holds this box; `t` is the time that now cannot be below. */
export function fmplanInForce(state: BoxState, t: number): Fmplan | null {
  const mine = areaOf(state);
  const covering = documentsOf(state, 'fmplan')
    .filter(({ area, exp }) => mine !== null && covers(area, mine) && exp > t)
    .sort((a, b) => b.area.length - a.area.length);
  return covering[0] ?? null;
}

type Words = Pick<FmOrder, 'kind' | 'plays' | 'iat' | 'exp'> & {
  readonly keyIndex: number;
  readonly n: number;
  readonly commune: number;
};

/** The twelve bytes; null where they break a rule that needs no key. */
function readFrame(frame: Uint8Array): Words | null {
  if (frame.length !== FRAME_BYTES) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, MESSAGE_BYTES);
  const [head, keyIndex, n] = [view.getUint8(0), view.getUint8(1), view.getUint8(2)];
  const [plays, ttl] = [view.getUint8(3) >> 4, view.getUint8(3) & 15];
  const kind = head >> 4 === 1 ? KINDS[head & 15] : null;
  if (kind === null || kind === undefined || (kind !== 'template' && n !== 0)) return null;
  if (plays < 1 || plays > 10 || ttl < 1 || view.getUint16(10) !== 0) return null;
  const iat = view.getUint32(4);
  return { kind, keyIndex, n, plays, iat, exp: iat + TTL_STEP_S * ttl, commune: view.getUint16(8) };
}

/** The province (0) or the commune whose number is the second segment of my area; null if it is not mine. */
function areaFor(commune: number, state: BoxState): string | null {
  const [province, mine] = areaOf(state)?.split('.') ?? [];
  if (province === undefined) return null;
  if (commune === 0) return province;
  return mine !== undefined && /^\d+$/.test(mine) && Number(mine) === commune ? `${province}.${mine}` : null;
}

/** protocol V11 for radio: only officers who may order alone, and only with Ed25519. */
const grantsFor = ({ kind, area, signer }: FmOrder, state: BoxState, t: number): readonly CandidateGrant[] =>
  officersFor({ kind, scope: [area] }, state, t).filter(
    ({ threshold, kids, keys }) =>
      threshold === 1 && kids.includes(signer) && keys[signer]?.jwk.kty === 'OKP',
  );

const isShortEnough = ({ iat, exp }: FmOrder, grants: readonly CandidateGrant[]): boolean =>
  grants.some(({ maxTtlS }) => exp - iat <= maxTtlS);

/** What the signature covers, and what the digest names: of a frame, or of its twelve bytes alone. */
export const signedBytes = (frame: Uint8Array, prov: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([...LABEL, 0, ...utf8(prov), ...frame.subarray(0, MESSAGE_BYTES)]);

/** No JWS here: 76 bytes have no room for one. */
async function isSignedBy(
  { jwk }: Key,
  frame: Uint8Array,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const key = await importJWK(jwk, 'Ed25519');
  if (!(key instanceof CryptoKey)) return false;
  return crypto.subtle.verify('Ed25519', key, Uint8Array.from(frame.subarray(MESSAGE_BYTES)), signed);
}
