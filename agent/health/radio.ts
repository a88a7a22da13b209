/** Detectors of what comes by FM: whether the signed stations can be heard, and their heartbeat be judged. */
import type { ConditionCode } from '../../shared/health/condition.ts';
import { ANCHORS_END_SOON_S, anchoredUntil } from '../../shared/protocol/fm/beat.ts';
import { fmplanInForce } from '../../shared/protocol/fm/order.ts';
import { isIdentified } from '../../shared/protocol/fm/station.ts';
import type { Fmplan } from '../../shared/protocol/schema/documents.ts';
import type { Facts } from './facts.ts';

/** A beat is judged to half minutes: with a clock less sure than this none counts (protocol §7, NO_TIME). */
const SURE_S = 15;

/**
 * So many, and more than good ones: a receiver that tells no errors mishears one frame in six, and an encoder that
 * changes over within a frame spoils one each half minute.
 */
const BAD_LEAST = 5;

/** Judged on the fmplan in force, as everything that acts on it. */
export function radio(facts: Facts): readonly ConditionCode[] {
  const { state, tuner, reading } = facts;
  const now = Math.max(Math.floor(reading.nowMs / 1000), state.floor);
  const fmplan = fmplanInForce(state, now);
  if (tuner === null || fmplan === null) return [];
  return [
    ...heard(facts, fmplan),
    ...(fmplan.mode === 'beat' && facts.isBeatSilent ? (['FM_BEAT_SILENT'] as const) : []),
    ...(endsSoon(fmplan, now) ? (['FM_BEAT_ENDS_SOON'] as const) : []),
  ];
}

/** Told of every station, heard or not: where it has no seeds any more, nothing on the air says so. */
const endsSoon = ({ mode, stations }: Fmplan, now: number): boolean =>
  mode === 'beat' &&
  stations.some(({ beat }) => beat !== null && anchoredUntil(beat, now) - now <= ANCHORS_END_SOON_S);

function heard({ tuner, beats, reading, isByRadio }: Facts, fmplan: Fmplan): readonly ConditionCode[] {
  if (tuner?.state !== 'tuned' || fmplan.stations.length === 0) return [];
  const { frequencyKhz, pis } = tuner;
  const listened = fmplan.stations.filter((each) => each.frequencyKhz === frequencyKhz);
  const isKnown = listened.some(({ pi }) => isIdentified(pis, pi));
  const isUnheard = listened.length > 0 && !isKnown;
  return [
    ...(isUnheard ? (['FM_STATION_UNHEARD'] as const) : []),
    ...(fmplan.mode === 'beat' ? heartbeat(beats, reading, isByRadio) : []),
  ];
}

function heartbeat(
  count: Facts['beats'],
  { state, u }: Facts['reading'],
  isByRadio: boolean,
): readonly ConditionCode[] {
  if ((state === 'FLOOR' && !isByRadio) || u > SURE_S) return ['FM_BEAT_WANTS_CLOCK'];
  if (count === null) return [];
  const { good, bad, unanchored } = count;
  return [
    ...(bad >= BAD_LEAST && bad > good ? (['FM_BEAT_BAD'] as const) : []),
    ...(unanchored >= BAD_LEAST && unanchored > good ? (['FM_BEAT_NO_ANCHOR'] as const) : []),
  ];
}
