import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../shared/protocol/accept.ts';
import * as province from '../shared/protocol/a-province.fixture.ts';
import { Agent } from './agent.ts';
import type { Relay } from './devices/relay/seam.ts';
import type { TrialAsked } from './local/trial-protocol.ts';
import { aTest } from './local/trials.fixture.ts';
import type { Devices } from './perform.ts';
import { SimPlayer } from './sim/sim-player.ts';
import { SimScreen } from './sim/sim-screen.ts';
import { SimTuner } from './sim/sim-tuner.ts';
import { SimUptime } from './sim/sim-uptime.ts';
import { anAudit, somewhere } from './store/a-box.fixture.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import type { MediaShelf } from './store/store.ts';
import { Trials } from './trials.ts';

const STATION = { frequencyKhz: 101_900, rssiDbuv: 45, pi: 'd3c1' } as const;
const WORDS = { sha256: 'A'.repeat(43), size: 1000, mime: 'audio/ogg', durMs: 20_000 } as const;
const SETTINGS = { leadMs: 1500, holdMs: 2000, dwellMs: 2000, maxUnprovenMs: 12_000 };
/** 18:06 in Vietnam; five hours later it is night. */
const DAY_MS = province.NOW * 1000;
const NIGHT_MS = DAY_MS + 5 * 3_600_000;
const shelf: MediaShelf = {
  open: () => Promise.resolve(),
  has: () => false,
  verified: () => Promise.resolve(null),
  receive: () => Promise.reject(new Error('nothing is received here')),
  evict: () => Promise.resolve([]),
  usedBytes: () => 0,
};

/** A contact without a wire: what it did and when. */
class Contact implements Relay {
  readonly #uptime: SimUptime;
  readonly switched: { readonly on: boolean; readonly upMs: number }[] = [];
  on = false;
  isStuck = false;

