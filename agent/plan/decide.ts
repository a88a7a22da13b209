/** From intent and observation to actions: what is there, what should be there, and the steps between. Pure; the agent performs. */
import type { EndCause } from '../../shared/records/record.ts';
import { decideAmplifier } from './amplifier.ts';
import type { Decision, Memory, Scene } from './scene.ts';
import { decideLine } from './line.ts';
import { concludeRecords } from './screen-records.ts';
import { decideScreen } from './screen.ts';
import { finish } from './settle.ts';
import { decideSound } from './sound.ts';
import { concludeTrial, decideTrial } from './trial.ts';
import { decideTuner } from './tuner.ts';

/**
 * A missed event cannot hurt: everything is decided from what is observed now, and what is not yet as it should be
 * is asked for again at the next tick.
 */
export function decide(scene: Scene, memory: Memory): Decision<Memory> {
  const sound = decideSound(scene, memory.sound);
  const screen = decideScreen(scene, memory.screen);
  const amplifier = decideAmplifier(scene, memory.amplifier, sound.memory);
  const trial = decideTrial(scene, memory.trial, sound.memory);
  return {
    // The amplifier first: its lead runs while the player loads.
    actions: [
      ...amplifier.actions,
      ...decideTuner(scene, sound.memory),
      ...sound.actions,
      ...decideLine(scene, sound.memory),
      ...screen.actions,
      ...trial.actions,
    ],
    memory: {
      sound: sound.memory,
      screen: screen.memory,
      amplifier: amplifier.memory,
      trial: trial.memory,
    },
  };
}

/**
 * The agent is asked to stop, cannot decide, or knows no time any more: what sounds and shows ends now, and its records
 * say how far it came.
 */
export function conclude(
  scene: Scene,
  memory: Memory,
  reason: string | null,
  cause: EndCause = 'power',
): Decision<Memory> {
  const sound = finish(scene, { actions: [], memory: memory.sound }, cause, reason);
  const screen = concludeRecords(scene, memory.screen.open, cause);
  const trial = concludeTrial(scene, memory.trial, cause);
  const off = { kind: 'amplifier', on: false } as const;
  const stop = { kind: 'stop', fadeMs: 0 } as const;
  return {
    actions: [
      off,
      stop,
      ...decideTuner(scene, sound.memory),
      ...sound.actions,
      ...screen.actions,
      ...trial.actions,
    ],
    memory: {
      ...memory,
      sound: sound.memory,
      screen: { ...memory.screen, open: screen.memory },
      trial: trial.memory,
    },
  };
}
