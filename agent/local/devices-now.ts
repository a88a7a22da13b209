/** One look at every device of the box, for people: what each observed at the last tick, and what was wanted of it. */
import type { CurrentObserved } from '../devices/current/seam.ts';
import type { InputsObserved } from '../devices/inputs/seam.ts';
import type { PlayerObserved } from '../devices/player/seam.ts';
import type { RelayObserved } from '../devices/relay/seam.ts';
import type { ScreenObserved } from '../devices/screen/seam.ts';
import type { TunerObserved } from '../devices/tuner/seam.ts';
import type { DeviceNow } from './devices-answer.ts';

type Seen = {
  readonly player: PlayerObserved | null;
  readonly screen: ScreenObserved | null;
  readonly amplifier: RelayObserved | null;
  readonly source: RelayObserved | null;
  readonly tuner: TunerObserved | null;
  readonly inputs: InputsObserved | null;
  readonly current: CurrentObserved | null;
};

/** `programme` is the station's name by RDS. Devices that the box does not have are not named. */
export function devicesNow(seen: Seen, amplifierWanted: boolean, programme: string | null): DeviceNow[] {
  const all = [
    playerNow(seen.player),
    screenNow(seen.screen),
    relayNow('amplifier', seen.amplifier, { wanted: amplifierWanted }),
    relayNow('source', seen.source, {}),
    tunerNow(seen.tuner, programme),
    inputsNow(seen.inputs),
    currentNow(seen.current),
  ];
  return all.filter((each) => each !== null);
}

function playerNow(player: Seen['player']): DeviceNow | null {
  if (player === null) return null;
  const { state, output, line, moving, playback } = player;
  const failure = playback?.failure ?? null;
  return {
    device: 'player',
    state,
    failure: failure === null ? null : `${failure.code}: ${failure.detail}`,
    details: { output, line: line === 'none' ? null : line, moving, peakDbfs: playback?.peakDbfs ?? null },
  };
}

function screenNow(screen: Seen['screen']): DeviceNow | null {
  if (screen === null) return null;
  const { state, failure } = screen;
  return {
    device: 'screen',
    state,
    failure: failure === null ? null : `${failure.code}: ${failure.detail}`,
    details: { showing: screen.key, ticker: screen.ticker },
  };
}

function relayNow(
  device: 'amplifier' | 'source',
  relay: RelayObserved | null,
  details: DeviceNow['details'],
): DeviceNow | null {
  if (relay === null) return null;
  const state = relay.on === null ? 'unknown' : relay.on ? 'on' : 'off';
  return { device, state, failure: relay.failure, details };
}

function tunerNow(tuner: Seen['tuner'], programme: string | null): DeviceNow | null {
  if (tuner === null) return null;
  const { state, failure, frequencyKhz, rssiDbuv, stereo, pis, muted } = tuner;
  return {
    device: 'tuner',
    state,
    failure,
    details: { frequencyKhz, rssiDbuv, pi: pis[0] ?? null, programme, stereo, muted },
  };
}

function currentNow(current: Seen['current']): DeviceNow | null {
  if (current === null) return null;
  const { milliamps, failure } = current;
  return { device: 'current', state: failure === null ? 'read' : 'failed', failure, details: { milliamps } };
}

function inputsNow(inputs: Seen['inputs']): DeviceNow | null {
  if (inputs === null) return null;
  const { door, mains, mute, failure } = inputs;
  return {
    device: 'inputs',
    state: failure === null ? 'read' : 'failed',
    failure,
    details: { door, mains, mute },
  };
}
