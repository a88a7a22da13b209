import { beforeAll, describe, expect, test } from 'vitest';
import {
  NOW,
  P,
  clock,
  device,
  freshBox,
  keyring,
  lines,
  order,
  person,
  plan,
  signed,
  trust,
} from './a-province.fixture.ts';
import type { Person } from './a-province.fixture.ts';
import { accept } from './accept.ts';
import { utf8 } from './bytes.ts';
import { review } from './review.ts';
import type { Review } from './review.ts';
import type { SignedDocument } from './schema/documents.ts';
import { payloadBytes } from './sign.ts';
import type { BoxState } from './state.ts';

let state: BoxState;

/** What a signer or the cloud holds: the trust and public documents, and no device document of its own. */
beforeAll(async () => {
  const box = await freshBox();
  const { state: placed } = await accept(await signed(device, P.regA, P.regB), box, clock, null);
  const { state: full } = await accept(await signed(keyring, P.regA, P.regB), placed, clock, null);
  state = { ...full, docs: new Map([...full.docs].filter(([id]) => id === keyring.id)) };
});

const reviewed = async (document: SignedDocument, ...signers: Person[]): Promise<Review> =>
  review(payloadBytes(document), await lines(document, ...signers), state, clock);

const holders = (people: readonly { holder: string }[] | undefined): string[] =>
  (people ?? []).map(({ holder }) => holder);

describe('a draft that nothing stands against', () => {
  test('without any signature it waits for its whole threshold, and names who may sign', async () => {
    const { code, document, quorums } = await reviewed(plan);
    expect(code).toBe('ACCEPTED');
    expect(document).toEqual(plan);
    expect(quorums).toHaveLength(1);
    expect(quorums[0]).toMatchObject({ threshold: 2, counted: [], missing: 2 });
    expect(holders(quorums[0]?.may)).toEqual(['author', 'approver']);
  });

  test('W03 one signer of two is counted and one is still missing', async () => {
    const { code, quorums } = await reviewed(plan, P.author);
    expect(code).toBe('ACCEPTED');
    expect(holders(quorums[0]?.counted)).toEqual(['author']);
    expect(quorums[0]?.missing).toBe(1);
    expect(holders(quorums[0]?.may)).toEqual(['approver']);
  });

  test('with enough signers nobody is missing, and a box takes the same bytes', async () => {
    const { quorums } = await reviewed(plan, P.author, P.approver);
    expect(quorums[0]?.missing).toBe(0);
    const box = { ...state, docs: new Map([...state.docs]) };
    const placed = await accept(await signed(device, P.regA, P.regB), box, clock, null);
    const answer = await accept(await signed(plan, P.author, P.approver), placed.state, clock, null);
    expect(answer.code).toBe('ACCEPTED');
  });

  test('S02 S09 strangers and people of another role are not counted', async () => {
    const { quorums } = await reviewed(plan, await person('author'), P.regA);
    expect(quorums[0]).toMatchObject({ counted: [], missing: 2 });
  });

  test('S03 a signature on other bytes is not counted', async () => {
    const other = await lines({ ...plan, ver: 2 }, P.author);
    const { quorums } = await review(payloadBytes(plan), other, state, clock);
    expect(quorums[0]?.counted).toEqual([]);
  });

  test('a trust waits for the old roots and for the new ones', async () => {
    const fresh = await person('rootD');
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: fresh.key.x } as const;
    const next = {
      ...trust,
      ver: 2,
      keys: { ...trust.keys, [fresh.kid]: { jwk, holder: 'rootD' } },
      grants: trust.grants.map((each) =>
        each.role === 'root' ? { ...each, keys: [P.rootC.kid, fresh.kid] } : each,
      ),
    };
    const { code, quorums } = await reviewed(next, P.rootA, P.rootC);
    expect(code).toBe('ACCEPTED');
    expect(quorums.map(({ missing }) => missing)).toEqual([0, 1]);
    expect(quorums.map(({ may }) => holders(may))).toEqual([['rootB'], ['rootD']]);
  });

  test('a one-officer order and a two-officer order each wait for their own', async () => {
    const halt = await reviewed(order({ kind: 'halt' }));
    const alert = await reviewed(order({ kind: 'alert', text: 'Sơ tán' }), P.offA);
    expect([halt, alert].map(({ quorums }) => quorums[0]?.missing)).toEqual([1, 1]);
    expect([halt, alert].map(({ quorums }) => quorums[0]?.threshold)).toEqual([1, 2]);
  });
});

describe('a draft that a box would refuse', () => {
  const refusals: [string, SignedDocument][] = [
    ['WRONG_PROVINCE', { ...plan, prov: 'vn57' }],
    ['BAD_ID', { ...plan, id: 'plan:56' }],
    ['NO_GRANT', { ...plan, area: '56.22369', id: 'plan:56.22369' }],
    ['OLD_EPOCH', { ...plan, epoch: 0 }],
    ['NEED_NEWER_TRUST', { ...plan, epoch: 2 }],
    ['TTL_TOO_LONG', { ...plan, exp: plan.iat + 401 * 86_400 }],
    ['TTL_TOO_LONG', order({ kind: 'alert', text: 'x', exp: NOW + 86_400 })],
    ['EXPIRED', { ...plan, iat: NOW - 200, exp: NOW - 100 }],
    ['FROM_FUTURE', { ...plan, iat: NOW + 303 }],
    ['GAP', { ...trust, ver: 3 }],
    ['EQUIVOCATION', { ...trust, floorReset: NOW - 1000 }],
    ['BAD_GRANT', { ...trust, ver: 2, grants: trust.grants.map((each) => ({ ...each, threshold: 1 })) }],
    ['TTL_TOO_LONG', { ...trust, ver: 2, exp: trust.iat + 401 * 86_400 }],
    ['ESCALATION', { ...keyring, ver: 2, grants: keyring.grants.map((each) => ({ ...each, area: '56' })) }],
    ['EQUIVOCATION', { ...keyring, grants: [] }],
  ];
  test.each(refusals)('%s is said before anybody signs', async (code, document) => {
    expect((await reviewed(document)).code).toBe(code);
  });

  test('what is already stored is DUPLICATE', async () => {
    expect((await reviewed(keyring, P.regA)).code).toBe('DUPLICATE');
  });

  test('bytes that are no document have none, and say why', async () => {
    const { code, document, quorums } = await review(utf8('{"typ":"plan" }'), [], state, clock);
    expect({ code, document, quorums }).toEqual({ code: 'NOT_CANONICAL', document: null, quorums: [] });
  });

  test('S04 S09 S10 the signatures so far are held to the same shape as in an envelope', async () => {
    const payload = payloadBytes(plan);
    const [line] = await lines(plan, P.author);
    const [other] = await lines(keyring, P.author);
    if (line === undefined || other === undefined) throw new Error('no line');
    const codeOf = async (...some: (typeof line)[]) => (await review(payload, some, state, clock)).code;
    expect(await codeOf(line, line)).toBe('DUP_SIGNER');
    expect(await codeOf(other)).toBe('TYPE_MISMATCH');
    expect(await codeOf({ ...line, signature: `${line.signature}=` })).toBe('BAD_B64');
    expect(await codeOf(...Array.from({ length: 9 }, () => line))).toBe('BAD_ENVELOPE');
  });
});
