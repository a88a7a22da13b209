/**
 * What the drivers on I2C take of a core of this machine, over byte-level chips in the same process and with the
 * launcher's settings, the chips' own part included: a receiver that hears RDS, a current meter, and neither.
 * `node scripts/bench-bus.ts [--minutes N]`. On a kernel's bus there are system calls in place of the chips.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bounded } from '../agent/devices/bus/bounded.ts';
import { machinePace } from '../agent/devices/bus/pace.ts';
import { Ina219 } from '../agent/devices/current/ina219.ts';
import { ChipTuner } from '../agent/devices/tuner/chip-tuner.ts';
import { programmeWords } from '../agent/devices/tuner/rds-encoder.fixture.ts';
import { rda5807m } from '../agent/devices/tuner/rda5807m.ts';
import { FakeAir } from '../agent/sim/fake-air.ts';
import { FakeI2cBus } from '../agent/sim/fake-i2c-bus.ts';
import { FakeIna219 } from '../agent/sim/fake-ina219.ts';
import { FakeRda5807m } from '../agent/sim/fake-rda5807m.ts';

const KHZ = 101_700;
const STATION = { pi: 0xd3c1, programme: 'KH FM101', text: '', pty: 1, clock: { utcS: 0, offsetMin: 420 } };
const INTACT = [0, 0, 0, 0] as const;
const GROUPS = [0, 1, 2, 3].map((part) => ({ words: programmeWords(STATION, part), errors: INTACT }));
/** Of agent/loa-agent. */
const SETTINGS = [
  ...(['--max-semi-space-size=1', '--v8-pool-size=1', '--optimize-for-size'] as const),
  ...(['--no-opt', '--no-sparkplug'] as const),
];
const SETTLE_MS = 10_000;

async function openReceiver(): Promise<void> {
  const air = new FakeAir([{ frequencyKhz: KHZ, rssiDbuv: 45, groups: GROUPS }]);
  const bus = new FakeI2cBus(machinePace, [new FakeRda5807m(air, machinePace)]);
  const openBus = () => Promise.resolve(bounded(bus.open(), machinePace, 3000));
  const receiver = new ChipTuner({ kind: rda5807m, openBus, pace: machinePace });
  await receiver.open();
  await receiver.tune(KHZ);
  // As each turn of an idle agent does.
  setInterval(() => receiver.takeSegments(), 1000);
}

async function openMeter(): Promise<void> {
  const bus = new FakeI2cBus(machinePace, [new FakeIna219(machinePace, 10)]);
  const openBus = () => Promise.resolve(bounded(bus.open(), machinePace, 3000));
  const wiring = { address: 0x40, shuntMilliohms: 10, maxMilliamps: 8000 };
  await new Ina219({ ...wiring, openBus, pace: machinePace }).open();
}

const DRIVERS = {
  neither: () => Promise.resolve(),
  RDA5807M: openReceiver,
  INA219: openMeter,
} as const;
const isDriver = (name: string): name is keyof typeof DRIVERS => name in DRIVERS;

/** One driver in a process of its own. */
async function measure(name: keyof typeof DRIVERS, minutes: number): Promise<void> {
  await DRIVERS[name]();
  await sleep(SETTLE_MS);
  const before = process.cpuUsage();
  const beganUpMs = performance.now();
  await sleep(minutes * 60_000);
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 10 / (performance.now() - beganUpMs);
  console.log(`${name.padEnd(10)}${share.toFixed(2)} % of a core`);
}

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, driver: { type: 'string' } },
});
if (values.driver !== undefined && isDriver(values.driver)) {
  await measure(values.driver, Number(values.minutes));
  process.exit(0);
}
const children = Object.keys(DRIVERS).map((driver) =>
  spawn(
    process.execPath,
    [...SETTINGS, import.meta.filename, '--driver', driver, '--minutes', values.minutes],
    { stdio: 'inherit' },
  ),
);
await Promise.all(children.map((child) => once(child, 'close')));
console.log(`${cpus().length} × ${cpus()[0]?.model ?? '?'}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`);
