/**
 * `agent --examine`: reads configuration and store as the agent would, writes nothing, and tells what it found.
 * `loa doctor` asks for it as a process of its own, so that a card that hangs hangs no more than that.
 */
import { staleIn } from '../shared/protocol/accept.ts';
import { documentsOf } from '../shared/protocol/state.ts';
import type { BoxState } from '../shared/protocol/state.ts';
import { clockNow } from './clock-now.ts';
import { BoxClock } from './clock/clock.ts';
import { LinuxUptime, noRtc } from './clock/linux.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';
import { detectInStore } from './health/detectors.ts';
import type { ClockNow } from './local/clock-protocol.ts';
import type { Configured, Examined } from './local/examined.ts';
import { openReadOnly } from './store/read-only.ts';
import type { SyncAnchor } from './store/store.ts';
import { captureOf, switchOf } from './wires.ts';
import { openRtc } from './wiring.ts';

const DAY_S = 86_400;

/** `nowS`: what the machine's clock says, UTC seconds; the store's floor stands in where it is later. */
export async function examine(file: string, nowS: number): Promise<Examined> {
  const read = readConfig(file);
  if (!read.ok) return { config: { ok: false, faults: [...read.faults] }, kept: null };
  return {
    config: { ok: true, configured: configuredOf(read.config) },
    kept: await keptIn(read.config, nowS),
  };
}

async function keptIn(config: Config, nowS: number): Promise<Examined['kept']> {
  const found = openReadOnly(config.stateFolder);
  if (!found.ok) return found;
  const { state, anchor, unsent } = found;
  if (state === null) {
    const nothing = { trustDays: null, planDays: null, clock: null, dev: null };
    return { ok: true, codes: ['NOT_ENROLLED'], unsent, ...nothing };
  }
  const now = Math.max(nowS, state.floor);
  return {
    ok: true,
    codes: [...detectInStore({ state, stale: staleIn(state), reading: { nowMs: now * 1000 } })],
    trustDays: daysUntil(state.trust.document.exp, now),
    planDays: firstPlanEnd(state, now),
    unsent,
    clock: await clockIn(config, state, anchor),
    dev: state.dev,
  };
}

/** What the agent would read: the same clock over a store that nothing is written to. */
async function clockIn(config: Config, state: BoxState, anchor: SyncAnchor | null): Promise<ClockNow> {
  const nothing = () => undefined;
  const store = {
    ...{ state: () => state, syncAnchor: () => anchor },
    ...{ keepSyncAnchor: nothing, raiseFloor: nothing, noteClock: nothing },
  };
  const uptime = new LinuxUptime();
  const rtc = await openRtc(config, uptime);
  const clock = new BoxClock({ store, uptime, rtc: rtc ?? noRtc });
  clock.open();
  return clockNow(clock, { floor: state.floor, linkError: null, setFailure: null });
}

function firstPlanEnd(state: BoxState, now: number): number | null {
  const ends = documentsOf(state, 'plan').map(({ exp }) => exp);
  return ends.length === 0 ? null : daysUntil(Math.min(...ends), now);
}

const daysUntil = (exp: number, now: number): number => Math.floor((exp - now) / DAY_S);

function configuredOf(config: Config): Configured {
  const { localSocket, stateFolder, mediaFolder, keyFolder, reserveBytes, cloud, sound, screen } = config;
  return {
    ...{ socket: localSocket, stateFolder, mediaFolder, keyFolder, reserveBytes },
    cloudUrl: cloud.url,
    brokerUrl: cloud.brokerUrl,
    sound: sound === null ? null : { ao: sound.ao, device: sound.device },
    line: lineOf(config),
    screenVo: screen?.vo ?? null,
    pins: pinsOf(config),
    tuner: tunerOf(config),
    setsClocks: config.clockSocket !== null,
    sensors: (config.sensors ?? []).map(({ name, address }) => ({ name, address })),
  };
}

function pinsOf(config: Config): Configured['pins'] {
  const relays = [
    { use: 'amplifier', relay: config.amplifier?.relay ?? null },
    { use: 'source', relay: switchOf(config) },
  ];
  return relays.flatMap(({ use, relay }) =>
    relay === null || relay === 'sim' ? [] : [{ use, pin: relay.pin }],
  );
}

function lineOf(config: Config): Configured['line'] {
  const line = captureOf(config);
  if (line === null) return null;
  return 'alsa' in line ? { by: 'alsa', name: line.alsa } : { by: 'pulse', name: line.pulse };
}

function tunerOf({ tuner }: Config): Configured['tuner'] {
  if (tuner === null) return null;
  return {
    kind: tuner.kind,
    i2cBus: 'i2cBus' in tuner ? tuner.i2cBus : null,
    path: tuner.kind === 'serial' ? tuner.path : null,
  };
}
