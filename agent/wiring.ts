/** From configuration to devices: which driver stands behind each seam of this box, and what the box can therefore play. */
import { join } from 'node:path';
import type { Abilities } from '../shared/schedule/intent.ts';
import type { Uptime } from './clock/seam.ts';
import type { Config } from './config.ts';
import { MpvPlayer } from './devices/player/mpv-player.ts';
import { MpvScreen } from './devices/screen/mpv-screen.ts';
import type { Devices } from './perform.ts';
import type { AmplifierSettings } from './plan/scene.ts';
import { SimRelay } from './sim/sim-relay.ts';
import { SimTuner } from './sim/sim-tuner.ts';

export function devicesOf(config: Config, uptime: Uptime): Devices {
  const { sound, screen, runtimeFolder, amplifier, tuner } = config;
  const wire = (name: string) => new SimRelay(join(runtimeFolder, `${name}.wire`));
  return {
    player: sound === null ? null : playerOf(sound, runtimeFolder),
    screen: screen === null ? null : screenOf(screen, runtimeFolder),
    amplifier: amplifier === null ? null : wire('amplifier'),
    source: tuner === null ? null : wire('source'),
    tuner: tuner === null ? null : new SimTuner(uptime, tuner.stations),
  };
}

function playerOf({ environment, ...sound }: NonNullable<Config['sound']>, runtimeFolder: string): MpvPlayer {
  return new MpvPlayer({ ...sound, runtimeFolder, env: environment });
}

function screenOf(
  { vo, args, place, environment }: NonNullable<Config['screen']>,
  runtimeFolder: string,
): MpvScreen {
  return new MpvScreen({ vo, flags: args, place, runtimeFolder, env: environment });
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

/** Opens what can be opened; a device that cannot is a condition and no reason to keep the rest waiting. */
export async function openDevices(devices: Devices, log: (line: string) => void): Promise<void> {
  const opening = Object.entries(devices).map(async ([name, device]) => {
    try {
      await device?.open();
    } catch (cause) {
      log(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  });
  await Promise.all(opening);
}

/** The amplifier first: whatever hangs afterwards, it is off. */
export async function closeDevices({ amplifier, source, player, screen, tuner }: Devices): Promise<void> {
  await amplifier?.set(false);
  await Promise.all([amplifier?.close(), source?.close(), player?.close(), screen?.close(), tuner?.close()]);
}
