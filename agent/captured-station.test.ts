/** A station whose sound comes in at the line and is played by the player: no second relay. */
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../shared/protocol/accept.ts';
import * as province from '../shared/protocol/a-province.fixture.ts';
import { itemWith } from '../shared/schedule/a-schedule.fixture.ts';
import { Agent } from './agent.ts';
import type { PlayerObserved } from './devices/player/seam.ts';
import type { Devices } from './perform.ts';
import type { AmplifierSettings } from './plan/scene.ts';
import { SimPlayer } from './sim/sim-player.ts';
import { SimTuner } from './sim/sim-tuner.ts';
import { SimUptime } from './sim/sim-uptime.ts';
import { anAudit, somewhere } from './store/a-box.fixture.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import type { MediaShelf } from './store/store.ts';

const STATION = { frequencyKhz: 101_900, rssiDbuv: 45, pi: 'd3c1' } as const;
const START_S = 10;
const noAmplifier = { leadMs: 0, holdMs: 0, dwellMs: 0, maxUnprovenMs: 0 };
const shelf: MediaShelf = {
  open: () => Promise.resolve(),
  has: () => false,
  verified: () => Promise.resolve(null),
  receive: () => Promise.reject(new Error('nothing is received here')),
  evict: () => Promise.resolve([]),
  usedBytes: () => 0,
};

/** Words that are not here: the attention tone stands in for them. */
const WORDS = { sha256: 'A'.repeat(43), size: 1000, mime: 'audio/ogg', durMs: 20_000 } as const;

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

const anAgent = (
  devices: Pick<Devices, 'player' | 'amplifier'>,
  settings: AmplifierSettings = noAmplifier,
): Agent =>
  new Agent({
    ...{ store, shelf, settings, log: () => undefined, wait: () => Promise.resolve() },
    readClock: () => ({ state: 'SYNCED', nowMs: nowMs(), u: 2, upMs: uptime.upMs() }),
    devices: { ...devices, screen: null, source: null, tuner, inputs: null, current: null },
    abilities: { sound: ['media', 'tuner'], screen: [] },
    listening: null,
    unreachedSinceUpMs: () => null,
    technician: { localTest: () => null, wishedKhz: () => null },
    builtin: (name) => `/sounds/${name}`,
  });

/** Its line opens, and its audio clock never moves. */
class StillPlayer extends SimPlayer {
  override observe(): PlayerObserved {
    return { ...super.observe(), moving: false };
  }
}

