/** A box in FLOOR with a receiver, from what a registrar signed to what is heard (protocol C6): a real store, real signatures, simulated air. */
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../shared/protocol/accept.ts';
import * as province from '../shared/protocol/a-province.fixture.ts';
import type { Device, Fmplan } from '../shared/protocol/schema/documents.ts';
import type { Item } from '../shared/protocol/schema/item.ts';
import { RECORDING, itemWith } from '../shared/schedule/a-schedule.fixture.ts';
import { Agent } from './agent.ts';
import type { ClockReading } from './clock/seam.ts';
import { Listening } from './listening.ts';
import { SimPlayer } from './sim/sim-player.ts';
import { SimScreen } from './sim/sim-screen.ts';
import { SimTuner } from './sim/sim-tuner.ts';
import { SimUptime } from './sim/sim-uptime.ts';
import { anAudit, somewhere } from './store/a-box.fixture.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import type { MediaShelf } from './store/store.ts';
import { Admission } from './verify/admit.ts';

const { P, signed } = province;
const KHZ = 101_900;
const STATION = { frequencyKhz: KHZ, rssiDbuv: 45, pi: 'd3c1' } as const;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const noAmplifier = { leadMs: 0, holdMs: 0, dwellMs: 0, maxUnprovenMs: 0 };
const shelf: MediaShelf = {
  open: () => Promise.resolve(),
  has: () => true,
  verified: (sha256) => Promise.resolve(`/media/${sha256}`),
  receive: () => Promise.reject(new Error('nothing is received here')),
  evict: () => Promise.resolve([]),
  usedBytes: () => 0,
};

const fmplan: Fmplan = {
  ...{ typ: 'fmplan', v: 1, prov: 'vn56', id: 'fmplan:56', epoch: 1, ver: 1, area: '56' },
  ...{ iat: province.NOW - 100, exp: province.NOW + 20 * 86_400, mode: 'pi' },
  stations: [{ frequencyKhz: KHZ, pi: 'd3c1', rssiMin: 30, rssiMax: 60, beat: null }],
  windows: [{ days: 127, from: '00:00', to: '23:59', afterMin: 5 }],
  ...{ dailyMaxMin: 60, volume: 100, orderKeys: [P.offA.kid] },
};

let places: ReturnType<typeof somewhere>;
let store: SqliteStore;
let uptime: SimUptime;
let player: SimPlayer;
let screen: SimScreen;
let tuner: SimTuner;
let listening: Listening;
let agent: Agent;
/** UTC at uptime 0: that day, ten in the morning, when the power had been away for two days. */
let trueFromMs: number;
/** What the station says beside the truth; null: it says nothing. */
let offS: number | null;
/** What the box itself knows: nothing, until a head gives it the time. */
let isSynced: boolean;

const trueMs = (): number => trueFromMs + uptime.upMs();
const readClock = (): ClockReading =>
  isSynced
    ? { state: 'SYNCED', nowMs: trueMs(), u: 2, upMs: uptime.upMs() }
    : { state: 'FLOOR', nowMs: store.state().floor * 1000, u: 0, upMs: uptime.upMs() };

async function take(bytes: Uint8Array): Promise<string> {
  const clock = { ...province.clock, now: province.NOW };
  const { code, state } = await accept(bytes, store.state(), clock, null);
  if (code === 'ACCEPTED') store.commitState(state, anAudit());
  return code;
}

/** Ticks, and the station tells its time at each full minute. */
async function runFor(durationMs: number, stepMs = 1000): Promise<void> {
  for (let passedMs = 0; passedMs < durationMs; passedMs += stepMs) {
    agent.tick();
    await setImmediate();
    const minute = Math.floor(trueMs() / MINUTE_MS);
    uptime.advance(stepMs);
    const isFull = Math.floor(trueMs() / MINUTE_MS) > minute;
    if (isFull && offS !== null) tuner.tellTime(KHZ, Math.floor(trueMs() / MINUTE_MS) * 60 + offS);
  }
}

function start(): void {
  listening = new Listening({
    ...{ receiver: tuner, store, log: () => undefined },
    admitFm: () => Promise.resolve('NO_TIME'),
  });
  agent = new Agent({
    ...{ store, shelf, settings: noAmplifier, log: () => undefined, wait: () => Promise.resolve() },
    readClock,
    devices: { player, screen, amplifier: null, source: null, tuner, inputs: null, current: null },
    abilities: { sound: ['media', 'tuner'], screen: ['page'] },
    listening,
    unreachedSinceUpMs: () => 0,
    technician: { localTest: () => null, wishedKhz: () => null },
    builtin: (name) => `/sounds/${name}`,
  });
  agent.boot();
}

