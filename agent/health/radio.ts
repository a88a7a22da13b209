/** Detectors of what comes by FM: whether the signed stations can be heard, and their heartbeat be judged. */
import type { ConditionCode } from '../../shared/health/condition.ts';
import { documentsOf } from '../../shared/protocol/state.ts';
import type { Facts } from './facts.ts';

/** A beat is judged to half minutes: with a clock less sure than this none counts (protocol §7, NO_TIME). */
const SURE_S = 15;

export function radio({ state, tuner, reading }: Facts): readonly ConditionCode[] {
  const now = Math.floor(reading.nowMs / 1000);
  const plans = documentsOf(state, 'fmplan').filter(({ exp, stations }) => exp > now && stations.length > 0);
  if (tuner?.state !== 'tuned' || plans.length === 0) return [];
  const { frequencyKhz, pis } = tuner;
  const listened = plans
    .flatMap(({ stations }) => stations)
    .filter((each) => each.frequencyKhz === frequencyKhz);
  const isKnown = listened.some(({ pi }) => pis.filter((each) => each === pi).length >= 4);
  const wantsBeat = plans.some(({ mode }) => mode === 'beat');
  return [
    ...(listened.length > 0 && !isKnown ? (['FM_STATION_UNHEARD'] as const) : []),
    ...(wantsBeat && reading.u > SURE_S ? (['FM_BEAT_WANTS_CLOCK'] as const) : []),
  ];
}