beforeEach(async () => {
  places = somewhere();
  uptime = new SimUptime();
  player = new SimPlayer(uptime, { hasLine: true });
  tuner = new SimTuner(uptime, [STATION]);
  const { trust, P, signed } = province;
  const factoryTrust = await signed(trust, P.rootA, P.rootB);
  store = new SqliteStore(places, { prov: 'vn56', dev: province.DEV, factoryTrust, buildTime: 0 });
  store.open();
  agent = anAgent({ player, amplifier: null });
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

const relays = () =>
  store.records(20).filter(({ playedMs, endCause }) => playedMs > 0 || endCause === 'failed');
/** Where the virtual uptime begins. */
const bornUpMs = new SimUptime().upMs();
/** When the line was heard, from the start of its window, in whole seconds. */
const heardS = () =>
  player
    .heard()
    .filter(({ uri }) => uri === 'line-in')
    .map(({ fromUpMs, toUpMs }) =>
      [fromUpMs, toUpMs ?? uptime.upMs()].map((upMs) => (upMs - bornUpMs) / 1000 - START_S),
    );

describe('a station through the line input', () => {
  it('is heard from its instant to the end of its window, at the volume that was signed, proven by the audio clock', async () => {
    await plan(STATION.pi);
    await runFor(9000);
    expect(player.observe().line).toBe('closed');
    expect(tuner.observe().muted).toBe(true);
    await runFor(11_000);
    expect(player.observe()).toMatchObject({ line: 'open', moving: true });
    await runFor(55_000);
    expect([player.observe().line, tuner.observe().muted]).toEqual(['closed', true]);
    const [[fromS, toS] = []] = heardS();
    expect(fromS).toBeCloseTo(0, 1);
    expect(toS).toBeCloseTo(60, 0);
    expect(tuner.history.map(({ what }) => what)).toContain('volume 15');
    expect(player.heard().at(-1)?.volume).toBe(itemWith({}).volume);
    const [record] = store.records(1);
    expect(record).toMatchObject({
      ...{ startCause: 'planned', endCause: 'window', reason: null },
      evidence: { output: 'sim/null', peakDbfs: -12, tunerPi: STATION.pi, tunerRssiDbuv: 45 },
    });
    expect(record?.evidence.clockMovedMs).toBe(record?.playedMs);
    expect(record?.playedMs).toBeGreaterThan(59_000);
    expect(record?.playedMs).toBeLessThan(60_500);
  });

  it('leaves a player that is ready for the next programme', async () => {
    await plan(STATION.pi);
    await runFor(75_000);
    expect(player.observe()).toMatchObject({ state: 'idle', line: 'closed' });
    expect(player.heard().at(-1)?.toUpMs).not.toBeNull();
  });

  it('H6 with another PI never opens the line', async () => {
    tuner.air({ ...STATION, pi: 'ffff' });
    await plan(STATION.pi);
    await runFor(75_000);
    expect(heardS()).toEqual([]);
    expect(tuner.history.map(({ what }) => what)).not.toContain('unmute');
    expect(store.records(9).every(({ playedMs }) => playedMs === 0)).toBe(true);
    expect(store.records(9).some(({ reason }) => reason === 'WRONG_PI')).toBe(true);
  });

  it('H10 that another carrier takes over is closed and muted within a second, and recorded', async () => {
    await plan(STATION.pi);
    await runFor(30_000);
    tuner.air({ ...STATION, pi: 'ffff' });
    await runFor(1000);
    expect([player.observe().line, tuner.observe().muted]).toEqual(['closed', true]);
    await runFor(5000);
    expect(player.observe().line).toBe('closed');
    expect(relays().at(-1)).toMatchObject({ endCause: 'failed', reason: 'WRONG_PI' });
    tuner.air(STATION);
    await runFor(30_000);
    expect(player.observe().line).toBe('open');
  });

  it('whose sound card is pulled out is a failure with its reason, counts no more, and comes back with the card', async () => {
    await plan(STATION.pi);
    await runFor(20_000);
    player.unplugLine();
    await runFor(10_000);
    const first = relays().at(-1);
    expect(first).toMatchObject({ endCause: 'failed', reason: 'no-input' });
    expect(first?.playedMs).toBeGreaterThan(9000);
    expect(first?.playedMs).toBeLessThan(10_500);
    expect(
      relays()
        .slice(0, -1)
        .every(({ playedMs }) => playedMs === 0),
    ).toBe(true);
    player.line.plug();
    await runFor(20_000);
    expect(player.observe()).toMatchObject({ line: 'open', moving: true });
    await runFor(30_000);
    expect(relays()[0]).toMatchObject({ endCause: 'window', startCause: 'resume' });
  });

  it('gives way to an alert at once, the receiver muted, and is heard again after it', async () => {
    await plan(STATION.pi);
    await runFor(20_000);
    const iat = Math.floor(nowMs() / 1000);
    const alert = province.order({ kind: 'alert', iat, exp: iat + 1800, play: WORDS });
    await take(await province.signed(alert, province.P.offA, province.P.offB));
    const acceptedUpMs = uptime.upMs();
    await runFor(3000);
    const tone = player.heard().at(-1);
    expect(tone?.uri).toBe('/sounds/attention');
    expect((tone?.fromUpMs ?? Infinity) - acceptedUpMs).toBeLessThan(2000);
    expect([player.observe().line, tuner.observe().muted]).toEqual(['closed', true]);
    await runFor(12_000);
    expect(player.observe()).toMatchObject({ line: 'open', moving: true });
    expect(relays().map(({ endCause }) => endCause)).toContain('cut');
  });

  it('whose line carries no sound is recorded with its level, and not as heard by assumption', async () => {
    player.line.peakDbfs = -120;
    await plan(STATION.pi);
    await runFor(75_000);
    expect(store.records(1)).toMatchObject([{ evidence: { peakDbfs: -120 } }]);
  });

  it('waits for a player that is being started, and fails with its receiver', async () => {
    await plan(STATION.pi);
    await runFor(20_000);
    player.kill();
    await runFor(10_000);
    expect(player.observe()).toMatchObject({ line: 'open', moving: true });
    tuner.unplug();
    await runFor(2000);
    expect(player.observe().line).toBe('closed');
    const reasons = relays().map(({ reason }) => reason);
    expect(reasons).toContain('died');
    expect(reasons).toContain('TUNER_FAULT');
  });

  it('keeps no amplifier on for a receiver that is let through to a line of which nothing is heard', async () => {
    const still = new StillPlayer(uptime, { hasLine: true });
    await still.open();
    let on = false;
    const amplifier: Devices['amplifier'] = {
      open: () => Promise.resolve(),
      set: (wanted) => Promise.resolve(void (on = wanted)),
      observe: () => ({ on, failure: null }),
      close: () => Promise.resolve(),
    };
    agent = anAgent({ player: still, amplifier }, { ...noAmplifier, maxUnprovenMs: 12_000 });
    await plan(STATION.pi);
    await runFor(20_000);
    expect([on, tuner.observe().muted, still.observe().line]).toEqual([true, false, 'open']);
    await runFor(5_000);
    expect(on).toBe(false);
  });
});
