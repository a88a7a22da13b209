/** Rebuilds from the records what `decide` remembered before the agent was killed: what was heard, and how far. */
import type { EndCause, PlayRecord } from '../../shared/records/record.ts';
import { localDayOf } from './limits.ts';
import { UNMUTED } from './local-mute.ts';
import { recalledRadioDay, withoutForetold } from './radio-day.ts';
import type { Memory, SoundMemory } from './scene.ts';
import { UNHEARD } from './stretch.ts';
import type { Heard } from './stretch.ts';

/** How far an order had come: the repetition that is not over, and its plays that are. */
export type OrderPast = { readonly digest: string; readonly heard: number; readonly playsHeard: number };

export type Past = {
  /** Of the last day or so, oldest first. */
  readonly records: readonly PlayRecord[];
  readonly orders: readonly OrderPast[];
  readonly nowMs: number;
  readonly upMs: number;
  /** `nowMs` is the box's own time, and not a floor. */
  readonly knowsTime: boolean;
  /** In which the day of the daily limit is counted. */
  readonly zone: string;
};

/** What a box remembers when it comes up: nothing sounds, and what was heard before stands in the records. */
export function firstMemory(told: Past): Memory {
  const past = { ...told, records: withoutForetold(told.records, told.knowsTime ? told.nowMs : Infinity) };
  const heard = new Map([...past.records.flatMap(heardItem), ...past.orders.map(heardOrder)]);
  return {
    sound: {
      current: null,
      heard,
      waiting: null,
      unheard: null,
      prepared: null,
      ordinary: ordinaryOf(past),
      fallback: {
        listening: { index: 0, sinceUpMs: 0 },
        holdOffUntilUpMs: null,
        used: { day: localDayOf(past.nowMs, past.zone), ms: fallbackOf(past) },
      },
      radioDay: recalledRadioDay(told.records, told.upMs),
      mute: UNMUTED,
      count: 0,
    },
    screen: { key: null, ticker: null, open: new Map() },
    amplifier: {
      on: false,
      switchedUpMs: null,
      neededUpMs: null,
      unprovenSinceUpMs: null,
      blockedUntilUpMs: null,
    },
    trial: null,
  };
}

function heardItem({ surface, subject, endCause, fromMs, playedMs }: PlayRecord): [string, Heard][] {
  const state = STATE_AFTER[endCause];
  if (surface !== 'sound' || subject.kind !== 'item' || state === null) return [];
  const occurrence = `${subject.plan}/${subject.item}@${subject.windowStartMs / 1000}`;
  return [[occurrence, { ...UNHEARD, state, positionMs: fromMs + playedMs }]];
}

const STATE_AFTER: Readonly<Record<EndCause, Heard['state'] | null>> = {
  finished: 'finished',
  window: 'cut',
  cut: 'cut',
  withdrawn: 'cut',
  'ended-by-order': 'cut',
  power: 'power',
  failed: 'failed',
  skipped: null,
};

function heardOrder({ digest, heard, playsHeard }: OrderPast): [string, Heard] {
  return [`order:${digest}#${heard}`, { ...UNHEARD, passes: playsHeard }];
}

function ordinaryOf({ records, nowMs, zone }: Past): SoundMemory['ordinary'] {
  const day = localDayOf(nowMs, zone);
  const isToday = (record: PlayRecord) =>
    record.surface === 'sound' &&
    (record.subject.kind === 'item' || record.subject.kind === 'fallback') &&
    record.startedAtMs !== null &&
    localDayOf(record.startedAtMs, zone) === day;
  return { day, ms: records.filter(isToday).reduce((sum, { playedMs }) => sum + playedMs, 0) };
}

/** A kill leaves no length: then all of the time since counts, so that no power cut buys minutes. */
function fallbackOf({ records, nowMs, zone }: Past): number {
  const day = localDayOf(nowMs, zone);
  let usedMs = 0;
  for (const { subject, startedAtMs, endCause, playedMs } of records) {
    if (subject.kind !== 'fallback' || startedAtMs === null) continue;
    if (localDayOf(startedAtMs, zone) !== day) continue;
    usedMs += endCause === 'power' ? Math.max(playedMs, nowMs - startedAtMs) : playedMs;
  }
  return usedMs;
}