  constructor(uptime: SimUptime) {
    this.#uptime = uptime;
  }
  open(): Promise<void> {
    return Promise.resolve();
  }
  set(on: boolean): Promise<void> {
    if (on !== this.on && !this.isStuck) {
      this.on = on;
      this.switched.push({ on, upMs: this.#uptime.upMs() });
    }
    return Promise.resolve();
  }
  observe() {
    return { on: this.on, failure: null };
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

let places: ReturnType<typeof somewhere>;
let store: SqliteStore;
let uptime: SimUptime;
let player: SimPlayer;
let tuner: SimTuner;
let screen: SimScreen;
let amplifier: Contact;
let agent: Agent;
let trials: Trials;
let startMs = DAY_MS;

const nowMs = (): number => startMs + uptime.upMs();
const readClock = () => ({ state: 'SYNCED', nowMs: nowMs(), u: 2, upMs: uptime.upMs() }) as const;

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
    trials.look();
    uptime.advance(250);
  }
}

beforeEach(async () => {
  startMs = DAY_MS;
  places = somewhere();
  uptime = new SimUptime();
  player = new SimPlayer(uptime);
  tuner = new SimTuner(uptime, [STATION]);
  screen = new SimScreen(uptime);
  amplifier = new Contact(uptime);
  const { trust, P, signed } = province;
  const factoryTrust = await signed(trust, P.rootA, P.rootB);
  store = new SqliteStore(places, { prov: 'vn56', dev: province.DEV, factoryTrust, buildTime: 0 });
  store.open();
  const none = { source: null, inputs: null, current: null };
  const devices: Devices = { ...none, player, screen, amplifier, tuner };
  trials = new Trials({
    ...{ dev: province.DEV, devices, readClock, maxUnprovenMs: SETTINGS.maxUnprovenMs, log: () => undefined },
    view: () => agent.view(),
    records: (limit) => store.records(limit),
    wake: () => undefined,
  });
  agent = new Agent({
    ...{ store, shelf, settings: SETTINGS, log: () => undefined, wait: () => Promise.resolve() },
    ...{ readClock, devices, listening: null, technician: trials, unreachedSinceUpMs: () => null },
    abilities: { sound: ['media', 'tuner'], screen: ['page'] },
    builtin: (name) => `/sounds/${name}`,
  });
  for (const device of [player, tuner, screen]) await device.open();
  await take(await signed(province.device, P.regA, P.regB));
  agent.boot();
  await runFor(1000);
});

afterEach(() => {
  trials.close();
  store.close();
  places.remove();
});

function begin(asked: TrialAsked): string {
  const begun = trials.begin(asked);
  if (!begun.ok) throw new Error(`refused: ${begun.why?.en ?? 'not ready'}`);
  return begun.id;
}

const refusal = (asked: TrialAsked): string | null => {
  const begun = trials.begin(asked);
  return begun.ok ? null : (begun.why?.en ?? 'not ready');
};

const alert = async () => {
  const { order, signed, P } = province;
  const iat = Math.floor(nowMs() / 1000);
  return await signed(order({ kind: 'alert', iat, exp: iat + 1800, play: WORDS }), P.offA, P.offB);
};

const heard = (): string[] => player.heard().map(({ uri }) => uri.slice('/sounds/'.length));
const isSounding = (): boolean => player.heard().some(({ toUpMs }) => toUpMs === null);

describe('a test of the loudspeaker', () => {
  it('is announced, sounds through the amplifier, ends by itself, and leaves its kind and its proof', async () => {
    const id = begin(aTest({ seconds: 10 }));
    await runFor(9000);
    expect([isSounding(), amplifier.on]).toEqual([true, true]);
    expect(heard()[0]).toBe('test-preamble');
    await runFor(8000);
    expect([isSounding(), amplifier.on]).toEqual([false, false]);
    expect(store.records(10)).toMatchObject([
      { subject: { kind: 'local-test', test: id }, surface: 'sound', startCause: 'test', endCause: 'window' },
    ]);
    const seen = trials.seen(id);
    expect(seen).toMatchObject({ over: true, passed: true, record: { endCause: 'window' } });
    expect(seen?.record?.playedMs).toBeGreaterThan(7000);
    expect(seen?.relay?.openedAfterMs).toBeGreaterThanOrEqual(0);
  });

  it('is no louder than the device document and the ordinary limit allow', async () => {
    begin(aTest());
    await runFor(4000);
    expect(store.begun()[0]?.record.volume).toBe(80);
  });

  it('ends within a quarter of a second when the technician goes away, and is recorded as broken off', async () => {
    const id = begin(aTest({ seconds: 60 }));
    await runFor(5000);
    expect(isSounding()).toBe(true);
    trials.cancel(id);
    await runFor(500);
    expect(isSounding()).toBe(false);
    expect(store.records(10)).toMatchObject([{ endCause: 'withdrawn' }]);
  });

  it('gives way to an alert and does not come back', async () => {
    const id = begin(aTest({ seconds: 60 }));
    await runFor(5000);
    await take(await alert());
    await runFor(20_000);
    expect(trials.localTest()).toBeNull();
    expect(trials.seen(id)).toMatchObject({ over: true, record: { endCause: 'cut' } });
    const subjects = store.records(10).map(({ subject }) => subject.kind);
    expect(subjects).toEqual(['order', 'local-test']);
  });

  it('is refused while an order holds the sound, and while another test is under way', async () => {
    begin(aTest());
    await runFor(1000);
    expect(refusal(aTest({ work: 'screen' }))).toContain('Another test');
    await take(await alert());
    await runFor(1500);
    trials.close();
    expect(refusal(aTest({ now: true }))).toContain('An order');
  });

  it('is refused in quiet hours unless it must be now', async () => {
    startMs = NIGHT_MS;
    await runFor(1000);
    expect(refusal(aTest())).toContain('quiet hours');
    begin(aTest({ now: true }));
    await runFor(5000);
    expect(isSounding()).toBe(true);
  });

  it('ends by uptime also where the clock is set back meanwhile', async () => {
    begin(aTest({ seconds: 5 }));
    await runFor(3000);
    startMs -= 3_600_000;
    await runFor(6000);
    expect(isSounding()).toBe(false);
    expect(trials.localTest()).toBeNull();
  });
});

describe('a test of the sound device', () => {
  it('moves the audio clock and leaves the amplifier off', async () => {
    const id = begin(aTest({ work: 'sound', seconds: 5 }));
    await runFor(8000);
    expect(amplifier.switched).toEqual([]);
    expect(trials.seen(id)).toMatchObject({ passed: true, relay: { closedAfterMs: null } });
  });
});

describe('a test of the relay', () => {
  it('closes it for its time without a sound, opens it again, and says how quick it was', async () => {
    const id = begin(aTest({ work: 'relay', seconds: 4 }));
    await runFor(8000);
    expect(heard()).toEqual([]);
    expect(amplifier.switched.map(({ on }) => on)).toEqual([true, false]);
    const [on, off] = amplifier.switched;
    expect((off?.upMs ?? 0) - (on?.upMs ?? 0)).toBeLessThanOrEqual(5000);
    expect(trials.seen(id)).toMatchObject({ passed: true, record: { endCause: 'finished' } });
    expect(trials.seen(id)?.relay?.closedAfterMs).toBeLessThanOrEqual(250);
  });

  it('is never longer than the amplifier may be on without proven sound, and bars no alert afterwards', async () => {
    begin(aTest({ work: 'relay', seconds: 60 }));
    await runFor(SETTINGS.maxUnprovenMs + 2000);
    expect(amplifier.on).toBe(false);
    await take(await alert());
    await runFor(4000);
    expect([amplifier.on, isSounding()]).toEqual([true, true]);
  });

  it('is not held against a relay that stays closed for what has begun meanwhile', async () => {
    const id = begin(aTest({ work: 'relay', seconds: 3 }));
    await runFor(3500);
    await take(await alert());
    await runFor(9000);
    expect(amplifier.on).toBe(true);
    expect(trials.seen(id)).toMatchObject({
      ...{ over: true, passed: true },
      relay: { openedAfterMs: null, isWanted: true },
    });
  });

  it('fails in its record where the contact does not close', async () => {
    amplifier.isStuck = true;
    const id = begin(aTest({ work: 'relay', seconds: 3 }));
    await runFor(6000);
    expect(trials.seen(id)).toMatchObject({
      passed: false,
      record: { endCause: 'failed', reason: 'RELAY_FAULT' },
    });
  });
});

describe('a test of the receiver', () => {
  it('listens muted, reports what it hears, and leaves level and PI in the record', async () => {
    const id = begin(aTest({ work: 'tuner', seconds: 5, frequencyKhz: 101_900 }));
    await runFor(4000);
    expect(tuner.observe()).toMatchObject({ frequencyKhz: 101_900, muted: true });
    expect(trials.seen(id)?.tuner).toMatchObject({ tuned: true, rssiDbuv: 45, stereo: true, pi: 'd3c1' });
    expect(trials.seen(id)?.tuner?.groupsPerSecond).toBeCloseTo(11.4, 0);
    await runFor(4000);
    expect(store.records(10)).toMatchObject([
      { subject: { test: id }, endCause: 'finished', evidence: { tunerPi: 'd3c1', tunerRssiDbuv: 45 } },
    ]);
    expect(amplifier.switched).toEqual([]);
  });

  it('is heard aloud for fifteen seconds at most', async () => {
    begin(aTest({ work: 'tuner', seconds: 60, aloud: true, frequencyKhz: 101_900 }));
    await runFor(5000);
    expect(tuner.observe().muted).toBe(false);
    await runFor(13_000);
    expect([tuner.observe().muted, trials.localTest()]).toEqual([true, null]);
  });

  it('wants a frequency where it is on none', () => {
    expect(refusal(aTest({ work: 'tuner' }))).toContain('--mhz');
  });
});

describe('tuning by hand', () => {
  it('is muted, is no record, and is refused while a station is heard', async () => {
    const id = begin({ ask: 'tune', frequencyKhz: 101_900, seconds: 2 });
    await runFor(4000);
    expect(trials.seen(id)).toMatchObject({ over: true, passed: true, tuner: { pi: 'd3c1' }, record: null });
    expect(store.records(10)).toEqual([]);
    expect(trials.wishedKhz()).toBeNull();
    begin(aTest({ work: 'tuner', aloud: true, frequencyKhz: 101_900 }));
    await runFor(3000);
    trials.close();
    expect(refusal({ ask: 'tune', frequencyKhz: 95_000, seconds: 2 })).toContain('in use');
  });
});

describe('a test of the board', () => {
  it('shows the test page with the name of the box and the time, and then what is due again', async () => {
    const id = begin(aTest({ work: 'screen', seconds: 5 }));
    await runFor(3000);
    const view = screen.seen.at(-1)?.view;
    expect(view).toMatchObject({ kind: 'test' });
    expect(view?.kind === 'test' ? view.caption : '').toContain(`${province.DEV} · 2026-11-18 18:07:41`);
    await runFor(5000);
    expect(screen.seen.at(-1)?.view).toEqual({ kind: 'nothing' });
    expect(trials.seen(id)).toMatchObject({ passed: true, record: { endCause: 'window' } });
  });
});
