/** Puts the agent together: each part gets what it needs by parameter, and nothing reaches around its seam. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFault } from '../shared/messages/start-fault.ts';
import { say, text } from '../shared/messages/text.ts';
import { GRACE_S } from '../shared/protocol/time.ts';
import { Agent } from './agent.ts';
import type { AgentParts } from './agent.ts';
import { BoxClock } from './clock/clock.ts';
import type { KernelRtc } from './clock/kernel-rtc.ts';
import { LinuxUptime, noRtc } from './clock/linux.ts';
import type { Config } from './config.ts';
import { ConsoleLog } from './console-log.ts';
import { openDeviceKey } from './device-key.ts';
import type { Sensors } from './devices/sensors/seam.ts';
import { Listening } from './listening.ts';
import type { Devices } from './perform.ts';
import { Report } from './report.ts';
import type { ReportParts } from './report.ts';
import { DiskShelf } from './store/shelf.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import { HttpCloud } from './sync/http-cloud.ts';
import { SyncLoop } from './sync/loop.ts';
import type { LoopDeps } from './sync/loop.ts';
import { MqttBroker } from './sync/mqtt-broker.ts';
import { Nonce } from './sync/nonce.ts';
import { Trials } from './trials.ts';
import { Admission } from './verify/admit.ts';
import { BUILT_AT } from './version.ts';
import { abilitiesOf, devicesOf, openRtc, sensorsOf, settingsOf } from './wiring.ts';

export type Box = {
  readonly dev: string;
  readonly store: SqliteStore;
  readonly clock: BoxClock;
  /** Null on a box that leaves the clocks of its machine alone. */
  readonly rtc: KernelRtc | null;
  /** The machine's clock is what it is to be, or could not be set: no TLS before that (protocol C1). */
  readonly machineSet: Promise<void>;
  readonly devices: Devices;
  readonly sensors: Sensors | null;
  readonly agent: Agent;
  readonly trials: Trials;
  readonly console: ConsoleLog;
  readonly sync: SyncLoop;
  readonly report: Report;
};

export type Log = (line: string) => void;

/** Everything open but the devices; throws, with what to do about it, where the box cannot start. */
export async function openBox(config: Config, log: Log): Promise<Box> {
  for (const folder of [config.runtimeFolder, config.stateFolder])
    mkdirSync(folder, { recursive: true, mode: 0o750 });
  const uptime = new LinuxUptime();
  const signer = openDeviceKey(config.keyFolder);
  const store = openStore(config, signer.dev);
  const time = await openTime(config, store, uptime);
  const { clock, rtc } = time;
  const shelf = await openShelf(config, clock);
  const devices = devicesOf(config, uptime);
  const sensors = sensorsOf(config);
  const nonce = new Nonce(() => randomBytes(16).toString('base64url'));
  let agent: Agent | null = null;
  const admission = await openAdmission(store, clock, nonce, () => agent?.wake());
  const sync = syncOf(config, { store, shelf, clock, nonce, signer, uptime, admission });
  const readClock = () => clock.read();
  const console = new ConsoleLog({ store, readClock, log });
  const trials = new Trials({
    ...{ dev: signer.dev, devices, log, maxUnprovenMs: settingsOf(config).maxUnprovenMs },
    readClock: () => agent?.wall.read() ?? clock.read(),
    view: () => agent?.view() ?? null,
    records: (limit) => store.records(limit),
    wake: () => agent?.wake(),
  });
  agent = agentOf(config, {
    ...{ store, shelf, devices, clock, log, technician: trials },
    listening: listeningOf(devices, store, admission, log),
    unreachedSinceUpMs: () => sync.unreachedSinceUpMs(),
  });
  agent.boot();
  const report = reportOf(config, {
    ...{ agent, store, shelf, clock, rtc, sync, log, console, sensors },
    ...{ inputs: devices.inputs, bootId: uptime.bootId },
  });
  return { dev: signer.dev, store, ...time, devices, sensors, agent, trials, console, sync, report };
}

