/**
 * What an agent takes of memory and of a core with every driver open on a kernel's interfaces, beside one that has
 * sound alone, both idle and with a cloud. On the virtual bench, as root of its machine:
 *   ../shared/bench/uml-run --mem 2048M --timeout 1500 'node scripts/bench-drivers.ts --minutes 10'
 * Its one core is slow at system calls (some 100 µs each), so that a figure of CPU is many times that of a box. Its
 * receiver sends no RDS, and its current meter is never set up, since i2c-stub has no plain I2C: it is tried every 2 s.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ask } from '../agent/cli/ask.ts';
import { answers } from '../agent/local/protocol.ts';
import type { DeviceNow } from '../agent/local/devices-answer.ts';
import { bundle } from './bundle.ts';
import { PROV } from './province/people.ts';
import type { Box } from './system/box.ts';
import { nowS, openProvince } from './system/province.ts';
import type { Province } from './system/province.ts';
import { until } from './system/until.ts';
import { cpuMsOf, memoryOf } from './system/usage.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const emulator = join(process.env['LOA_BENCH'] ?? process.env['BENCH'] ?? '/nowhere', 'ble-bthome-emulator');

/** Everything is slow there. */
const OPEN_WITHIN_MS = 180_000;
/** For the first exchange with the cloud. */
const SETTLE_MS = 60_000;
const KHZ = 101_700;
const SENSOR = 'a4:c1:38:00:00:01';

const pin = (line: number) => ({ pin: { chip: 'bench', line }, activeLow: false });
const ALONE = { sound: { ao: 'alsa', device: 'alsa/plughw:CARD=Loopback,DEV=0' }, amplifier: null };
const ALL = {
  sound: ALONE.sound,
  amplifier: {
    relay: pin(17),
    current: { i2cBus: 0, shuntMilliohms: 10, maxMilliamps: 8000, quietMilliamps: 100 },
  },
  tuner: { kind: 'rda5807m', i2cBus: 1, source: pin(18) },
  statusLed: pin(19),
  inputs: { door: pin(20), mains: pin(21), mute: pin(22) },
  sensors: [{ name: 'tủ', address: SENSOR }],
};

/** An adapter that is up, and a sensor that is heard. */
async function putUpBluetooth(folder: string): Promise<() => void> {
  const ctl = join(folder, 'ble.ctl');
  const child = spawn(emulator, ['--ctl', ctl], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  for (const each of readdirSync('/sys/class/bluetooth')) execFileSync('hciconfig', [each, 'up']);
  const advert = JSON.stringify({ addr: SENSOR, bthome: '4002ca09', every_ms: 1000, rssi: -60 });
  const line = net.connect(ctl, () => line.write(`add ${advert}\n`));
  await once(line, 'data');
  line.end();
  return () => child.kill();
}

async function publishStation(province: Province): Promise<void> {
  const iat = nowS() - 60;
  const stations = [{ frequencyKhz: KHZ, pi: 'd3c1', rssiMin: 20, rssiMax: 80, beat: null }];
  await (
    await province.staff
  ).send(
    {
      ...{ typ: 'fmplan', v: 1, prov: PROV, id: 'fmplan:56', epoch: 1, ver: 1, area: '56', mode: 'pi' },
      ...{ iat, exp: iat + 20 * 86_400, dailyMaxMin: 30, volume: 60, orderKeys: [], stations, windows: [] },
    },
    province.people.registrars.slice(0, 2),
  );
}

/** The waits of a test are no measure of a box that is out there. */
async function startAgain(box: Box): Promise<void> {
  await box.stop();
  await box.reconfigure({ waits: {} });
  await box.start();
}

async function devicesOf(box: Box): Promise<readonly DeviceNow[]> {
  const asked = await ask(join(box.folder, 'run', 'loa.sock'), { ask: 'devices' }, answers.devices);
  return asked.kind === 'answered' ? asked.answer : [];
}

const WANTED: Readonly<Record<string, string>> = { tuner: 'tuned', bluetooth: 'scanning', sensor: 'heard' };
const isOpen = ({ device, state, failure }: DeviceNow): boolean =>
  device === 'current' || (failure === null && state === (WANTED[device] ?? state));

async function untilOpen(box: Box): Promise<readonly DeviceNow[]> {
  let seen: readonly DeviceNow[] = [];
  try {
    return await until(
      'every device',
      async () => {
        await sleep(500);
        seen = await devicesOf(box);
        return seen.length >= 8 && seen.every(isOpen) ? seen : null;
      },
      OPEN_WITHIN_MS,
    );
  } catch (cause) {
    throw new Error(`not every device is open: ${JSON.stringify(seen)}`, { cause });
  }
}

/** By their work: each line that is switched has a watch of its own. */
const WORK = [
  { name: 'agent', words: /agent\.mjs/ },
  { name: 'scan', words: /ble\.mjs/ },
  { name: 'mpv', words: /^\S*mpv\s/ },
  { name: 'watch of a line', words: /^\S*bash\s/ },
] as const;

type Program = { readonly pid: number; readonly name: string };

/** The agent, and whatever has it as its parent. */
function programsOf(box: Box): readonly Program[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parentOf = (pid: string) =>
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[1];
  const own = pids.filter((pid) => Number(pid) === box.pid || Number(parentOf(pid)) === box.pid);
  return own.map((pid) => {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid: Number(pid), name: WORK.find((each) => each.words.test(words))?.name ?? words };
  });
}

type Measured = { readonly name: string; readonly program: Program; readonly beforeMs: number };

async function look(boxes: Readonly<Record<string, Box>>): Promise<readonly Measured[]> {
  const programs = Object.entries(boxes).flatMap(([name, box]) =>
    programsOf(box).map((program) => ({ name, program })),
  );
  return Promise.all(programs.map(async (each) => ({ ...each, beforeMs: await cpuMsOf(each.program.pid) })));
}

async function report(measured: readonly Measured[], tookMs: number): Promise<void> {
  console.log('\nbox           program             RSS MB  PSS MB  own MB   CPU %');
  for (const { name, program, beforeMs } of measured) {
    const { rss, pss, own } = await memoryOf(program.pid);
    const share = (100 * ((await cpuMsOf(program.pid)) - beforeMs)) / tookMs;
    const figures = [rss, pss, own].map((each) => each.toFixed(1).padStart(8)).join('');
    console.log(`${name.padEnd(14)}${program.name.padEnd(18)}${figures}${share.toFixed(2).padStart(8)}`);
  }
}

async function bench(province: Province, minutes: number): Promise<void> {
  const folder = join(province.folder, 'bundle');
  await bundle(folder);
  const launcher = join(folder, 'loa-agent');
  const alone = await province.box('alone', { launcher, config: ALONE });
  const all = await province.box('all', { launcher, config: ALL });
  await publishStation(province);
  for (const box of [alone, all]) await startAgain(box);
  for (const { device, state, failure } of await untilOpen(all))
    console.log(`  ${device.padEnd(12)}${state}${failure === null ? '' : `: ${failure}`}`);
  await sleep(SETTLE_MS);
  const before = await look({ 'sound alone': alone, 'all drivers': all });
  const beganUpMs = performance.now();
  await sleep(minutes * 60_000);
  await report(before, performance.now() - beganUpMs);
}

const province = await openProvince([]);
const takeDown = await putUpBluetooth(province.folder);
try {
  await bench(province, Number(values.minutes));
} finally {
  takeDown();
  await province.close();
}
