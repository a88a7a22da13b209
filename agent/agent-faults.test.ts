import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../shared/protocol/accept.ts';
import { Agent } from './agent.ts';
import { SimPlayer } from './sim/sim-player.ts';
import { SimUptime } from './sim/sim-uptime.ts';
import { anAudit, bytesOf, somewhere, storeFor, vector } from './store/a-box.fixture.ts';
import type { SqliteStore } from './store/sqlite-store.ts';
import { NotKept } from './store/store.ts';
import type { Store } from './store/store.ts';

/** Device, keyrings, plans, templates, then orders, and at its end a trust that takes the officers' grant away. */
const papers = vector('T09-emergency-epoch');
const alertStep = papers.steps.findIndex(({ input }) => {
  const { payload } = input as { payload: string };
  return Buffer.from(payload, 'base64url').toString().includes('"kind":"alert"');
});
const trustStep = papers.steps.findLastIndex(({ input, expect: { code } }) => {
  const { payload } = input as { payload: string };
  return code === 'ACCEPTED' && Buffer.from(payload, 'base64url').toString().includes('"typ":"trust"');
});
const NOW_S = papers.steps[alertStep]?.clock.now ?? 0;

const place = somewhere();
let store: SqliteStore;
let uptime: SimUptime;
let player: SimPlayer;
let stop: AbortController;
let running: Promise<void>;

const take = async (step: number): Promise<void> => {
  const { input, clock, nonce } = papers.steps[step] ?? { input: null, clock: null, nonce: null };
  if (clock === null) throw new Error(`no step ${step}`);
  const { code, state } = await accept(bytesOf(input), store.state(), { ...clock, now: NOW_S }, nonce);
  expect(code).toBe('ACCEPTED');
  store.commitState(state, anAudit());
};

function agentOver(kept: Store): Agent {
  return new Agent({
    store: kept,
    shelf: {
      ...{ open: () => Promise.resolve(), has: () => false, verified: () => Promise.resolve(null) },
      ...{ receive: () => Promise.reject(new Error('no media here')), evict: () => Promise.resolve([]) },
      usedBytes: () => 0,
    },
    readClock: () => ({
      ...{ state: 'SYNCED', nowMs: NOW_S * 1000 + uptime.upMs() - 60_000, u: 2, upMs: uptime.upMs() },
    }),
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
    settings: { leadMs: 0, holdMs: 0, dwellMs: 0, maxUnprovenMs: 0 },
    listening: null,
    unreachedSinceUpMs: () => null,
    technician: { localTest: () => null, wishedKhz: () => null },
    builtin: (name) => `/sounds/${name}.ogg`,
    log: () => undefined,
  });
}

/** The same store with one thing that it does otherwise. */
const but = (other: Partial<Store>): Store =>
  new Proxy<Store>(store, {
    get: (target, name) => {
      const own: unknown = Reflect.get(name in other ? other : target, name);
      return typeof own === 'function'
        ? (...given: unknown[]): unknown => Reflect.apply(own, target, given)
        : own;
    },
  });

beforeEach(async () => {
  store = storeFor(papers, place);
  store.open();
  uptime = new SimUptime();
  player = new SimPlayer(uptime);
  await player.open();
  stop = new AbortController();
  for (let step = 0; step < alertStep; step += 1) await take(step);
});
afterEach(async () => {
  stop.abort();
  await running;
  store.close();
  place.remove();
});

async function pass(agent: Agent, seconds: number): Promise<void> {
  for (let quarter = 0; quarter < 4 * seconds; quarter += 1) {
    uptime.advance(250);
    agent.wake();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
const sounds = () => player.heard().some(({ toUpMs }) => toUpMs === null);

describe('an order', () => {
  it('T09 stops within two seconds when a trust takes the grant of those who signed it', async () => {
    const agent = agentOver(store);
    running = agent.run(stop.signal, () => undefined);
    await take(alertStep);
    await pass(agent, 4);
    expect(sounds()).toBe(true);
    await take(trustStep);
    agent.wake();
    await pass(agent, 2);
    expect(sounds()).toBe(false);
    expect(store.records(1)).toMatchObject([{ endCause: 'ended-by-order' }]);
  });

  it('D05 sounds once on a disk that takes nothing more', async () => {
    const full = () => {
      throw new NotKept('the disk is full');
    };
    const agent = agentOver(but({ keepOrderProgress: full, begin: full, end: full }));
    running = agent.run(stop.signal, () => undefined);
    await take(alertStep);
    await pass(agent, 4);
    expect(sounds()).toBe(true);
    await pass(agent, 60);
    expect(player.heard()).toHaveLength(1);
  });
});

describe('a box', () => {
  it('starts on a full disk although a kill has left a record open', async () => {
    running = Promise.resolve();
    const full = () => {
      throw new NotKept('the disk is full');
    };
    const begun = [{ key: 'k', record: { clock: {} } }] as unknown as ReturnType<Store['begun']>;
    expect(() => {
      agentOver(but({ begun: () => begun, end: full })).boot();
    }).not.toThrow();
    await running;
  });

  it('that cannot decide any more falls silent, and goes on once it can', async () => {
    let isBroken = false;
    const agent = agentOver(
      but({
        state: () => {
          if (isBroken) throw new Error('a bug');
          return store.state();
        },
      }),
    );
    running = agent.run(stop.signal, () => undefined);
    await take(alertStep);
    await pass(agent, 3);
    expect(sounds()).toBe(true);
    isBroken = true;
    await pass(agent, 6);
    expect([sounds(), agent.isUndecided()]).toEqual([false, true]);
    expect(store.records(1)).toMatchObject([{ endCause: 'power', reason: 'UNDECIDED' }]);
    isBroken = false;
    await pass(agent, 4);
    expect([sounds(), agent.isUndecided()]).toEqual([true, false]);
  });
});
