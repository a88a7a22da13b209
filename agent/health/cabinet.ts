/** Detectors of the cabinet: its door, its mains and its mute button, and what the amplifier draws. */
import type { ConditionCode } from '../../shared/health/condition.ts';
import type { Facts } from './facts.ts';
import { doorsTold } from './sensors.ts';
import type { DoorTold } from './sensors.ts';
import { when } from './when.ts';

/** A sensor that is wrong is told of as that, and nothing follows from what it says. */
export function draw({ current, amplifier, player, tuner }: Facts): readonly ConditionCode[] {
  if (current === null) return [];
  const { milliamps, failure, quietMilliamps, maxMilliamps } = current;
  const drawn = Math.abs(milliamps ?? NaN);
  if (failure !== null || !(drawn <= maxMilliamps)) return ['CURRENT_SENSOR_FAULT'];
  const isProven = player?.moving === true || (tuner?.state === 'tuned' && !tuner.muted);
  if (amplifier?.on === true && isProven && drawn < quietMilliamps) return ['AMPLIFIER_NO_CURRENT'];
  const isOpen = amplifier?.on === false && !amplifier.wanted;
  return isOpen && drawn >= quietMilliamps ? ['AMPLIFIER_CURRENT_STUCK'] : [];
}

/** An opening is told for so long after: a door that is shut again hides nothing. */
const OPENING_TOLD_MS = 86_400_000;

/** One door, whoever tells of it: its contact, a sensor, or both. */
export function door(facts: Facts): readonly ConditionCode[] {
  const { inputs, reading } = facts;
  const contact: readonly DoorTold[] =
    inputs === null ? [] : [{ isOpen: inputs.door === true, openedUpMs: inputs.doorOpenedUpMs }];
  const told = [...contact, ...doorsTold(facts)];
  if (told.some(({ isOpen }) => isOpen)) return ['CABINET_DOOR_OPEN'];
  const wasOpened = told.some(
    ({ openedUpMs }) => openedUpMs !== null && reading.upMs - openedUpMs < OPENING_TOLD_MS,
  );
  return when(wasOpened, 'CABINET_OPENED');
}

export function contacts({ inputs }: Facts): readonly ConditionCode[] {
  if (inputs === null) return [];
  const { mains, mute, failure, isMuteSpent } = inputs;
  return [
    ...when(mains === false, 'MAINS_LOST'),
    ...when(mute === true, isMuteSpent ? 'LOCAL_MUTE_SPENT' : 'LOCAL_MUTE'),
    ...when(failure !== null, 'INPUTS_FAULT'),
  ];
}
