/** Turns a stretch and what the devices say into the as-run record: planned at its start, proven at its end. */
import type { EndCause, StartCause, Subject, UnchainedRecord } from '../../shared/records/record.ts';
import { titleOf } from '../../shared/schedule/intent.ts';
import type { Candidate } from '../../shared/schedule/intent.ts';
import type { ClockReading } from '../clock/seam.ts';
import type { CurrentObserved } from '../devices/current/seam.ts';
import { playbackOf } from './scene.ts';
import type { Scene } from './scene.ts';

export type Start = {
  readonly surface: UnchainedRecord['surface'];
  readonly candidate: Candidate;
  readonly startedAtMs: number | null;
  readonly fromMs: number;
  readonly startCause: StartCause;
  readonly shas: readonly string[];
  readonly volume: number;
  readonly reason: string | null;
};

/** The record as it stands if nobody ever comes back to end it. */
export function openRecord(start: Start, reading: ClockReading): UnchainedRecord {
  return {
    v: 1,
    surface: start.surface,
    subject: subjectOf(start.candidate),
    ...labelsOf(start.candidate),
    sha256: [...start.shas],
    plannedAtMs: plannedAt(start.candidate),
    startedAtMs: start.startedAtMs === null ? null : Math.round(start.startedAtMs),
    endedAtMs: null,
    fromMs: Math.round(start.fromMs),
    playedMs: 0,
    startCause: start.startCause,
    endCause: 'power',
    reason: start.reason,
    volume: Math.round(start.volume),
    clock: clockIn(reading),
    evidence: NO_EVIDENCE,
  };
}

const clockIn = ({ state, u, upMs, byRadio }: ClockReading): UnchainedRecord['clock'] =>
  byRadio === true ? { state, u, radio: { upMs: Math.floor(upMs) } } : { state, u };

const NO_EVIDENCE: UnchainedRecord['evidence'] = {
  output: null,
  peakDbfs: null,
  clockMovedMs: 0,
  amplifierMilliamps: null,
  tunerRssiDbuv: null,
  tunerPi: null,
  screenshotSha256: null,
};

function subjectOf(candidate: Candidate): Subject {
  switch (candidate.kind) {
    case 'item': {
      const { planId, epoch, ver, item, window } = candidate;
      return { kind: 'item', plan: planId, epoch, ver, item: item.id, windowStartMs: window.start * 1000 };
    }
    case 'order': {
      const { digest, kind } = candidate.order;
      return { kind: 'order', digest, order: kind, repetition: candidate.repetition };
    }
    case 'local-test':
      return { kind: 'local-test', test: candidate.test.id };
    case 'fallback': {
      const { fmplan, frequencyKhz, pi } = candidate;
      const { id, epoch, ver, mode } = fmplan;
      return { kind: 'fallback', fmplan: id, epoch, ver, mode, frequencyKhz, pi };
    }
  }
}

function labelsOf(candidate: Candidate): Pick<UnchainedRecord, 'title' | 'language' | 'author' | 'topic'> {
  const title = titleOf(candidate);
  if (candidate.kind !== 'item') return { title, language: null, author: null, topic: null };
  const { language, author, topic } = candidate.item;
  return { title, language, author, topic };
}

/** UTC milliseconds at which it was to begin. */
export function plannedAt(candidate: Candidate): number {
  switch (candidate.kind) {
    case 'item':
      return candidate.window.start * 1000;
    case 'order':
      return candidate.dueAt * 1000;
    case 'local-test':
      return candidate.test.begunAt * 1000;
    case 'fallback':
      return candidate.openedAtMs;
  }
}

/** Keeps the most that the amplifier drew while it sounded; a shunt the other way round counts as much. */
export function withDraw(record: UnchainedRecord, drawing: CurrentObserved | null): UnchainedRecord {
  if (drawing?.failure !== null || drawing.milliamps === null) return record;
  const amplifierMilliamps = Math.max(
    record.evidence.amplifierMilliamps ?? 0,
    Math.round(Math.abs(drawing.milliamps)),
  );
  return { ...record, evidence: { ...record.evidence, amplifierMilliamps } };
}

/** Closes the record of a sound with what the audio clock and the tuner prove. */
export function closeSound(
  record: UnchainedRecord,
  scene: Scene,
  key: string,
  end: { readonly cause: EndCause; readonly reason: string | null },
): UnchainedRecord {
  const { reading } = scene;
  const heard = playbackOf(scene, key);
  const startedAtMs = heard?.startedUpMs == null ? null : wallOf(heard.startedUpMs, reading);
  const playedMs = Math.round(heard?.playedMs ?? record.playedMs);
  return {
    ...record,
    // What failed before a sample was heard has not started.
    startedAtMs: startedAtMs ?? (playedMs === 0 && end.cause === 'failed' ? null : record.startedAtMs),
    endedAtMs: Math.round(reading.nowMs),
    playedMs,
    endCause: end.cause,
    reason: end.reason ?? record.reason,
    evidence: {
      ...record.evidence,
      output: heard === null ? null : record.evidence.output,
      peakDbfs: heard?.peakDbfs ?? null,
      clockMovedMs: playedMs,
    },
  };
}

function wallOf(upMs: number, reading: ClockReading): number {
  return Math.round(reading.nowMs - (reading.upMs - upMs));
}
