/**
 * From the decision to audible FM: a real agent and the real drivers over byte-level chips with the times of their data
 * sheets, in real time. `node scripts/bench-fm.ts --times 20`. The lead of the amplifier is part of it, and told apart.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Agent } from '../agent/agent.ts';
import { machinePace } from '../agent/devices/bus/pace.ts';
import { ChipTuner } from '../agent/devices/tuner/chip-tuner.ts';
import { rda5807m } from '../agent/devices/tuner/rda5807m.ts';
import { programmeWords } from '../agent/devices/tuner/rds-encoder.fixture.ts';
import { si4703 } from '../agent/devices/tuner/si4703.ts';
import { FakeAir } from '../agent/sim/fake-air.ts';
import { FakeI2cBus } from '../agent/sim/fake-i2c-bus.ts';
import { FakeRda5807m } from '../agent/sim/fake-rda5807m.ts';
import { FakeSi4703 } from '../agent/sim/fake-si4703.ts';
import { SqliteStore } from '../agent/store/sqlite-store.ts';
import { accept } from '../shared/protocol/accept.ts';
import * as province from '../shared/protocol/a-province.fixture.ts';
import type { Fmplan } from '../shared/protocol/schema/documents.ts';

const KHZ = 101_900;
const LEAD_MS = 1500;
const STATION = { pi: 0xd3c1, programme: 'KH FM101', text: '', pty: 1, clock: { utcS: 0, offsetMin: 420 } };
const INTACT = [0, 0, 0, 0] as const;
const GROUPS = [0, 1, 2, 3].map((part) => ({ words: programmeWords(STATION, part), errors: INTACT }));
const fmplan: Fmplan = {
  ...{ typ: 'fmplan', v: 1, prov: 'vn56', id: 'fmplan:56', epoch: 1, ver: 1, area: '56', mode: 'pi' },
  ...{ iat: province.NOW - 100, exp: province.NOW + 20 * 86_400, dailyMaxMin: 30, volume: 60, orderKeys: [] },
  stations: [{ frequencyKhz: KHZ, pi: 'd3c1', rssiMin: 20, rssiMax: 80, beat: null }],
  windows: [{ days: 127, from: '00:00', to: '00:00', afterMin: 1 }],
};

const CHIPS = {
  RDA5807M: { kind: rda5807m, over: (air: FakeAir) => new FakeRda5807m(air, machinePace) },
  Si4703: { kind: si4703, over: (air: FakeAir) => new FakeSi4703(air, machinePace) },
} as const;

const { values } = parseArgs({ options: { times: { type: 'string', default: '20' } } });
const times = Number(values.times);
const day = new Date(province.NOW * 1000 + 31 * 3_600_000).toISOString().slice(0, 10);
const tenOClockMs = Date.parse(`${day}T10:00:00+07:00`);

for (const name of ['RDA5807M', 'Si4703'] as const) {
  for (const leadMs of [0, LEAD_MS]) {
    const took: number[] = [];
    for (let time = 0; time < times; time += 1) {
      process.stderr.write(`\r${name}, lead ${leadMs} ms: ${time + 1} of ${times} `);
      took.push(await opening(name, leadMs));
    }
    took.sort((a, b) => a - b);
    const at = (share: number): string => (took[Math.ceil(share * took.length) - 1] ?? NaN).toFixed(0);
    console.log(
      `\n${name}, amplifier's lead ${leadMs} ms: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`,
    );
  }
}
console.log(`${cpus().length} × ${cpus()[0]?.model ?? '?'}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`);

/** Milliseconds from the tick that opened the gate until the chip lets the station through. */
async function opening(name: keyof typeof CHIPS, leadMs: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'loa-bench-fm-'));
  const store = await aStore(folder);
  const bus = new FakeI2cBus(machinePace, [
    CHIPS[name].over(new FakeAir([{ frequencyKhz: KHZ, rssiDbuv: 45, groups: GROUPS }])),
  ]);
  const tuner = new ChipTuner({
    kind: CHIPS[name].kind,
    openBus: () => Promise.resolve(bus.open()),
    pace: machinePace,
  });
  const opened: number[] = [];
  const through = new Promise<number>((resolve) => {
    const mute = tuner.mute.bind(tuner);
    tuner.mute = async (on) => {
      await mute(on);
      if (!on) resolve(performance.now());
    };
  });
  const begin = store.begin.bind(store);
  store.begin = (begun) => {
    opened.push(performance.now());
    begin(begun);
  };
  const cut = { sinceUpMs: null as number | null };
  const agent = agentWith(store, tuner, leadMs, () => cut.sinceUpMs);
  await tuner.open();
  agent.boot();
  const stop = new AbortController();
  const running = agent.run(stop.signal, () => undefined);
  // Long enough on the station to know it.
  await new Promise((resolve) => setTimeout(resolve, 1500 + Math.random() * 1000));
  cut.sinceUpMs = performance.now() - 60_000;
  const tookMs = (await through) - (opened[0] ?? NaN);
  stop.abort();
  await running;
  await tuner.close();
  store.close();
  rmSync(folder, { recursive: true });
  return tookMs;
}

function agentWith(
  store: SqliteStore,
  tuner: ChipTuner,
  leadMs: number,
  unreachedSinceUpMs: () => number | null,
): Agent {
  const relay = { on: false };
  const bootMs = performance.now();
  return new Agent({
    store,
    shelf: {
      open: () => Promise.resolve(),
      has: () => false,
      verified: () => Promise.resolve(null),
      receive: () => Promise.reject(new Error('nothing is received here')),
      evict: () => Promise.resolve([]),
      usedBytes: () => 0,
    },
    settings: { leadMs, holdMs: 0, dwellMs: 0, maxUnprovenMs: 60_000 },
    readClock: () => {
      const upMs = performance.now();
      return { state: 'SYNCED', nowMs: tenOClockMs + (upMs - bootMs), u: 2, upMs };
    },
    devices: {
      ...{ player: null, screen: null, source: null, inputs: null, current: null, tuner },
      amplifier: {
        open: () => Promise.resolve(),
        set: (on) => Promise.resolve(void (relay.on = on)),
        observe: () => ({ on: relay.on, failure: null }),
        close: () => Promise.resolve(),
      },
    },
    abilities: { sound: ['tuner'], screen: [] },
    listening: {
      turn: () => ({
        frequencyKhz: KHZ,
        beatUpMs: null,
        beats: { good: 0, bad: 0, unanchored: 0 },
        isBeatSilent: false,
        usualDbuv: 45,
      }),
      radioTime: () => null,
    },
    unreachedSinceUpMs,
    technician: { localTest: () => null, wishedKhz: () => null },
    builtin: (sound) => sound,
    log: () => undefined,
  });
}

async function aStore(folder: string): Promise<SqliteStore> {
  const { P, DEV, device, signed, trust } = province;
  const factoryTrust = await signed(trust, P.rootA, P.rootB);
  const places = { folder, copyFolder: join(folder, 'copy'), keyFolder: join(folder, 'key') };
  const store = new SqliteStore(places, { prov: 'vn56', dev: DEV, factoryTrust, buildTime: 0 });
  store.open();
  for (const document of [device, fmplan]) {
    const { state } = await accept(
      await signed(document, P.regA, P.regB),
      store.state(),
      province.clock,
      null,
    );
    store.commitState(state, { atMs: 0, channel: 'boot', code: 'ACCEPTED', id: document.id, digest: null });
  }
  return store;
}
