/** As-run records as people read them: planned and started, late by how much, how it ended, and what proves it. */
import { consoleMessages as words } from '../../../shared/messages/console.ts';
import { byRadio, endCauses, reasonInWords, startCauses } from '../../../shared/messages/records.ts';
import { text, type Text } from '../../../shared/messages/text.ts';
import type { PlayRecord } from '../../../shared/records/record.ts';
import type { BoxView, KeptRecord } from '../../../shared/wire/fleet.ts';
import { beganAtMs, keyOf } from '../state/records.ts';
import { filled } from './filled.ts';
import { placeName } from './places.ts';
import type { Places } from './places.ts';
import { lengthOf } from './time.ts';
import type { Tone } from './tone.ts';

export type Entry = {
  readonly key: string;
  readonly place: Text;
  readonly dev: string;
  readonly surface: PlayRecord['surface'];
  readonly title: string;
  readonly isOrder: boolean;
  readonly atMs: number;
  readonly plannedAtMs: number;
  readonly played: Text | null;
  /** Against the planned instant; null where it never began or its start was no instant of a plan. */
  readonly start: { readonly text: Text; readonly tone: Tone } | null;
  readonly causes: Text;
  readonly proof: { readonly text: Text; readonly isThere: boolean };
  readonly tone: Tone;
};

/** In the order in which they come. */
export function journalOf(
  records: readonly KeptRecord[],
  { boxes, places }: { readonly boxes: ReadonlyMap<string, BoxView>; readonly places: Places },
  show: (surface: PlayRecord['surface']) => boolean,
  most: number,
): readonly Entry[] {
  return records
    .filter(({ record }) => show(record.surface))
    .slice(0, most)
    .map((kept) => entryOf(kept, placeName(places, boxes.get(kept.dev)?.area ?? null)));
}

export function entryOf(kept: KeptRecord, place: Text): Entry {
  const { dev, record } = kept;
  return {
    key: keyOf(kept),
    ...{ place, dev, surface: record.surface, title: record.title, plannedAtMs: record.plannedAtMs },
    isOrder: record.subject.kind === 'order',
    atMs: beganAtMs(kept),
    played: record.startedAtMs === null ? null : lengthOf(record.playedMs),
    start: startOf(record),
    causes: causesOf(record),
    proof: proofOf(record),
    tone: toneOf(record),
  };
}

/** Nobody hears less; more than the other is what the province counts as late. */
const EXACT_MS = 50;
const LATE_MS = 1000;
/** An order reaches a box that is online within seconds. */
const ORDER_LATE_MS = 15_000;

function startOf({ startedAtMs, plannedAtMs, startCause, subject, clock }: PlayRecord): Entry['start'] {
  if (startedAtMs === null) return null;
  // On time by whose clock? Nobody signed it, so nobody can say.
  if (clock.radio !== undefined) return { text: byRadio, tone: 'amber' };
  const lateMs = startedAtMs - plannedAtMs;
  if (subject.kind === 'order' && startCause === 'order')
    return {
      text: filled(words.afterOrder, lengthOf(lateMs)),
      tone: lateMs <= ORDER_LATE_MS ? 'ok' : 'amber',
    };
  if (startCause !== 'planned') return null;
  if (Math.abs(lateMs) <= EXACT_MS) {
    return { text: words.onTime(`${lateMs < 0 ? '−' : '+'}${Math.abs(lateMs)} ms`), tone: 'ok' };
  }
  const inWords = filled(lateMs < 0 ? words.earlyBy : words.lateBy, lengthOf(Math.abs(lateMs)));
  return { text: inWords, tone: Math.abs(lateMs) <= LATE_MS ? 'ok' : 'amber' };
}

function causesOf({ startCause, endCause, reason }: PlayRecord): Text {
  const end = endCauses[endCause];
  const why =
    reason === null
      ? text('', '')
      : filled((words) => text(` (${words})`, ` (${words})`), reasonInWords(reason));
  if (startCause === 'planned') return text(`${end.vi}${why.vi}`, `${end.en}${why.en}`);
  const start = startCauses[startCause];
  return text(`${start.vi} → ${end.vi}${why.vi}`, `${start.en} → ${end.en}${why.en}`);
}

function proofOf({ surface, evidence }: PlayRecord): Entry['proof'] {
  const { clockMovedMs, peakDbfs, screenshotSha256 } = evidence;
  if (clockMovedMs === 0 && screenshotSha256 === null) return { text: words.proofNone, isThere: false };
  if (surface !== 'sound') {
    return { text: screenshotSha256 === null ? words.proofFrames : words.proofShown, isThere: true };
  }
  return { text: peakDbfs === null ? words.proofMoving : words.proofSound(peakDbfs), isThere: true };
}

function toneOf({ endCause, reason }: PlayRecord): Tone {
  switch (endCause) {
    case 'finished':
    case 'window':
      return reason === null ? 'ok' : 'amber';
    case 'cut':
    case 'withdrawn':
    case 'ended-by-order':
    case 'skipped':
      return 'note';
    case 'power':
      return 'amber';
    case 'failed':
      return 'red';
  }
}
