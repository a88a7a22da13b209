/** An order by radio from the officer's key to the loudspeaker: a real driver over bytes, real signatures, a real store. */
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { accept } from '../shared/protocol/accept.ts';
import * as province from '../shared/protocol/a-province.fixture.ts';
import { segmentsOf } from '../shared/protocol/fm/segments.ts';
import { signFmOrder } from '../shared/protocol/fm/sign.ts';
import type { Fmplan } from '../shared/protocol/schema/documents.ts';
import { Agent } from './agent.ts';
import { ChipTuner } from './devices/tuner/chip-tuner.ts';
import { rda5807m } from './devices/tuner/rda5807m.ts';
import { houseWords, programmeWords } from './devices/tuner/rds-encoder.fixture.ts';
import { si4703 } from './devices/tuner/si4703.ts';
import { Listening } from './listening.ts';
import { FakeAir } from './sim/fake-air.ts';
import type { AirGroup } from './sim/fake-air.ts';
import { FakeI2cBus } from './sim/fake-i2c-bus.ts';
import { FakeRda5807m } from './sim/fake-rda5807m.ts';
import { FakeSi4703 } from './sim/fake-si4703.ts';
import { SimPace } from './sim/sim-pace.ts';
import { SimPlayer } from './sim/sim-player.ts';
import { anAudit, somewhere } from './store/a-box.fixture.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import { Admission } from './verify/admit.ts';

const { NOW, P, signed } = province;
const KHZ = 101_900;
const station = { pi: 0xd3c1, programme: 'KH FM101', text: '', pty: 1, clock: { utcS: 0, offsetMin: 420 } };
const fmplan: Fmplan = {
  ...{ typ: 'fmplan', v: 1, prov: 'vn56', id: 'fmplan:56', epoch: 1, ver: 1, area: '56', mode: 'data' },
  ...{ iat: NOW - 100, exp: NOW + 86_400, windows: [], dailyMaxMin: 60, volume: 60 },
  stations: [{ frequencyKhz: KHZ, pi: 'd3c1', rssiMin: 20, rssiMax: 80, beat: null }],
  orderKeys: [P.offA.kid],
};

/** One group in ten arrives beyond repair, never the same ones round by round. */
function onAir(frame: Uint8Array): AirGroup[] {
  const round = [
    ...segmentsOf({ kind: 'order', bytes: frame }).map(({ segment, data }) =>
      houseWords(station, segment, data),
    ),
    ...[0, 1, 2, 3].map((part) => programmeWords(station, part)),
  ];
  return Array.from({ length: 20 * round.length }, (_, at) => ({
    words: round[at % round.length] ?? [0, 0, 0, 0],
    errors: at % 10 === 3 ? ([3, 3, 3, 3] as const) : ([0, 0, 0, 0] as const),
  }));
}

let places: ReturnType<typeof somewhere>;
let store: SqliteStore;
beforeEach(async () => {
  places = somewhere();
  const factoryTrust = await signed(province.trust, P.rootA, P.rootB);
  store = new SqliteStore(places, { prov: 'vn56', dev: province.DEV, factoryTrust, buildTime: 0 });
  store.open();
});
afterEach(() => {
  store.close();
  places.remove();
});

it.each([
  ['RDA5807M', rda5807m, (air: FakeAir, pace: SimPace) => new FakeRda5807m(air, pace)],
  ['Si4703', si4703, (air: FakeAir, pace: SimPace) => new FakeSi4703(air, pace)],
])('an order heard by a %s with one group in ten damaged sounds once', async (_, kind, chipOver) => {
  const pace = new SimPace();
  const startMs = NOW * 1000 - pace.upMs();
  const reading = () => ({ state: 'SYNCED', nowMs: startMs + pace.upMs(), u: 2, upMs: pace.upMs() }) as const;
  const clock = () => ({ state: 'SYNCED', now: Math.floor(reading().nowMs / 1000), u: 2 }) as const;
  for (const document of [province.device, fmplan]) {
    const { state } = await accept(await signed(document, P.regA, P.regB), store.state(), clock(), null);
    store.commitState(state, anAudit());
  }
  const words = { kind: 'test', keyIndex: 0, n: 0, plays: 1, ttl: 1, iat: NOW - 10, commune: 0 } as const;
  const frame = await signFmOrder(words, 'vn56', P.offA.key);
  const air = new FakeAir([{ frequencyKhz: KHZ, rssiDbuv: 45, groups: onAir(frame) }]);
  const bus = new FakeI2cBus(pace, [chipOver(air, pace)]);
  const tuner = new ChipTuner({ kind, openBus: () => Promise.resolve(bus.open()), pace });
  const uptime = { bootId: 'b', upMs: () => pace.upMs() };
  const player = new SimPlayer(uptime);
  const admission = new Admission({
    ...{ store, clock, nonce: () => null, upMs: () => pace.upMs(), accepted: () => undefined },
  });
  const log: string[] = [];
  const agent = new Agent({
    store,
    shelf: {
      open: () => Promise.resolve(),
      has: () => false,
      verified: () => Promise.resolve(null),
      receive: () => Promise.reject(new Error('nothing is received here')),
      evict: () => Promise.resolve([]),
      usedBytes: () => 0,
    },
    settings: { leadMs: 0, holdMs: 0, dwellMs: 0, maxUnprovenMs: 0 },
    readClock: reading,
    devices: { player, screen: null, amplifier: null, source: null, tuner, inputs: null, current: null },
    abilities: { sound: ['media', 'tuner'], screen: [] },
    listening: new Listening({
      ...{ receiver: tuner, store, log: (line) => log.push(line) },
      admitFm: (bytes) => admission.admitFm(bytes),
    }),
    unreachedSinceUpMs: () => null,
    technician: { localTest: () => null, wishedKhz: () => null },
    builtin: (name) => `/sounds/${name}`,
    log: () => undefined,
  });
  await player.open();
  await pace.until(tuner.open());
  await admission.boot();
  agent.boot();
  for (let passedMs = 0; passedMs < 60_000; passedMs += 500) {
    agent.tick();
    await setImmediate();
    await pace.pass(500);
  }
  await pace.until(tuner.close());
  expect(log).toEqual(['order by radio: ACCEPTED']);
  expect(store.records(9)).toMatchObject([
    { subject: { kind: 'order', order: 'test' }, startCause: 'order', endCause: 'finished' },
  ]);
});