async function openTime(
  config: Config,
  store: SqliteStore,
  uptime: LinuxUptime,
): Promise<Pick<Box, 'clock' | 'rtc' | 'machineSet'>> {
  const rtc = await openRtc(config, uptime);
  const clock = new BoxClock({ store, uptime, rtc: rtc ?? noRtc });
  clock.open();
  // protocol V16: beyond it each head is a TIME_JUMP.
  const latestMs = (store.state().trust.document.exp + GRACE_S) * 1000;
  return { clock, rtc, machineSet: rtc?.setSystem(clock.read(), latestMs) ?? Promise.resolve() };
}

function openStore(config: Config, dev: string): SqliteStore {
  const { stateFolder, copyFolder, keyFolder, prov, trustFile } = config;
  const places = { folder: stateFolder, copyFolder, keyFolder };
  const store = new SqliteStore(places, {
    prov,
    dev,
    factoryTrust: readTrust(trustFile),
    buildTime: BUILT_AT,
  });
  store.open();
  return store;
}

function readTrust(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new StartFault(
      text(
        say`Không đọc được ${file}. Hãy cài tệp trust/1 của tỉnh và ghi đường dẫn vào trustFile.`,
        say`${file} cannot be read. Install the file trust/1 of the province and name it in trustFile.`,
      ),
      { cause },
    );
  }
}

async function openShelf(
  { mediaFolder, mediaQuotaBytes, reserveBytes }: Config,
  clock: BoxClock,
): Promise<DiskShelf> {
  const nowMs = () => clock.read().nowMs;
  const shelf = new DiskShelf({ folder: mediaFolder, quotaBytes: mediaQuotaBytes, reserveBytes, nowMs });
  await shelf.open();
  return shelf;
}

type SyncNeeds = Pick<LoopDeps, 'store' | 'shelf' | 'clock' | 'nonce' | 'signer'> & {
  readonly uptime: LinuxUptime;
  readonly admission: Admission;
};

function syncOf({ prov, waits, cloud }: Config, { uptime, admission, ...parts }: SyncNeeds): SyncLoop {
  const link = { prov, dev: parts.signer.dev, waits, random: Math.random, upMs: () => uptime.upMs() };
  return new SyncLoop({
    ...{ ...link, ...parts },
    broker: cloud.brokerUrl === null ? null : new MqttBroker({ ...link, url: cloud.brokerUrl }),
    cloud: new HttpCloud({ ...link, baseUrl: cloud.url, plainUrl: cloud.plainUrl }),
    admit: (bytes, channel, confirmed) => admission.admit(bytes, channel, confirmed),
  });
}

type Configured = 'stateFolder' | 'hasBroker' | 'currentLimits' | 'silentAfterMs';

function reportOf(
  { stateFolder, cloud, amplifier, waits }: Config,
  parts: Omit<ReportParts, Configured>,
): Report {
  return new Report({
    ...parts,
    stateFolder,
    hasBroker: cloud.brokerUrl !== null,
    currentLimits: amplifier?.current ?? null,
    // Two turns of sync and what it takes them: less would cry wolf.
    silentAfterMs: 2 * waits.documentsMs + waits.retryMostMs,
  });
}

type AgentNeeds = {
  readonly store: SqliteStore;
  readonly shelf: DiskShelf;
  readonly devices: Devices;
  readonly clock: BoxClock;
  readonly log: Log;
} & Pick<AgentParts, 'technician' | 'listening' | 'unreachedSinceUpMs'>;

function agentOf(config: Config, { clock, ...parts }: AgentNeeds): Agent {
  return new Agent({
    ...parts,
    readClock: () => clock.read(),
    abilities: abilitiesOf(config),
    settings: settingsOf(config),
    builtin: (name) => join(import.meta.dirname, 'sounds', `${name}.ogg`),
  });
}

/** Null on a box without a receiver. */
function listeningOf(
  { tuner }: Devices,
  store: SqliteStore,
  admission: Admission,
  log: Log,
): Listening | null {
  if (tuner === null) return null;
  return new Listening({ receiver: tuner, store, admitFm: (frame) => admission.admitFm(frame), log });
}

/** protocol V18 at boot: before anything plays, what is stored must still be authorised. */
async function openAdmission(
  store: SqliteStore,
  clock: BoxClock,
  nonce: Nonce,
  accepted: () => void,
): Promise<Admission> {
  const admission = new Admission({
    store,
    clock: () => clock.clock(),
    nonce: () => nonce.out(),
    upMs: () => clock.read().upMs,
    accepted,
  });
  await admission.boot();
  return admission;
}
