import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../shared/protocol/accept.ts';
import * as province from '../shared/protocol/a-province.fixture.ts';
import type { Fmplan } from '../shared/protocol/schema/documents.ts';
import { itemWith } from '../shared/schedule/a-schedule.fixture.ts';
import { Agent } from './agent.ts';
import type { Ether } from './plan/ether.ts';
import { SimInputs } from './sim/sim-inputs.ts';
import { SimPlayer } from './sim/sim-player.ts';
import { SimRelay } from './sim/sim-relay.ts';
import { SimTuner } from './sim/sim-tuner.ts';
import { SimUptime } from './sim/sim-uptime.ts';
import { anAudit, somewhere } from './store/a-box.fixture.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import type { MediaShelf } from './store/store.ts';

const STATION = { frequencyKhz: 101_900, rssiDbuv: 45, pi: 'd3c1' } as const;
const MINUTE_MS = 60_000;
const noAmplifier = { leadMs: 0, holdMs: 0, dwellMs: 0, maxUnprovenMs: 0 };
const shelf: MediaShelf = {
  open: () => Promise.resolve(),
  has: () => false,
  verified: () => Promise.resolve(null),
  receive: () => Promise.reject(new Error('nothing is received here')),
  evict: () => Promise.resolve([]),
  usedBytes: () => 0,
};

const fmplan: Fmplan = {
  ...{ typ: 'fmplan', v: 1, prov: 'vn56', id: 'fmplan:56', epoch: 1, ver: 1, area: '56' },
  ...{ iat: province.NOW - 100, exp: province.NOW + 20 * 86_400, mode: 'pi' },
  stations: [{ frequencyKhz: 101_900, pi: 'd3c1', rssiMin: 30, rssiMax: 60, beat: null }],
  windows: [{ days: 127, from: '00:00', to: '23:59', afterMin: 5 }],
  ...{ dailyMaxMin: 20, volume: 100, orderKeys: [] },
};

let places: ReturnType<typeof somewhere>;
let store: SqliteStore;
let uptime: SimUptime;
let player: SimPlayer;
let tuner: SimTuner;
let source: SimRelay;
let inputs: SimInputs;
let agent: Agent;
let ether: Ether;
let unreachedSinceUpMs: number | null;
/** Ten in the morning of the day on which the fixture's papers are in force. */
let startMs: number;

const nowMs = (): number => startMs + uptime.upMs();

async function take(bytes: Uint8Array): Promise<void> {
  const clock = { ...province.clock, now: Math.floor(nowMs() / 1000) };
  const { code, state } = await accept(bytes, store.state(), clock, null);
  expect(code).toBe('ACCEPTED');
  store.commitState(state, anAudit());
}

async function runFor(durationMs: number, stepMs = 250): Promise<void> {
  for (let passedMs = 0; passedMs < durationMs; passedMs += stepMs) {
    agent.tick();
    await setImmediate();
    uptime.advance(stepMs);
  }
}

function anAgent(by: SimRelay | null = source): Agent {
  const made = new Agent({
    ...{ store, shelf, settings: noAmplifier, log: () => undefined, wait: () => Promise.resolve() },
    readClock: () => ({ state: 'SYNCED', nowMs: nowMs(), u: 2, upMs: uptime.upMs() }),
    devices: { player, screen: null, amplifier: null, source: by, tuner, inputs, current: null },
    abilities: { sound: ['media', 'tuner'], screen: [] },
    listening: { turn: () => ether, radioTime: () => null },
    unreachedSinceUpMs: () => unreachedSinceUpMs,
    technician: { localTest: () => null, wishedKhz: () => null },
    builtin: (name) => `/sounds/${name}`,
  });
  made.boot();
  return made;
}

/** Signed and in force; then so long without the cloud. */
async function cutOff(change: Partial<Fmplan> = {}): Promise<void> {
  await take(await province.signed({ ...fmplan, ...change }, province.P.regA, province.P.regB));
  unreachedSinceUpMs = uptime.upMs();
}

