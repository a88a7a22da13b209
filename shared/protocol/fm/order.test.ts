import { beforeAll, expect, test } from 'vitest';
import { NOW, P, clock, device, freshBox, signed, trust } from '../a-province.fixture.ts';
import type { Person } from '../a-province.fixture.ts';
import { accept } from '../accept.ts';
import { activeOrders } from '../orders.ts';
import { reauthorise } from '../reauthorise.ts';
import type { Fmplan } from '../schema/documents.ts';
import type { BoxState } from '../state.ts';
import { acceptFmOrder } from './order.ts';
import { signFmOrder } from './sign.ts';

const fmplan: Fmplan = {
  typ: 'fmplan',
  v: 1,
  prov: 'vn56',
  id: 'fmplan:56',
  epoch: 1,
  ver: 1,
  iat: NOW - 100,
  exp: NOW + 86_400,
  area: '56',
  mode: 'data',
  stations: [],
  windows: [],
  dailyMaxMin: 60,
  volume: 60,
  orderKeys: [P.offA.kid, P.offB.kid],
};

/** Template 7 to commune 22366, three times, for a quarter of an hour, signed by `by` as number `keyIndex`. */
const frameBy = (by: Person, keyIndex: number, iat = NOW - 10): Promise<Uint8Array> =>
  signFmOrder({ kind: 'template', keyIndex, n: 7, plays: 3, ttl: 1, iat, commune: 22_366 }, 'vn56', by.key);

let box: BoxState;
let frame: Uint8Array;

beforeAll(async () => {
  const placed = await accept(await signed(device, P.regA, P.regB), await freshBox(), clock, null);
  box = (await accept(await signed(fmplan, P.regA, P.regB), placed.state, clock, null)).state;
  frame = await frameBy(P.offA, 0);
});

test('O1 an order by radio is active like any other, with the template of its own area', async () => {
  const { code, state } = await acceptFmOrder(frame, box, clock);
  expect(code).toBe('ACCEPTED');
  expect(activeOrders(state, clock)).toMatchObject([
    { order: { kind: 'template', template: { area: '56.22366', n: 7 }, plays: 3, exp: NOW - 10 + 900 } },
  ]);
});

test('O4 none of its 608 bits may flip, and a refusal leaves the state as it was', async () => {
  for (let bit = 0; bit < frame.length * 8; bit++) {
    const flipped = frame.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const answer = await acceptFmOrder(flipped, box, clock);
    expect(answer.code, `bit ${bit}`).not.toBe('ACCEPTED');
    expect(answer.state).toBe(box);
  }
});

test('O2 another officer may not sign under a number that is not his', async () => {
  expect((await acceptFmOrder(await frameBy(P.offB, 0), box, clock)).code).toBe('BAD_SIG');
  expect((await acceptFmOrder(await frameBy(P.offB, 1), box, clock)).code).toBe('ACCEPTED');
});

test('T09 an order by radio ends when its officer is removed, and its row stays', async () => {
  const { state } = await acceptFmOrder(frame, box, clock);
  expect(await reauthorise(state)).toBe(state);
  const grants = trust.grants.map((each) => ({
    ...each,
    keys: each.keys.filter((kid) => kid !== P.offA.kid),
  }));
  const next = await accept(await signed({ ...trust, ver: 2, grants }, P.rootA, P.rootB), state, clock, null);
  expect(next.code).toBe('ACCEPTED');
  expect(activeOrders(next.state, clock)).toEqual([]);
  expect((await acceptFmOrder(frame, next.state, clock)).code).toBe('REPLAY');
});

test('D06 after a lost database nothing by radio is taken before the trust of the floors', async () => {
  const lost = { ...box, trustFloor: { ver: 2, digest: 'x' } };
  expect((await acceptFmOrder(frame, lost, clock)).code).toBe('NEED_NEWER_TRUST');
});

test('O3 without an fmplan in force no number stands for anybody', async () => {
  const late = { ...clock, now: fmplan.exp + 2 };
  const fresh = await frameBy(P.offA, 0, late.now - 10);
  expect((await acceptFmOrder(fresh, box, late)).code).toBe('NO_GRANT');
  expect((await acceptFmOrder(fresh, box, { ...late, now: late.now - 1 })).code).toBe('ACCEPTED');
});
