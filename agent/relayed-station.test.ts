import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../shared/protocol/accept.ts';
import * as province from '../shared/protocol/a-province.fixture.ts';
import type { Fmplan } from '../shared/protocol/schema/documents.ts';
import { itemWith } from '../shared/schedule/a-schedule.fixture.ts';
import { Agent } from './agent.ts';
import type { CurrentMeter } from './devices/current/seam.ts';
import { SimPlayer } from './sim/sim-player.ts';
import { SimTuner } from './sim/sim-tuner.ts';
import { SimUptime } from './sim/sim-uptime.ts';
import { anAudit, somewhere } from './store/a-box.fixture.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import type { MediaShelf } from './store/store.ts';

const STATION = { frequencyKhz: 101_900, rssiDbuv: 45, pi: 'd3c1' } as const;
const START_S = 10;
/** What the amplifier draws while the station is heard; more while it is not. */
const current: CurrentMeter = {
  open: () => Promise.resolve(),
  observe: () => ({ milliamps: tuner.observe().muted ? 900 : 420, failure: null }),
  close: () => Promise.resolve(),
};
const noAmplifier = { leadMs: 0, holdMs: 0, dwellMs: 0, maxUnprovenMs: 0 };
const shelf: MediaShelf = {
  open: () => Promise.resolve(),
  has: () => false,
  verified: () => Promise.resolve(null),
  receive: () => Promise.reject(new Error('nothing is received here')),
  evict: () => Promise.resolve([]),
  usedBytes: () => 0,
};

let places: ReturnType<typeof somewhere>;
let store: SqliteStore;
let uptime: SimUptime;
let player: SimPlayer;
let tuner: SimTuner;
let agent: Agent;

const nowMs = (): number => province.NOW * 1000 + uptime.upMs();

async function take(bytes: Uint8Array): Promise<void> {
  const clock = { ...province.clock, now: Math.floor(nowMs() / 1000) };
  const { code, state } = await accept(bytes, store.state(), clock, null);
  expect(code).toBe('ACCEPTED');
  store.commitState(state, anAudit());
}

async function runFor(durationMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < durationMs; passedMs += 250) {
    agent.tick();
    await setImmediate();
    uptime.advance(250);
  }
}

/** A signed minute of this station, from ten seconds after the beginning. */
async function plan(pi: string | null): Promise<void> {
  const local = new Date(nowMs() + (START_S + 7 * 3600) * 1000).toISOString();
  const item = itemWith({
    ...{
      id: 'tiep-song',
      firstDay: local.slice(0, 10),
      startAt: local.slice(11, 19),
      lengthS: 60,
      recur: null,
    },
    ...{ night: true, source: { kind: 'tuner', frequencyKhz: STATION.frequencyKhz, pi } },
  });
  await take(
    await province.signed({ ...province.plan, items: [item] }, province.P.author, province.P.approver),
  );
}

beforeEach(async () => {
  places = somewhere();
  uptime = new SimUptime();
  player = new SimPlayer(uptime);
  tuner = new SimTuner(uptime, [STATION]);
  const { trust, P, signed } = province;
  const factoryTrust = await signed(trust, P.rootA, P.rootB);
  store = new SqliteStore(places, { prov: 'vn56', dev: province.DEV, factoryTrust, buildTime: 0 });
  store.open();
  agent = new Agent({
    ...{ store, shelf, settings: noAmplifier, log: () => undefined, wait: () => Promise.resolve() },
    readClock: () => ({ state: 'SYNCED', nowMs: nowMs(), u: 2, upMs: uptime.upMs() }),
    devices: { player, screen: null, amplifier: null, source: null, tuner, inputs: null, current },
    abilities: { sound: ['media', 'tuner'], screen: [] },
    listening: null,
    unreachedSinceUpMs: () => null,
    technician: { localTest: () => null, wishedKhz: () => null },
    builtin: (name) => `/sounds/${name}`,
  });
  await player.open();
  await tuner.open();
  await take(await signed(province.device, P.regA, P.regB));
  await take(await signed(province.keyring, P.regA, P.regB));
  agent.boot();
});

afterEach(() => {
  store.close();
  places.remove();
});

describe('a relayed station', () => {
  it('is heard once it has shown its PI, and no longer than its window', async () => {
    await plan(STATION.pi);
    await runFor(9000);
    expect(tuner.observe().muted).toBe(true);
    await runFor(20_000);
    expect(tuner.observe()).toMatchObject({ muted: false, frequencyKhz: STATION.frequencyKhz });
    await runFor(45_000);
    expect(tuner.observe().muted).toBe(true);
    const [record] = store.records(1);
    expect(record).toMatchObject({
      endCause: 'window',
      evidence: { tunerPi: STATION.pi, tunerRssiDbuv: 45, amplifierMilliamps: 420 },
    });
    expect(record?.playedMs).toBeGreaterThan(55_000);
  });

  it('with another PI is never heard, and the record says why (H6)', async () => {
    tuner.air({ ...STATION, pi: 'ffff' });
    await plan(STATION.pi);
    await runFor(75_000);
    expect(tuner.history.map(({ what }) => what)).not.toContain('unmute');
    const records = store.records(9);
    expect(records.some(({ reason }) => reason === 'WRONG_PI')).toBe(true);
    expect(records.every(({ playedMs }) => playedMs === 0)).toBe(true);
  });

  it('that another carrier takes over is muted within seconds (H10)', async () => {
    await plan(STATION.pi);
    await runFor(30_000);
    tuner.air({ ...STATION, pi: 'ffff' });
    await runFor(1000);
    expect(tuner.observe().muted).toBe(true);
  });

  it('H10 that the fmplan knows is not heard where it is louder than signed', async () => {
    const known = { ...STATION, rssiMin: 20, rssiMax: 40, beat: null };
    const { frequencyKhz, pi, rssiMin, rssiMax, beat } = known;
    const fmplan: Fmplan = {
      ...{ typ: 'fmplan', v: 1, prov: 'vn56', id: 'fmplan:56', epoch: 1, ver: 1, area: '56', mode: 'data' },
      ...{ iat: province.NOW - 100, exp: province.NOW + 86_400, windows: [], dailyMaxMin: 60, volume: 60 },
      ...{ stations: [{ frequencyKhz, pi, rssiMin, rssiMax, beat }], orderKeys: [] },
    };
    await take(await province.signed(fmplan, province.P.regA, province.P.regB));
    await plan(STATION.pi);
    await runFor(75_000);
    expect(tuner.history.map(({ what }) => what)).not.toContain('unmute');
    expect(store.records(9).some(({ reason }) => reason === 'FM_STRONG')).toBe(true);
  });

  it('whose receiver is pulled out comes back with it', async () => {
    await plan(STATION.pi);
    await runFor(20_000);
    tuner.unplug();
    await runFor(5000);
    tuner.plug();
    await runFor(20_000);
    expect(tuner.observe().muted).toBe(false);
    const heardFirst = store.records(9).at(-1);
    expect(heardFirst).toMatchObject({ endCause: 'failed', reason: 'TUNER_FAULT' });
    expect(heardFirst?.playedMs).toBeGreaterThan(8000);
  });

  it('needs no player: it sounds while there is none', async () => {
    await player.close();
    await plan(STATION.pi);
    await runFor(30_000);
    expect(player.observe().state).toBe('absent');
    expect(tuner.observe().muted).toBe(false);
  });

  it('of which the plan names no PI is heard and recorded as unidentified', async () => {
    await plan(null);
    await runFor(75_000);
    expect(store.records(1)).toMatchObject([{ endCause: 'window', reason: 'UNIDENTIFIED' }]);
  });
});
