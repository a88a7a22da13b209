/** Detectors of what comes by FM: whether the signed stations can be heard, and their heartbeat be judged. */
import type { ConditionCode } from '../../shared/health/condition.ts';
import { ANCHORS_END_SOON_S, MOST_UNCERTAIN_S, anchoredUntil } from '../../shared/protocol/fm/beat.ts';
import { fmplanInForce } from '../../shared/protocol/fm/order.ts';
import { isIdentified } from '../../shared/protocol/fm/station.ts';
import type { Fmplan } from '../../shared/protocol/schema/documents.ts';
import { nowOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { when } from './when.ts';

/**
 * So many, and more than good ones: a receiver that tells no errors mishears one frame in six, and an encoder that
 * changes over within a frame spoils one each half minute.
 */
const BAD_LEAST = 5;

/** Judged on the fmplan in force, as everything that acts on it. */
export function radio(facts: Facts): readonly ConditionCode[] {
  const now = nowOf(facts);
  const fmplan = fmplanInForce(facts.state, now);
  if (facts.tuner === null || fmplan === null) return [];
  return [
    ...heard(facts, fmplan),
    ...when(fmplan.mode === 'beat' && facts.isBeatSilent, 'FM_BEAT_SILENT'),
    ...when(endsSoon(fmplan, now), 'FM_BEAT_ENDS_SOON'),
  ];
}

/** Told of every station, heard or not: where it has no seeds any more, nothing on the air says so. */
const endsSoon = ({ mode, stations }: Fmplan, now: number): boolean =>
  mode === 'beat' &&
  stations.some(({ beat }) => beat !== null && anchoredUntil(beat, now) - now <= ANCHORS_END_SOON_S);

function heard(facts: Facts, { mode, stations }: Fmplan): readonly ConditionCode[] {
  const { tuner } = facts;
  if (tuner?.state !== 'tuned' || stations.length === 0) return [];
  const listened = stations.filter(({ frequencyKhz }) => frequencyKhz === tuner.frequencyKhz);
  const isKnown = listened.some(({ pi }) => isIdentified(tuner.pis, pi));
  return [
    ...when(listened.length > 0 && !isKnown, 'FM_STATION_UNHEARD'),
    ...(mode === 'beat' ? heartbeat(facts) : []),
  ];
}

/** Of one that cannot be judged for want of time, nothing is counted either. */
function heartbeat({ beats, reading: { state, u }, isByRadio }: Facts): readonly ConditionCode[] {
  const isTimeless = state === 'FLOOR' && !isByRadio;
  if (isTimeless || u > MOST_UNCERTAIN_S) return ['FM_BEAT_WANTS_CLOCK'];
  if (beats === null) return [];
  const { good, bad, unanchored } = beats;
  const areMost = (count: number): boolean => count >= BAD_LEAST && count > good;
  return [...when(areMost(bad), 'FM_BEAT_BAD'), ...when(areMost(unanchored), 'FM_BEAT_NO_ANCHOR')];
}
