import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as province from '../shared/protocol/a-province.fixture.ts';
import { aRecord } from '../shared/records/a-record.fixture.ts';
import type { UnchainedRecord } from '../shared/records/record.ts';
import { Agent } from './agent.ts';
import type { ClockReading } from './clock/seam.ts';
import { somewhere } from './store/a-box.fixture.ts';
import { SqliteStore } from './store/sqlite-store.ts';

const NOW_MS = province.NOW * 1000;

let places: ReturnType<typeof somewhere>;
let store: SqliteStore;

beforeEach(async () => {
  places = somewhere();
  const factoryTrust = await province.signed(province.trust, province.P.rootA, province.P.rootB);
  store = new SqliteStore(places, { prov: 'vn56', dev: province.DEV, factoryTrust, buildTime: 0 });
  store.open();
});

afterEach(() => {
  store.close();
  places.remove();
});

function boot(state: ClockReading['state']): void {
  const agent = new Agent({
    ...{ store, settings: { leadMs: 0, holdMs: 0, dwellMs: 0, maxUnprovenMs: 0 }, log: () => undefined },
    shelf: {
      open: () => Promise.resolve(),
      has: () => false,
      verified: () => Promise.resolve(null),
      receive: () => Promise.reject(new Error('nothing is received here')),
      evict: () => Promise.resolve([]),
      usedBytes: () => 0,
    },
    readClock: () => ({ state, nowMs: NOW_MS, u: 2, upMs: 0 }),
    devices: {
      player: null,
      screen: null,
      amplifier: null,
      source: null,
      tuner: null,
      inputs: null,
      current: null,
    },
    abilities: { sound: [], screen: [] },
    listening: null,
    unreachedSinceUpMs: () => null,
    technician: { localTest: () => null, wishedKhz: () => null },
    builtin: (name) => name,
  });
  agent.boot();
}

function begunAt(startedAtMs: number): UnchainedRecord {
  const { seq: _, ...record } = aRecord(1);
  return { ...record, startedAtMs, endedAtMs: null, playedMs: 0 };
}

describe('an agent that comes up after a kill', () => {
  it('closes what had begun to sound', () => {
    store.begin({ key: 'a', record: begunAt(NOW_MS - 1000) });
    boot('SYNCED');
    expect(store.begun()).toEqual([]);
    expect(store.records(10)).toMatchObject([{ endCause: 'power', startedAtMs: NOW_MS - 1000 }]);
  });

  it('leaves no record of what was only got ready, so that it is heard whole and as planned', () => {
    store.begin({ key: 'a', record: begunAt(NOW_MS + 2000) });
    boot('SYNCED');
    expect([store.begun(), store.records(10)]).toEqual([[], []]);
  });

  it('keeps the record of what began by the time of a station, which was ahead', () => {
    const clock = { state: 'FLOOR', u: 3, radio: { upMs: 0 } } as const;
    store.begin({ key: 'a', record: { ...begunAt(NOW_MS + 3_600_000), clock } });
    boot('SYNCED');
    expect(store.records(10)).toMatchObject([{ endCause: 'power', clock }]);
  });

  it('takes nothing for what is still to come while it does not know the time', () => {
    store.begin({ key: 'a', record: begunAt(NOW_MS + 2000) });
    boot('FLOOR');
    expect(store.records(10)).toMatchObject([{ endCause: 'power' }]);
  });
});
