import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as province from '../../shared/protocol/a-province.fixture.ts';
import { accept } from '../../shared/protocol/accept.ts';
import { signFmOrder } from '../../shared/protocol/fm/sign.ts';
import type { FmOrderWords } from '../../shared/protocol/fm/sign.ts';
import type { Fmplan } from '../../shared/protocol/schema/documents.ts';
import { anAudit, somewhere } from '../store/a-box.fixture.ts';
import { SqliteStore } from '../store/sqlite-store.ts';
import { Admission } from './admit.ts';
import { inForce } from './in-force.ts';

const { NOW, P, clock, signed } = province;
const fmplan: Fmplan = {
  ...{ typ: 'fmplan', v: 1, prov: 'vn56', id: 'fmplan:56', epoch: 1, ver: 1, area: '56', mode: 'data' },
  ...{ iat: NOW - 100, exp: NOW + 86_400, stations: [], windows: [], dailyMaxMin: 60, volume: 60 },
  orderKeys: [P.offA.kid, P.offB.kid],
};

let places: ReturnType<typeof somewhere>;
let store: SqliteStore;
let now: number;
let upMs: number;
let acted: string[];
let admission: Admission;

const words: FmOrderWords = {
  ...{ kind: 'test', keyIndex: 0, n: 0, plays: 1, ttl: 1, iat: NOW - 10, commune: 0 },
};
const frame = (change: Partial<FmOrderWords> = {}, by = P.offA) =>
  signFmOrder({ ...words, ...change }, 'vn56', by.key);
const orders = () => inForce(store.state(), { ...clock, now }).orders;

async function start(): Promise<void> {
  const factoryTrust = await signed(province.trust, P.rootA, P.rootB);
  store = new SqliteStore(places, { prov: 'vn56', dev: province.DEV, factoryTrust, buildTime: 0 });
  store.open();
  admission = new Admission({
    ...{ store, clock: () => ({ ...clock, now }), nonce: () => null, upMs: () => upMs },
    accepted: () => {
      acted.push(`${orders().length} orders`);
    },
  });
  await admission.boot();
}

async function take(bytes: Uint8Array): Promise<void> {
  const { state } = await accept(bytes, store.state(), clock, null);
  store.commitState(state, anAudit());
}

beforeEach(async () => {
  places = somewhere();
  [now, upMs, acted] = [NOW, 0, []];
  await start();
  await take(await signed(province.device, P.regA, P.regB));
  await take(await signed(fmplan, P.regA, P.regB));
});
afterEach(() => {
  store.close();
  places.remove();
});

describe('an order by radio', () => {
  it('is on the disk before anybody acts on it, and survives a kill', async () => {
    expect(await admission.admitFm(await frame())).toBe('ACCEPTED');
    expect(acted).toEqual(['1 orders']);
    store.close();
    await start();
    expect(orders()).toMatchObject([{ kind: 'test', exp: NOW - 10 + 900 }]);
  });

  it('O1 said again and again is heard once, over a restart too, and leaves no trail of refusals', async () => {
    const same = await frame();
    await admission.admitFm(same);
    store.close();
    await start();
    for (let time = 0; time < 100; time += 1) expect(await admission.admitFm(same)).toBe('REPLAY');
    expect(store.rejects()).toEqual({});
    expect(acted).toHaveLength(1);
  });

  it('O2 O3 of another officer, another commune, the past or the future moves nothing', async () => {
    expect(await admission.admitFm(await frame({}, P.offB))).toBe('BAD_SIG');
    expect(await admission.admitFm(await frame({ commune: 1 }))).toBe('NOT_FOR_ME');
    expect(await admission.admitFm(await frame({ iat: NOW - 2000 }))).toBe('EXPIRED');
    expect(await admission.admitFm(await frame({ iat: NOW + 4000 }))).toBe('FROM_FUTURE');
    expect(await admission.admitFm(await frame({ keyIndex: 7 }))).toBe('NO_GRANT');
    expect(acted).toEqual([]);
    const late = await frame({ iat: NOW - 2000 });
    for (let time = 0; time < 50; time += 1) expect(await admission.admitFm(late)).toBe('EXPIRED');
    expect(store.rejects()).toMatchObject({ BAD_SIG: 1, NOT_FOR_ME: 1, EXPIRED: 2 });
  });

  it('that is rubbish again and again is not even looked at for a while', async () => {
    for (let time = 0; time < 21; time += 1) await admission.admitFm(new Uint8Array(76).fill(time));
    expect(await admission.admitFm(await frame())).toBe('BACKOFF');
    upMs += 61_000;
    expect(await admission.admitFm(await frame())).toBe('ACCEPTED');
  });
});
