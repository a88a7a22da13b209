/** What a technician's test has shown: the relay's switching, the receiver's hearing and the as-run record, and whether it passed. */
import type { PlayRecord } from '../shared/records/record.ts';
import type { LocalTest } from '../shared/schedule/intent.ts';
import type { ClockReading } from './clock/seam.ts';
import { AUDIBLE_DBFS } from './devices/player/seam.ts';
import type { TrialAsked, TrialSeen } from './local/trial-protocol.ts';
import type { Devices } from './perform.ts';

export type WatchParts = {
  readonly test: LocalTest;
  readonly asked: TrialAsked;
  readonly beganUpMs: number;
  readonly devices: Devices;
  readonly readClock: () => ClockReading;
  /** The agent has, or holds, the amplifier on: after the test, for something else. */
  readonly wantsAmplifier: () => boolean;
  /** Newest first. */
  readonly records: (limit: number) => readonly PlayRecord[];
};

/** So long after the end record and relay are waited for: longer than any amplifier is held. */
const SETTLE_MS = 8000;
/** Looked through for the record of this test: no more end within its minute. */
const RECORDS = 20;

export class TrialWatch {
  readonly #parts: WatchParts;
  #endedUpMs: number | null = null;
  #closedUpMs: number | null = null;
  #openedUpMs: number | null = null;
  #isClosed = false;
  #isWanted = false;
  #tuner: TrialSeen['tuner'] = null;
  #groups: { readonly sinceUpMs: number; readonly first: number } | null = null;
  #record: PlayRecord | null = null;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  ended(upMs: number): void {
    this.#endedUpMs = upMs;
  }

  look(): void {
    const { upMs } = this.#parts.readClock();
    this.#lookAtRelay(upMs);
    if (this.#endedUpMs === null) this.#lookAtTuner(upMs);
    else if (this.#isRecorded) this.#record ??= this.#find();
  }

  /** Nothing more will come of it. */
  isSettled(): boolean {
    if (this.#endedUpMs === null) return false;
    const isWritten = this.#record !== null || !this.#isRecorded;
    const isLate = this.#parts.readClock().upMs - this.#endedUpMs >= SETTLE_MS;
    return isLate || (isWritten && !this.#isClosed);
  }

  seen(): TrialSeen {
    const { test, asked, devices, beganUpMs } = this.#parts;
    const over = this.isSettled();
    const after = (upMs: number | null, fromUpMs: number | null) =>
      upMs === null || fromUpMs === null ? null : Math.max(0, Math.round(upMs - fromUpMs));
    const relay = {
      closedAfterMs: after(this.#closedUpMs, beganUpMs),
      openedAfterMs: this.#isClosed ? null : after(this.#openedUpMs, this.#endedUpMs),
      isWanted: over && this.#isClosed && this.#isWanted,
    };
    return {
      id: test.id,
      work: asked.ask === 'tune' ? 'tune' : asked.work,
      over,
      passed: over ? this.#hasPassed() : null,
      relay: devices.amplifier === null ? null : relay,
      tuner: this.#tuner,
      record: this.#record === null ? null : shortOf(this.#record),
    };
  }

  get #isRecorded(): boolean {
    return this.#parts.asked.ask === 'test';
  }

  /** What the player plays from its line, it also measures. */
  get #isCaptured(): boolean {
    const { work } = this.#parts.test;
    const line = this.#parts.devices.player?.observe().line ?? 'none';
    return work.kind === 'tuner' && work.aloud && line !== 'none';
  }

  /** The first closing counts, and the last opening. */
  #lookAtRelay(upMs: number): void {
    const on = this.#parts.devices.amplifier?.observe().on ?? null;
    if (on === null) return;
    if (on) this.#closedUpMs ??= upMs;
    if (this.#isClosed && !on) this.#openedUpMs = upMs;
    this.#isClosed = on;
    this.#isWanted = this.#parts.wantsAmplifier();
  }

  #lookAtTuner(upMs: number): void {
    const { test, devices } = this.#parts;
    if (test.work.kind !== 'tuner' || devices.tuner === null) return;
    const { state, frequencyKhz, failure, rssiDbuv, stereo, pis } = devices.tuner.observe();
    const isThere = frequencyKhz === test.work.frequencyKhz;
    const { programme, text, pty, groups } = devices.tuner.rds();
    const tuned = isThere && state === 'tuned';
    this.#tuner = {
      ...{ frequencyKhz, tuned, failure: isThere ? failure : null, rssiDbuv, stereo },
      ...(tuned
        ? { pi: pis[0] ?? null, programme, text, pty, groupsPerSecond: this.#rate(groups, upMs) }
        : { pi: null, programme: null, text: null, pty: null, groupsPerSecond: null }),
    };
  }

  /** RDS groups a second since the first look at the tuned station; null before a second has passed. */
  #rate(groups: number | null, upMs: number): number | null {
    if (groups === null) return null;
    this.#groups ??= { sinceUpMs: upMs, first: groups };
    const { sinceUpMs, first } = this.#groups;
    const seconds = (upMs - sinceUpMs) / 1000;
    return seconds < 1 ? null : Math.round(((groups - first) / seconds) * 10) / 10;
  }

  #find(): PlayRecord | null {
    const { records, test } = this.#parts;
    const isMine = ({ subject }: PlayRecord) => subject.kind === 'local-test' && subject.test === test.id;
    return records(RECORDS).find(isMine) ?? null;
  }

  /** What the box itself can know; whether anybody heard or saw it, only people can tell. */
  #hasPassed(): boolean {
    const { asked, devices } = this.#parts;
    if (asked.ask === 'tune') return this.#tuner?.tuned === true;
    if (this.#record === null || this.#record.endCause === 'failed') return false;
    // A programme that began meanwhile is no fault of the relay.
    const isOpenAgain = devices.amplifier === null || !this.#isClosed || this.#isWanted;
    const wasClosed = devices.amplifier === null || this.#closedUpMs !== null;
    switch (asked.work) {
      case 'speaker':
        return wasSounding(this.#record) && wasClosed && isOpenAgain;
      case 'sound':
        return wasSounding(this.#record) && isOpenAgain;
      case 'relay':
        return wasClosed && isOpenAgain;
      case 'tuner':
        return this.#tuner?.tuned === true && isOpenAgain && (!this.#isCaptured || wasSounding(this.#record));
      case 'screen':
        return this.#record.playedMs > 0;
    }
  }
}

function wasSounding({ playedMs, evidence: { peakDbfs } }: PlayRecord): boolean {
  return playedMs > 0 && (peakDbfs === null || peakDbfs > AUDIBLE_DBFS);
}

function shortOf({ seq, endCause, reason, playedMs, evidence }: PlayRecord): TrialSeen['record'] {
  const { peakDbfs, amplifierMilliamps, output } = evidence;
  return { seq, endCause, reason, playedMs, peakDbfs, amplifierMilliamps, output };
}