/** What two registrars signed of it, and when the power came back the box knows no more than a floor. */
async function without(clockless: Device['clockless'], change: Partial<Fmplan> = {}): Promise<void> {
  expect(await take(await signed({ ...province.device, clockless }, P.regA, P.regB))).toBe('ACCEPTED');
  expect(await take(await signed({ ...fmplan, ...change }, P.regA, P.regB))).toBe('ACCEPTED');
  start();
}

/** Vietnam's wall clock at the true instant. */
const wallAt = (atMs: number) => new Date(atMs + 7 * HOUR_MS).toISOString();

async function planned(...items: readonly Item[]): Promise<void> {
  expect(await take(await signed(province.keyring, P.regA, P.regB))).toBe('ACCEPTED');
  const plan = { ...province.plan, items: [...items] };
  expect(await take(await signed(plan, P.author, P.approver))).toBe('ACCEPTED');
}

/** Half an hour of recordings, so long after the power is back. */
function itemIn(afterMs: number, change: Partial<Item> = {}): Item {
  const wall = wallAt(trueFromMs + 60_000 + afterMs);
  const source: Item['source'] = { kind: 'media', play: [RECORDING], repeat: 'fill' };
  const window = { firstDay: wall.slice(0, 10), startAt: wall.slice(11, 19), lengthS: 1800, recur: null };
  return itemWith({ id: 'ban-tin', ...window, source, ...change });
}

const isHeard = () => !tuner.observe().muted;
const records = () => store.records(90);
const played = () => records().filter(({ startedAtMs }) => startedAtMs !== null);
const words = () => player.heard().filter(({ uri }) => uri.includes(RECORDING.sha256));

beforeEach(async () => {
  places = somewhere();
  uptime = new SimUptime();
  const day = wallAt(province.NOW * 1000 + 3 * DAY_MS).slice(0, 10);
  trueFromMs = Date.parse(`${day}T10:00:00+07:00`) - uptime.upMs();
  offS = 0;
  isSynced = false;
  player = new SimPlayer(uptime);
  screen = new SimScreen(uptime);
  tuner = new SimTuner(uptime, [STATION]);
  const factoryTrust = await signed(province.trust, P.rootA, P.rootB);
  store = new SqliteStore(places, { prov: 'vn56', dev: province.DEV, factoryTrust, buildTime: 0 });
  store.open();
  // The last week in which it knew the time ended with the power.
  store.keepLevels(KHZ, { hours: [[Math.floor(province.NOW / 3600) - 1, 44]], running: null });
  await player.open();
  await screen.open();
  await tuner.open();
});
afterEach(() => {
  store.close();
  places.remove();
});

