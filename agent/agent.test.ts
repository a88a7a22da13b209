import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../shared/protocol/accept.ts';
import * as province from '../shared/protocol/a-province.fixture.ts';
import { Agent } from './agent.ts';
import { SimPlayer } from './sim/sim-player.ts';
import { SimUptime } from './sim/sim-uptime.ts';
import { anAudit, somewhere } from './store/a-box.fixture.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import type { MediaShelf } from './store/store.ts';

const WORDS = { sha256: 'A'.repeat(43), size: 1000, mime: 'audio/ogg', durMs: 20_000 } as const;
const noAmplifier = { leadMs: 0, holdMs: 0, dwellMs: 0, maxUnprovenMs: 0 };

let places: ReturnType<typeof somewhere>;
let store: SqliteStore;
let uptime: SimUptime;
let player: SimPlayer;
let agent: Agent;
const here = new Set<string>();

/** A shelf that says what is here, and takes nothing in. */
const shelf: MediaShelf = {
  open: () => Promise.resolve(),
  has: (sha256) => here.has(sha256),
  verified: (sha256) => Promise.resolve(here.has(sha256) ? `/media/${sha256}` : null),
  receive: () => Promise.reject(new Error('nothing is received here')),
  evict: () => Promise.resolve([]),
  usedBytes: () => 0,
};

const nowMs = (): number => province.NOW * 1000 + uptime.upMs();

async function take(bytes: Uint8Array): Promise<void> {
  const clock = { ...province.clock, now: Math.floor(nowMs() / 1000) };
  const { code, state } = await accept(bytes, store.state(), clock, null);
  expect(code).toBe('ACCEPTED');
  store.commitState(state, anAudit());
}

/** Ticks as the loop does, every quarter of a second, and lets each action come to its end. */
async function runFor(durationMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < durationMs; passedMs += 250) {
    agent.tick();
    await setImmediate();
    uptime.advance(250);
  }
}

const heard = (): string[] => player.heard().map(({ uri }) => uri);

beforeEach(async () => {
  here.clear();
  places = somewhere();
  uptime = new SimUptime();
  player = new SimPlayer(uptime);
  const { trust, P, signed } = province;
  const factoryTrust = await signed(trust, P.rootA, P.rootB);
  store = new SqliteStore(places, { prov: 'vn56', dev: province.DEV, factoryTrust, buildTime: 0 });
  store.open();
  agent = new Agent({
    ...{ store, shelf, settings: noAmplifier, log: () => undefined },
    readClock: () => ({ state: 'SYNCED', nowMs: nowMs(), u: 2, upMs: uptime.upMs() }),
    devices: {
      player,
      screen: null,
      amplifier: null,
      source: null,
      tuner: null,
      inputs: null,
      current: null,
    },
    abilities: { sound: ['media'], screen: [] },
    listening: null,
    unreachedSinceUpMs: () => null,
    technician: { localTest: () => null, wishedKhz: () => null },
    builtin: (name) => `/sounds/${name}`,
  });
  await player.open();
  await take(await signed(province.device, P.regA, P.regB));
  agent.boot();
});

afterEach(() => {
  store.close();
  places.remove();
});

async function alert(): Promise<Uint8Array> {
  const { order, signed, P, NOW } = province;
  return await signed(order({ kind: 'alert', iat: NOW, play: WORDS }), P.offA, P.offB);
}

describe('an accepted alert', () => {
  it('sounds, and leaves one record of all that was heard', async () => {
    here.add(WORDS.sha256);
    await take(await alert());
    await runFor(25_000);
    expect(heard()).toEqual([`/media/${WORDS.sha256}`]);
    expect(store.records(10)).toMatchObject([{ endCause: 'finished', playedMs: 20_000 }]);
  });

  it('whose words come long after the tone has ended is heard again, as itself (R21)', async () => {
    await take(await alert());
    await runFor(15_000);
    expect(heard()).toEqual(['/sounds/attention']);
    here.add(WORDS.sha256);
    await runFor(25_000);
    expect(heard()).toEqual(['/sounds/attention', `/media/${WORDS.sha256}`]);
  });
});