const records = () => store.records(50).filter(({ subject }) => subject.kind === 'fallback');
const isHeard = () => !tuner.observe().muted;

beforeEach(async () => {
  const local = new Date(province.NOW * 1000 + 7 * 3_600_000).toISOString().slice(0, 10);
  startMs = Date.parse(`${local}T10:00:00+07:00`);
  if (startMs < province.NOW * 1000) startMs += 86_400_000;
  places = somewhere();
  uptime = new SimUptime();
  player = new SimPlayer(uptime);
  tuner = new SimTuner(uptime, [STATION]);
  inputs = new SimInputs({ mute: false }, () => uptime.upMs());
  source = new SimRelay(join(places.folder, 'source.wire'));
  const beats = { good: 0, bad: 0, unanchored: 0 };
  ether = { frequencyKhz: 101_900, beatUpMs: null, beats, isBeatSilent: false, usualDbuv: 44 };
  unreachedSinceUpMs = null;
  const { trust, P, signed } = province;
  const factoryTrust = await signed(trust, P.rootA, P.rootB);
  store = new SqliteStore(places, { prov: 'vn56', dev: province.DEV, factoryTrust, buildTime: 0 });
  store.open();
  agent = anAgent();
  await player.open();
  await tuner.open();
  await source.open();
  await inputs.open(() => undefined);
  await take(await signed(province.device, P.regA, P.regB));
});

afterEach(async () => {
  await source.close();
  store.close();
  places.remove();
});