describe('a box that does not know the time', () => {
  it('C08 with clockless silent listens to nobody, plays nothing and says so on its board, whatever a station tells', async () => {
    await without('silent');
    await planned(itemIn(8 * MINUTE_MS));
    await runFor(20 * MINUTE_MS);
    expect(tuner.observe().frequencyKhz).toBeNull();
    expect(records()).toEqual([]);
    expect(screen.seen.at(-1)?.view).toEqual({ kind: 'no-time' });
    expect(agent.view()?.inForce.silence).toBe('no-time');
  });

  it('with clockless fm opens FM as in mode pi once the time was steady for five minutes, and never the plan', async () => {
    await without('fm', { mode: 'pi' });
    await planned(itemIn(8 * MINUTE_MS));
    await runFor(5 * MINUTE_MS);
    expect(tuner.observe()).toMatchObject({ frequencyKhz: KHZ, muted: true });
    await runFor(3 * MINUTE_MS);
    expect(isHeard()).toBe(true);
    // At most 60 of 100, whatever was signed; 15 steps.
    expect(tuner.history.map(({ what }) => what)).toContain('volume 9');
    await runFor(60 * MINUTE_MS);
    expect(words()).toEqual([]);
    const [heard] = played();
    expect(heard).toMatchObject({ subject: { kind: 'fallback' }, endCause: 'failed', reason: 'FM_DAY_USED' });
    expect(heard?.clock).toMatchObject({ state: 'FLOOR', radio: {} });
    expect(heard?.playedMs).toBeGreaterThan(29 * MINUTE_MS);
    expect(heard?.playedMs).toBeLessThan(31 * MINUTE_MS);
    expect(Math.abs((heard?.startedAtMs ?? 0) - trueFromMs - 7 * MINUTE_MS)).toBeLessThan(2 * MINUTE_MS);
  });

  it('reads the windows by that time: none is open, so nothing is heard', async () => {
    await without('fm', { windows: [{ days: 127, from: '13:00', to: '14:00', afterMin: 5 }] });
    await runFor(30 * MINUTE_MS);
    expect(played()).toEqual([]);
  });

  it('H13 in mode data stays without sound, and in mode beat without a beat', async () => {
    await without('fm', { mode: 'data' });
    await runFor(20 * MINUTE_MS);
    expect(tuner.observe()).toMatchObject({ frequencyKhz: KHZ, muted: true });
    expect(records()).toEqual([]);
    const beat = { t0: province.NOW - 86_400, chain: 'AAAAAAAAAAAAAAAAAAAAAA', anchors: {} };
    const station = { frequencyKhz: KHZ, pi: 'd3c1', rssiMin: 30, rssiMax: 60, beat };
    const beating: Fmplan = { ...fmplan, ver: 2, mode: 'beat', stations: [station] };
    expect(await take(await signed(beating, P.regA, P.regB))).toBe('ACCEPTED');
    await runFor(20 * MINUTE_MS);
    expect(played()).toEqual([]);
    expect(records()[0]).toMatchObject({ reason: 'FM_NO_BEAT', clock: { radio: {} } });
  });

  it('never opens at a level that it does not know from the week in which it knew the time', async () => {
    store.keepLevels(KHZ, { hours: [], running: null });
    await without('fm');
    await runFor(20 * MINUTE_MS);
    expect(played()).toEqual([]);
    expect(records()[0]).toMatchObject({ endCause: 'skipped', reason: 'FM_LEVEL_UNKNOWN' });
  });

  it('with clockless plan plays the plan to the second of that time, shows its pages, and marks each record', async () => {
    await without('plan');
    const page = {
      kind: 'page',
      template: 'notice',
      title: 'Tin',
      body: '',
      image: null,
      durationS: 10,
    } as const;
    const onBoard = itemIn(10 * MINUTE_MS, { id: 'trang', surface: 'screen', source: page });
    await planned(itemIn(10 * MINUTE_MS, { lengthS: 120 }), onBoard);
    await runFor(7 * MINUTE_MS, 250);
    expect(screen.seen.at(-1)?.view).toEqual({ kind: 'nothing' });
    await runFor(4 * MINUTE_MS, 250);
    const dueUpMs = 60_000 + 10 * MINUTE_MS;
    expect(Math.abs((words()[0]?.fromUpMs ?? 0) - dueUpMs)).toBeLessThan(2000);
    expect(screen.seen.at(-1)?.view).toMatchObject({ kind: 'page' });
    await runFor(3 * MINUTE_MS, 250);
    expect(played().find(({ subject }) => subject.kind === 'item')).toMatchObject({
      ...{ startCause: 'planned', endCause: 'window', clock: { state: 'FLOOR', u: 3, radio: {} } },
      plannedAtMs: trueFromMs + dueUpMs,
    });
  });

  it('C09 whose station jumps is silent within a tick, with the reason, and begins to listen anew', async () => {
    await without('plan');
    await planned(itemIn(8 * MINUTE_MS));
    await runFor(10 * MINUTE_MS);
    expect(words()).not.toEqual([]);
    offS = 3600;
    await runFor(MINUTE_MS + 2000);
    expect(player.heard().at(-1)?.toUpMs).not.toBeNull();
    const record = played().find(({ subject }) => subject.kind === 'item');
    expect(record).toMatchObject({ endCause: 'failed', reason: 'CT_LOST', clock: { radio: {} } });
    // Closed by the time by which it began: it was heard for about two minutes.
    const { startedAtMs, endedAtMs, playedMs } = record ?? expect.unreachable();
    expect(Math.abs((endedAtMs ?? 0) - (startedAtMs ?? 0) - playedMs)).toBeLessThan(3000);
    expect(playedMs).toBeGreaterThan(MINUTE_MS);
    expect(screen.seen.at(-1)?.view).toEqual({ kind: 'no-time' });
    const { reading } = agent.view() ?? expect.unreachable();
    expect(reading).toMatchObject({ state: 'FLOOR', nowMs: store.state().floor * 1000 });
  });

  it('C09 is moved by no time below its floor, and its floor by no time', async () => {
    const { floor } = store.state();
    await without('plan');
    await planned(itemIn(8 * MINUTE_MS));
    offS = -5 * 86_400;
    await runFor(30 * MINUTE_MS);
    expect(listening.radioTime()).toBeNull();
    expect(records()).toEqual([]);
    offS = 0;
    await runFor(10 * MINUTE_MS);
    expect(listening.radioTime()?.isSteady).toBe(true);
    expect(store.state().floor).toBe(floor);
  });

  it('R10 C09 takes no order while the time of a station counts, and one that it has plays not', async () => {
    await without('plan');
    await runFor(8 * MINUTE_MS);
    expect(agent.wall.read().byRadio).toBe(true);
    const clock = () => {
      const { state, nowMs } = readClock();
      return { state, now: Math.floor(nowMs / 1000), u: 0 };
    };
    const admission = new Admission({
      ...{ store, clock, nonce: () => null, upMs: () => uptime.upMs(), accepted: () => undefined },
    });
    await admission.boot();
    const iat = Math.floor(trueMs() / 1000) - 10;
    const order = province.order({ kind: 'test', iat, exp: iat + 1800 });
    const { code } = await admission.admit(await signed(order, P.offA), 'mqtt');
    expect(code).toBe('NO_TIME');
    expect(agent.view()?.inForce.orders).toEqual([]);
  });

  it('keeps silent what a halt of before the cut silenced, until it is surely over', async () => {
    const halt = province.order({ kind: 'halt', iat: province.NOW - 60, exp: province.NOW - 60 + 3600 });
    await without('plan');
    expect(await take(await signed(halt, P.offA))).toBe('ACCEPTED');
    await planned(itemIn(0, { lengthS: 4 * 3600 }));
    await runFor(50 * MINUTE_MS);
    expect(listening.radioTime()?.isSteady).toBe(true);
    expect(records()).toEqual([]);
    expect(agent.view()?.inForce.silence).toBe('no-time');
    await runFor(20 * MINUTE_MS);
    expect(words()).not.toEqual([]);
  });

  it('that learns the time goes on by its own: nothing is by radio any more', async () => {
    await without('plan');
    await planned(itemIn(8 * MINUTE_MS));
    await runFor(10 * MINUTE_MS);
    isSynced = true;
    await runFor(5 * MINUTE_MS);
    expect(listening.radioTime()).toBeNull();
    expect(words().at(-1)?.toUpMs).toBeNull();
    expect(agent.view()?.scene.reading).toMatchObject({ state: 'SYNCED', nowMs: trueMs() - 1000 });
    expect(agent.view()?.scene.reading.byRadio).toBeUndefined();
  });

  it.each([
    ['that goes on', false],
    ['whose agent starts anew', true],
  ])('C09 %s plays at its hour what a station had begin an hour too early', async (_, isNew) => {
    await without('plan', { mode: 'data' });
    const once: Item['source'] = { kind: 'media', play: [RECORDING], repeat: 1 };
    await planned(itemIn(HOUR_MS + 8 * MINUTE_MS, { source: once }));
    offS = 3600;
    await runFor(12 * MINUTE_MS);
    expect(played()).toMatchObject([{ endCause: 'finished', clock: { radio: {} } }]);
    isSynced = true;
    if (isNew) start();
    await runFor(60 * MINUTE_MS);
    const dueUpMs = 60_000 + HOUR_MS + 8 * MINUTE_MS;
    expect(Math.abs((words().at(-1)?.fromUpMs ?? 0) - dueUpMs)).toBeLessThan(2000);
    expect(played()).toHaveLength(2);
  });

  it('C09 begins anew at its hour what it broke off when it learnt the time, and relays on what is due by both', async () => {
    const relay = { kind: 'tuner', frequencyKhz: 99_000, pi: 'd3c2' } as const;
    tuner.air({ frequencyKhz: 99_000, rssiDbuv: 50, pi: 'd3c2' });
    await without('plan', { mode: 'data' });
    const allDay = itemIn(-3 * HOUR_MS, { id: 'tiep-song', lengthS: 9 * 3600, priority: 1, source: relay });
    await planned(allDay, itemIn(HOUR_MS + 8 * MINUTE_MS, { lengthS: 300 }));
    offS = 3600;
    await runFor(11 * MINUTE_MS);
    expect(words().at(-1)?.toUpMs).toBeNull();
    isSynced = true;
    await runFor(MINUTE_MS);
    expect(words().at(-1)?.toUpMs).not.toBeNull();
    expect(isHeard()).toBe(true);
    await runFor(HOUR_MS + 5 * MINUTE_MS);
    expect(
      played().find(({ clock, endCause }) => clock.state === 'SYNCED' && endCause === 'window'),
    ).toMatchObject({
      ...{ startCause: 'planned', fromMs: 0 },
    });
  });

  it('gets half an hour of FM a day of uptime: no restart, no cut and no jump of the date buys more', async () => {
    await without('fm');
    await runFor(20 * MINUTE_MS, 2000);
    expect(isHeard()).toBe(true);
    // A kill: nobody can say how long it was heard.
    player = new SimPlayer(uptime);
    await player.open();
    start();
    await runFor(40 * MINUTE_MS, 2000);
    expect(isHeard()).toBe(false);
    offS = 86_400;
    await runFor(40 * MINUTE_MS, 2000);
    const heardMs = () => played().reduce((sum, { playedMs }) => sum + playedMs, 0);
    expect(heardMs()).toBe(0);
    expect(records()[0]).toMatchObject({ reason: 'FM_DAY_USED' });
    await runFor(DAY_MS - 30 * MINUTE_MS, 20_000);
    await runFor(60 * MINUTE_MS, 2000);
    expect(heardMs()).toBeGreaterThan(29 * MINUTE_MS);
    expect(heardMs()).toBeLessThan(31 * MINUTE_MS);
  });

  it('C09 A13 gets four hours of programmes a day of uptime, however often a station changes the date', async () => {
    await without('plan', { mode: 'data' });
    await planned(itemIn(8 * MINUTE_MS, { lengthS: 6 * 3600, recur: { kind: 'rrule', rule: 'FREQ=DAILY' } }));
    await runFor(5 * HOUR_MS, 2000);
    const heardMs = () => played().reduce((sum, { playedMs }) => sum + playedMs, 0);
    expect(heardMs() / HOUR_MS).toBeCloseTo(4, 1);
    for (let day = 1; day <= 2; day += 1) {
      offS = day * 86_400;
      await runFor(20 * MINUTE_MS, 2000);
    }
    expect(agent.wall.read().nowMs).toBeGreaterThan(trueMs() + DAY_MS);
    expect(heardMs() / HOUR_MS).toBeCloseTo(4, 1);
  });

  it('records a relayed station also where the true time proves to be an hour before that of the radio', async () => {
    const relay = { kind: 'tuner', frequencyKhz: 99_000, pi: 'd3c2' } as const;
    tuner.air({ frequencyKhz: 99_000, rssiDbuv: 50, pi: 'd3c2' });
    await without('plan', { mode: 'data' });
    await planned(itemIn(HOUR_MS + 8 * MINUTE_MS, { source: relay }));
    offS = 3600;
    await runFor(12 * MINUTE_MS);
    expect(tuner.observe()).toMatchObject({ frequencyKhz: 99_000, muted: false });
    isSynced = true;
    await runFor(MINUTE_MS);
    expect(isHeard()).toBe(false);
    const [record] = records();
    expect(record).toMatchObject({ endCause: 'withdrawn', clock: { state: 'FLOOR', radio: {} } });
    expect(record?.playedMs).toBeGreaterThan(3 * MINUTE_MS);
  });

  it('moves on from a station that tells no time to one that does', async () => {
    const other = { frequencyKhz: 99_000, pi: 'd3c2' };
    tuner.air({ ...other, rssiDbuv: 50 });
    const levels = { rssiMin: 30, rssiMax: 60, beat: null };
    await without('fm', {
      stations: [
        { ...other, ...levels },
        { frequencyKhz: KHZ, pi: 'd3c1', ...levels },
      ],
    });
    await runFor(9 * MINUTE_MS);
    expect(tuner.observe().frequencyKhz).toBe(99_000);
    await runFor(8 * MINUTE_MS);
    expect(tuner.observe().frequencyKhz).toBe(KHZ);
    expect(listening.radioTime()?.isSteady).toBe(true);
  });
});
