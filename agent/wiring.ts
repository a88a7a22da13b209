/** From configuration to devices: which driver stands behind each seam of this box, and what the box can therefore play. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Abilities } from '../shared/schedule/intent.ts';
import { KernelRtc } from './clock/kernel-rtc.ts';
import type { Uptime } from './clock/seam.ts';
import { setMachineBy } from './clock/set-machine.ts';
import type { Config } from './config.ts';
import { openI2cBus } from './devices/bus/i2c-bus.ts';
import { machinePace } from './devices/bus/pace.ts';
import { Ina219 } from './devices/current/ina219.ts';
import type { CurrentMeter } from './devices/current/seam.ts';
import { GpioInputs } from './devices/inputs/gpio-inputs.ts';
import { sysfsGpio } from './devices/gpio/sysfs-line.ts';
import type { LineIn } from './devices/mpv/line-in.ts';
import { MpvPlayer } from './devices/player/mpv-player.ts';
import { MpvScreen } from './devices/screen/mpv-screen.ts';
import { GpioRelay } from './devices/relay/gpio-relay.ts';
import type { Relay } from './devices/relay/seam.ts';
import { BleSensors } from './devices/sensors/ble-sensors.ts';
import { askForScan, scanProgram, spawnScan } from './devices/sensors/scan-process.ts';
import type { Sensors } from './devices/sensors/seam.ts';
import { serialPort } from './devices/serial/serial-port.ts';
import { ChipTuner } from './devices/tuner/chip-tuner.ts';
import { rda5807m } from './devices/tuner/rda5807m.ts';
import type { Receiver } from './devices/tuner/seam.ts';
import { SerialModule } from './devices/tuner/serial-module.ts';
import { si4703 } from './devices/tuner/si4703.ts';
import { tea5767 } from './devices/tuner/tea5767.ts';
import type { Devices } from './perform.ts';
import type { AmplifierSettings } from './plan/scene.ts';
import { SimRelay } from './sim/sim-relay.ts';
import { SimTuner } from './sim/sim-tuner.ts';
import { captureOf, switchOf } from './wires.ts';

export function devicesOf(config: Config, uptime: Uptime): Devices {
  const { sound, screen, runtimeFolder, playerFolder, amplifier, tuner } = config;
  const folders = { runtimeFolder, playerFolder };
  const by = switchOf(config);
  return {
    player: sound === null ? null : playerOf(sound, { ...folders, line: captureOf(config) }),
    screen: screen === null ? null : screenOf(screen, folders),
    amplifier: amplifier === null ? null : relayOf(amplifier.relay, 'amplifier', runtimeFolder),
    source: by === null ? null : relayOf(by, 'source', runtimeFolder),
    tuner: tuner === null ? null : tunerOf(tuner, uptime),
    current: amplifier === null || amplifier.current === null ? null : meterOf(amplifier.current),
    inputs:
      config.inputs === null
        ? null
        : new GpioInputs({ gpio: sysfsGpio, wiring: config.inputs, upMs: () => uptime.upMs() }),
  };
}

/** A chip on a bus that hangs is not waited for. */
const RTC_LOOK_MS = 2_000;

/** Null: the clocks of this machine are somebody else's. */
export async function openRtc({ clockSocket }: Config, uptime: Uptime): Promise<KernelRtc | null> {
  if (clockSocket === null) return null;
  const setMachine = setMachineBy(clockSocket);
  const rtc = new KernelRtc({ folder: '/sys/class/rtc', uptime, systemMs: () => Date.now(), setMachine });
  await Promise.race([rtc.look(), sleep(RTC_LOOK_MS, undefined, { ref: false })]);
  return rtc;
}

/** Dark when the agent is gone: its line has a watch process, like a relay's. */
export function lampOf({ statusLed }: Config): Relay | null {
  return statusLed === null ? null : new GpioRelay({ gpio: sysfsGpio, ...statusLed });
}

/** Apart from the devices: what they say is told to people, and no plan looks at it. */
export function sensorsOf({ sensors, bleSocket }: Config): Sensors | null {
  if (sensors === null) return null;
  return new BleSensors({
    sensors: sensors.map(({ silentAfterMin, ...sensor }) => ({
      ...sensor,
      silentAfterMs: typeof silentAfterMin === 'number' ? silentAfterMin * 60_000 : silentAfterMin,
    })),
    start: bleSocket === null ? spawnScan(scanProgram) : askForScan(bleSocket),
    pace: machinePace,
  });
}

function meterOf({ i2cBus, ...chip }: MeterConfig): CurrentMeter {
  return new Ina219({ ...chip, openBus: () => openI2cBus(i2cBus), pace: machinePace });
}

type MeterConfig = NonNullable<NonNullable<Config['amplifier']>['current']>;

type RelayConfig = NonNullable<Config['amplifier']>['relay'];

function relayOf(relay: RelayConfig, name: string, runtimeFolder: string): Relay {
  return relay === 'sim'
    ? new SimRelay(join(runtimeFolder, `${name}.wire`))
    : new GpioRelay({ gpio: sysfsGpio, ...relay });
}

const CHIPS = { rda5807m, si4703, tea5767 } as const;

function tunerOf(tuner: NonNullable<Config['tuner']>, uptime: Uptime): Receiver {
  switch (tuner.kind) {
    case 'sim':
      return new SimTuner(uptime, tuner.stations);
    case 'serial':
      return new SerialModule({ open: serialPort(tuner), pace: machinePace });
    case 'rda5807m':
    case 'si4703':
    case 'tea5767':
      return new ChipTuner({
        kind: CHIPS[tuner.kind],
        openBus: () => openI2cBus(tuner.i2cBus),
        pace: machinePace,
      });
  }
}

type Folders = Pick<Config, 'runtimeFolder' | 'playerFolder'>;

function playerOf(
  { environment, ...sound }: NonNullable<Config['sound']>,
  wiring: Folders & { readonly line: LineIn | null },
): MpvPlayer {
  return new MpvPlayer({ ...sound, ...wiring, env: environment });
}

function screenOf(
  { vo, args, place, environment }: NonNullable<Config['screen']>,
  folders: Folders,
): MpvScreen {
  return new MpvScreen({ vo, flags: args, place, ...folders, env: environment });
}

/** Live voice is not built yet: a live order finds no box that can play it, and the box says so. */
export function abilitiesOf({ sound, screen, tuner }: Config): Abilities {
  const heard = ['media', 'stream', ...(tuner === null ? [] : ['tuner' as const])] as const;
  return {
    sound: sound === null ? [] : heard,
    screen: screen === null ? [] : ['media', 'page', 'ticker'],
  };
}

/** A box without a relay has an amplifier that is always on: nothing to wait for. */
export function settingsOf({ amplifier }: Config): AmplifierSettings {
  return amplifier ?? { leadMs: 0, holdMs: 0, dwellMs: 0, maxUnprovenMs: 0 };
}

/**
 * Opens what can be opened; a device that cannot is a condition and no reason to keep the rest waiting. `moved` is
 * called when a contact of the box has moved.
 */
export async function openDevices(
  devices: Devices,
  moved: () => void,
  log: (line: string) => void,
): Promise<void> {
  const opening = Object.entries(devices).map(async ([name, device]) => {
    try {
      await device?.open(moved);
    } catch (cause) {
      log(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  });
  await Promise.all(opening);
}

/** The amplifier first: whatever hangs afterwards, it is off. */
export async function closeDevices({ amplifier, ...others }: Devices): Promise<void> {
  await amplifier?.set(false);
  await Promise.all([amplifier, ...Object.values(others)].map(async (device) => device?.close()));
}