describe('FM fallback', () => {
  it('is silent while the mute button is pressed, which its record says, and comes back when it is released', async () => {
    await cutOff();
    await runFor(7 * MINUTE_MS);
    expect(isHeard()).toBe(true);
    inputs.move('mute', true);
    await runFor(MINUTE_MS);
    expect(isHeard()).toBe(false);
    expect(records()).toMatchObject([{ endCause: 'cut', reason: 'LOCAL_MUTE' }]);
    inputs.move('mute', false);
    await runFor(MINUTE_MS);
    expect(isHeard()).toBe(true);
  });

  it('listens muted at once, and is heard when the cloud was out of reach for afterMin (H11)', async () => {
    await cutOff();
    await runFor(4 * MINUTE_MS, 1000);
    expect(tuner.observe()).toMatchObject({ frequencyKhz: 101_900, muted: true });
    expect(source.observe().on).toBe(false);
    await runFor(2 * MINUTE_MS, 1000);
    expect(isHeard()).toBe(true);
    await expect.poll(() => source.observe().on).toBe(true);
    // Mode pi: at most 60 of 100, whatever was signed; 15 steps.
    expect(tuner.history.map(({ what }) => what)).toContain('volume 9');
  });

  it('ends when the cloud is back, faded, with a record that says so', async () => {
    await cutOff();
    await runFor(7 * MINUTE_MS, 1000);
    unreachedSinceUpMs = null;
    await runFor(2000);
    expect(isHeard()).toBe(false);
    const closing = tuner.history.map(({ what }) => what).slice(-5);
    expect(closing).toEqual(['volume 7', 'volume 5', 'volume 4', 'volume 2', 'mute']);
    expect(records()).toMatchObject([
      {
        subject: { kind: 'fallback', fmplan: 'fmplan:56', mode: 'pi', frequencyKhz: 101_900, pi: 'd3c1' },
        ...{ startCause: 'fallback', endCause: 'finished', reason: 'CLOUD_REACHED' },
        evidence: { tunerPi: 'd3c1', tunerRssiDbuv: 45 },
      },
    ]);
    expect(records()[0]?.playedMs).toBeGreaterThan(100_000);
  });

  it('H6 that another carrier takes over is muted, recorded, and held off ten minutes', async () => {
    await cutOff();
    await runFor(6 * MINUTE_MS, 1000);
    tuner.air({ ...STATION, pi: 'ffff' });
    await runFor(2000);
    expect(isHeard()).toBe(false);
    expect(records()).toMatchObject([{ endCause: 'failed', reason: 'WRONG_PI' }]);
    tuner.air(STATION);
    await runFor(9 * MINUTE_MS, 1000);
    expect(isHeard()).toBe(false);
    await runFor(2 * MINUTE_MS, 1000);
    expect(isHeard()).toBe(true);
  });

  it('H10 that is suddenly stronger never opens: one refusal with its reason each ten minutes', async () => {
    tuner.air({ ...STATION, rssiDbuv: 53 });
    await cutOff();
    await runFor(26 * MINUTE_MS, 1000);
    expect(tuner.history.map(({ what }) => what)).not.toContain('unmute');
    expect(records().map(({ endCause, reason }) => [endCause, reason])).toEqual(
      Array.from({ length: 3 }, () => ['skipped', 'FM_JUMP']),
    );
  });

  it('H12 is opened, lengthened and heard no earlier by PTY 31, traffic flags or a flood of groups 6A', async () => {
    const flood = async (durationMs: number) => {
      for (let passedMs = 0; passedMs < durationMs; passedMs += 1000) {
        tuner.flag({ pty: 31, tp: true, ta: passedMs % 2000 === 0 });
        const data = Uint8Array.of(255, 255, 255, 255);
        tuner.say(
          101_900,
          Array.from({ length: 11 }, (_, at) => ({ segment: 24 + (at % 8), data })),
        );
        await runFor(1000, 1000);
      }
    };
    await cutOff();
    unreachedSinceUpMs = null;
    await flood(20 * MINUTE_MS);
    expect(tuner.rds()).toMatchObject({ pty: 31, tp: true });
    expect(tuner.history.map(({ what }) => what)).not.toContain('unmute');
    unreachedSinceUpMs = uptime.upMs();
    await flood(4 * MINUTE_MS);
    expect(records()).toEqual([]);
    expect(tuner.history.map(({ what }) => what)).not.toContain('unmute');
    await flood(30 * MINUTE_MS);
    expect(records().at(-1)).toMatchObject({ endCause: 'failed', reason: 'FM_DAY_USED' });
    expect(records().at(-1)?.playedMs).toBeLessThan(21 * MINUTE_MS);
  });

  it('H13 in mode data is never heard and refuses nothing; the box listens all the same', async () => {
    await cutOff({ mode: 'data' });
    await runFor(10 * MINUTE_MS, 1000);
    expect(tuner.observe()).toMatchObject({ frequencyKhz: 101_900, muted: true });
    expect(records()).toEqual([]);
  });

  it('stays without the cloud where it hears somebody whom it knows, and with it gives each station its turn', async () => {
    const other = fmplan.stations.map((each) => ({ ...each, frequencyKhz: 96_000 }));
    await cutOff({ mode: 'data', stations: [...fmplan.stations, ...other] });
    await runFor(12 * MINUTE_MS, 1000);
    expect(tuner.observe().frequencyKhz).toBe(101_900);
    unreachedSinceUpMs = null;
    await runFor(MINUTE_MS / 2, 1000);
    expect(tuner.observe().frequencyKhz).toBe(96_000);
  });

  it('ends with the minutes of its day, and a kill buys none', async () => {
    await cutOff();
    await runFor(15 * MINUTE_MS, 1000);
    expect(isHeard()).toBe(true);
    agent = anAgent();
    await runFor(30 * MINUTE_MS, 1000);
    expect(isHeard()).toBe(false);
    const heardMs = records().reduce((sum, { playedMs }) => sum + playedMs, 0);
    expect(heardMs).toBeLessThan(11 * MINUTE_MS);
    expect(records()[0]).toMatchObject({ reason: 'FM_DAY_USED' });
  });

  it('gives way to an item at its instant and comes back after it', async () => {
    await cutOff();
    await runFor(6 * MINUTE_MS, 1000);
    const local = new Date(nowMs() + (60 + 7 * 3600) * 1000).toISOString();
    const window = { firstDay: local.slice(0, 10), startAt: local.slice(11, 19), lengthS: 60, recur: null };
    const relay = { kind: 'tuner', frequencyKhz: 99_000, pi: null } as const;
    tuner.air({ frequencyKhz: 99_000, rssiDbuv: 50, pi: null });
    const item = itemWith({ id: 'tiep-song', ...window, source: relay });
    await take(await province.signed(province.keyring, province.P.regA, province.P.regB));
    const plan = { ...province.plan, items: [item] };
    await take(await province.signed(plan, province.P.author, province.P.approver));
    await runFor(90_000, 250);
    expect(tuner.observe()).toMatchObject({ frequencyKhz: 99_000, muted: false });
    await runFor(2 * MINUTE_MS, 1000);
    expect(tuner.observe()).toMatchObject({ frequencyKhz: 101_900, muted: false });
    expect(records().map(({ endCause }) => endCause)).toEqual(['cut']);
  });

  it('is silent in quiet hours, with a record', async () => {
    startMs = startMs + 12.5 * 3_600_000;
    await cutOff({ mode: 'beat', stations: [{ ...beating, rssiMin: 30, rssiMax: 60 }] });
    ether = { ...ether, beatUpMs: Infinity };
    await runFor(10 * MINUTE_MS, 1000);
    expect(isHeard()).toBe(false);
    expect(records()).toMatchObject([{ endCause: 'skipped', reason: 'QUIET_HOURS' }]);
  });

  it('H1 in mode beat goes on no longer than 90 seconds after the last good beat', async () => {
    await cutOff({ mode: 'beat', stations: [{ ...beating, rssiMin: 30, rssiMax: 60 }] });
    await runFor(5 * MINUTE_MS, 1000);
    ether = { ...ether, beatUpMs: uptime.upMs() };
    await runFor(85_000, 1000);
    expect(isHeard()).toBe(true);
    await runFor(10_000, 1000);
    expect(isHeard()).toBe(false);
    expect(records()[0]).toMatchObject({ endCause: 'failed', reason: 'FM_NO_BEAT' });
  });

  it('through the line input is not louder than signed, and a line that is gone is held off like any other no', async () => {
    player = new SimPlayer(uptime, { hasLine: true });
    await player.open();
    agent = anAgent(null);
    await cutOff();
    await runFor(7 * MINUTE_MS);
    expect(player.observe()).toMatchObject({ line: 'open', moving: true });
    expect(player.heard().at(-1)?.volume).toBe(60);
    player.unplugLine();
    await runFor(5 * MINUTE_MS);
    expect([isHeard(), player.observe().line]).toEqual([false, 'closed']);
    expect(records()).toMatchObject([
      { endCause: 'failed', reason: 'no-input', evidence: { tunerPi: 'd3c1', peakDbfs: -12 } },
    ]);
    expect(records()[0]?.playedMs).toBeGreaterThan(100_000);
    player.line.plug();
    await runFor(6 * MINUTE_MS);
    expect(player.observe()).toMatchObject({ line: 'open', moving: true });
    tuner.air({ ...STATION, pi: 'ffff' });
    await runFor(2000);
    expect([isHeard(), player.observe().line]).toEqual([false, 'closed']);
    expect(records()[0]).toMatchObject({ endCause: 'failed', reason: 'WRONG_PI' });
  });

  it('whose switch was knocked over is switched again', async () => {
    await cutOff();
    await runFor(6 * MINUTE_MS, 1000);
    await source.set(false);
    await runFor(1000);
    await expect.poll(() => source.observe().on).toBe(true);
  });
});

const beating = {
  frequencyKhz: 101_900,
  pi: 'd3c1',
  beat: { t0: province.NOW - 86_400, chain: 'AAAAAAAAAAAAAAAAAAAAAA', anchors: {} },
} as const;
