/** What the box hears by FM beyond the receiver's own state: heartbeats, orders, the time, how strong a station usually is. Asked at each tick. */
import { checkBeat, depthOf } from '../shared/protocol/fm/beat.ts';
import type { BeatCode, LastBeat } from '../shared/protocol/fm/beat.ts';
import { hear } from '../shared/protocol/fm/segments.ts';
import type { Heard } from '../shared/protocol/fm/segments.ts';
import { isIdentified } from '../shared/protocol/fm/station.ts';
import type { Fmplan, Station } from '../shared/protocol/schema/documents.ts';
import { followTime, radioTimeAt } from './clock/radio-time.ts';
import type { RadioTime } from './clock/radio-time.ts';
import type { ClockReading } from './clock/seam.ts';
import { noLevels, noteLevel, readLevelHistory, usualLevel } from './devices/tuner/level-history.ts';
import type { LevelHistory } from './devices/tuner/level-history.ts';
import type { Receiver, TunerObserved } from './devices/tuner/seam.ts';
import type { Ether } from './plan/ether.ts';
import { NotKept } from './store/store.ts';
import type { Store } from './store/store.ts';

type Parts = {
  readonly receiver: Pick<Receiver, 'takeSegments' | 'rds'>;
  readonly store: Pick<Store, 'levels' | 'keepLevels'>;
  /** Never rejects for what came by radio. */
  readonly admitFm: (frame: Uint8Array) => Promise<string>;
  readonly log: (line: string) => void;
};

type Look = {
  readonly fmplan: Fmplan | null;
  readonly observed: TunerObserved;
  readonly reading: ClockReading;
};

/** The level is sampled so often: a median of hours wants no more. */
const SAMPLE_MS = 5000;

/** Beats are counted over so long: a station says some hundred in it. */
const JUDGED_MS = 10 * 60_000;

/** So long may a station be heard in all without saying any: its turns are of ten minutes. */
const SILENT_MS = 15 * 60_000;
/** Between two ticks; more is no listening. */
const TICK_MOST_MS = 10_000;

/**
 * A forged beat far from the last good one costs up to 2,880 hashes of a tick (14 ms on a PC, several times that on a
 * small board), and two of them fit into a second: after one no other is looked at for so long. A good one makes the
 * next cheap.
 */
const DEEP_HASHES = 120;
const DEEP_EACH_MS = 10_000;

/** All that is remembered of one frequency. */
type Spot = {
  readonly frequencyKhz: number;
  heard: Heard;
  levels: LevelHistory;
  sampledUpMs: number;
  beat: { readonly chain: string; readonly last: LastBeat; readonly upMs: number } | null;
  /** Oldest first, of the last ten minutes. */
  judged: readonly { readonly code: BeatCode; readonly upMs: number }[];
  deepUpMs: number;
  /** How long it was itself, and said no beat of any kind. */
  silentMs: number;
};

export class Listening {
  readonly #parts: Parts;
  readonly #spots = new Map<number, Spot>();
  #last: number | null = null;
  #turnedUpMs = 0;
  #isAdmitting = false;
  #told = '';
  #time: RadioTime | null = null;
  /** Of the last CT that was looked at. */
  #timeUpMs = -Infinity;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What the stations of the fmplan tell, while the box knows no time (protocol C6). */
  radioTime(): RadioTime | null {
    return this.#time;
  }

  turn({ fmplan, observed, reading }: Look): Ether {
    this.#followTime({ fmplan, observed, reading });
    const segments = this.#parts.receiver.takeSegments();
    const { frequencyKhz } = observed;
    const station = fmplan?.stations.find((each) => each.frequencyKhz === frequencyKhz) ?? null;
    if (frequencyKhz === null || station === null || observed.state !== 'tuned') {
      this.#last = null;
      const isBeatSilent = this.#isBeatSilent(fmplan);
      return { frequencyKhz: null, beatUpMs: null, beats: NO_BEATS, isBeatSilent, usualDbuv: null };
    }
    const spot = this.#spotOf(frequencyKhz);
    // What another station said is no part of what this one says.
    if (this.#last !== frequencyKhz) spot.heard = new Map();
    else if (reading.state !== 'FLOOR' && isIdentified(observed.pis, station.pi))
      spot.silentMs += Math.min(TICK_MOST_MS, reading.upMs - this.#turnedUpMs);
    this.#last = frequencyKhz;
    this.#turnedUpMs = reading.upMs;
    const clock = this.#clockFor(reading);
    for (const { segment, data } of segments) this.#hear(spot, station, segment, data, clock);
    if (isIdentified(observed.pis, station.pi)) this.#sample(spot, observed, reading);
    const atS = reading.state === 'FLOOR' ? null : Math.floor(reading.nowMs / 1000);
    spot.judged = spot.judged.filter(({ upMs }) => upMs > reading.upMs - JUDGED_MS);
    const beat = spot.beat?.chain === station.beat?.chain ? spot.beat : null;
    return {
      frequencyKhz,
      beatUpMs: beat?.upMs ?? null,
      beats: countOf(spot.judged.map(({ code }) => code)),
      isBeatSilent: this.#isBeatSilent(fmplan),
      usualDbuv: usualLevel(spot.levels, atS)?.medianDbuv ?? null,
    };
  }

  #spotOf(frequencyKhz: number): Spot {
    const known = this.#spots.get(frequencyKhz);
    if (known !== undefined) return known;
    const levels = readLevelHistory(this.#parts.store.levels(frequencyKhz)) ?? noLevels;
    const never = { sampledUpMs: -Infinity, beat: null, judged: [], deepUpMs: -Infinity, silentMs: 0 };
    const made = { frequencyKhz, levels, heard: new Map(), ...never };
    this.#spots.set(frequencyKhz, made);
    return made;
  }

  /** H10: of any station of the fmplan, whichever the receiver is on now. */
  #isBeatSilent(fmplan: Fmplan | null): boolean {
    const beating = fmplan?.stations.filter(({ beat }) => beat !== null) ?? [];
    return beating.some(({ frequencyKhz }) => (this.#spots.get(frequencyKhz)?.silentMs ?? 0) >= SILENT_MS);
  }

  /** Protocol C6: only where a registrar allowed it is there an fmplan, and so a time, in FLOOR. */
  #followTime({ fmplan, observed, reading }: Look): void {
    const { state, nowMs } = reading;
    const isNamed = ({ frequencyKhz, pi }: RadioTime['station']) =>
      fmplan?.stations.some((each) => each.frequencyKhz === frequencyKhz && each.pi === pi) === true;
    const before = this.#time;
    if (state !== 'FLOOR' || (before !== null && !isNamed(before.station))) this.#time = null;
    const told = this.#parts.receiver.rds().clock;
    if (state !== 'FLOOR' || told === null || told.upMs === this.#timeUpMs) return;
    const station = fmplan?.stations.find(({ frequencyKhz }) => frequencyKhz === observed.frequencyKhz);
    if (observed.state !== 'tuned' || station === undefined || !isIdentified(observed.pis, station.pi))
      return;
    this.#timeUpMs = told.upMs;
    const { frequencyKhz, pi } = station;
    this.#time = followTime(this.#time, { frequencyKhz, pi, ...told }, nowMs / 1000);
    this.#tellTime(before);
  }

  #tellTime(before: RadioTime | null): void {
    const now = this.#time;
    const said = new Date(now?.line.atMs ?? 0).toISOString();
    if (before?.isSteady === true && now?.isSteady !== true)
      this.#parts.log('time by radio: contradicted, begun anew');
    if (now?.isSteady === true && before?.isSteady !== true)
      this.#parts.log(`time by radio: ${said}, steady on ${now.station.frequencyKhz} kHz`);
  }

  /** A heartbeat is dated by the same time as the window that it opens; the box's own clock stays as it is. */
  #clockFor(reading: ClockReading): ClockReading {
    const { state, nowMs, upMs } = reading;
    const time = state === 'FLOOR' ? radioTimeAt(this.#time, upMs, nowMs / 1000) : null;
    return time === null ? reading : { state: 'HOLDOVER', upMs, ...time };
  }

  #hear(spot: Spot, station: Station, segment: number, data: Uint8Array, reading: ClockReading): void {
    const { heard, frame } = hear(spot.heard, segment, data, reading.upMs / 1000);
    spot.heard = heard;
    if (frame === null) return;
    if (frame.kind === 'order') this.#admit(frame.bytes);
    else noteBeat(spot, station, frame.bytes, reading);
  }

  /** One at a time; the station says it again. */
  #admit(frame: Uint8Array): void {
    if (this.#isAdmitting) return;
    this.#isAdmitting = true;
    const { admitFm, log } = this.#parts;
    admitFm(frame)
      .then((code) => {
        const line = `order by radio: ${code}`;
        // A station says the same for minutes.
        if (code !== 'REPLAY' && line !== this.#told) log(line);
        this.#told = line;
      })
      .catch((cause: unknown) => {
        log(`order by radio: ${String(cause)}`);
      })
      .finally(() => {
        this.#isAdmitting = false;
      });
  }

  #sample(spot: Spot, { rssiDbuv }: TunerObserved, { state, nowMs, upMs }: ClockReading): void {
    if (rssiDbuv === null || state === 'FLOOR' || upMs - spot.sampledUpMs < SAMPLE_MS) return;
    spot.sampledUpMs = upMs;
    const before = spot.levels;
    spot.levels = noteLevel(before, rssiDbuv, Math.floor(nowMs / 1000));
    // Once an hour, when one has closed: cards die of writes.
    if (spot.levels.running?.hour === before.running?.hour) return;
    try {
      this.#parts.store.keepLevels(spot.frequencyKhz, spot.levels);
    } catch (cause) {
      if (!(cause instanceof NotKept)) throw cause;
    }
  }
}

const NO_BEATS: Ether['beats'] = { good: 0, bad: 0, unanchored: 0 };

const COUNTED: Readonly<Record<BeatCode, keyof Ether['beats'] | null>> = {
  OK: 'good',
  FORGED: 'bad',
  STALE: 'bad',
  EARLY: 'bad',
  BAD_FRAME: 'bad',
  NO_ANCHOR: 'unanchored',
  // Of the box's own clock, and a condition of its own.
  NO_TIME: null,
};

function countOf(codes: readonly BeatCode[]): Ether['beats'] {
  const count = { ...NO_BEATS };
  for (const code of codes) {
    const which = COUNTED[code];
    if (which !== null) count[which] += 1;
  }
  return count;
}

/** A forged beat is no attack by itself: a receiver that tells no errors hears one segment in thirty wrongly. It is counted, and many are a condition. */
function noteBeat(
  spot: Spot,
  { beat }: Station,
  frame: Uint8Array,
  { state, nowMs, u, upMs }: ClockReading,
): void {
  if (beat === null) return;
  spot.silentMs = 0;
  const before = spot.beat?.chain === beat.chain ? spot.beat.last : null;
  const clock = { state, now: Math.floor(nowMs / 1000), u };
  const isDeep = depthOf(frame, before) > DEEP_HASHES;
  if (isDeep && upMs - spot.deepUpMs < DEEP_EACH_MS) return;
  const { code, last } = checkBeat(frame, beat, clock, before);
  if (isDeep && code === 'FORGED') spot.deepUpMs = upMs;
  spot.judged = [...spot.judged, { code, upMs }];
  if (code === 'OK' && last !== null) spot.beat = { chain: beat.chain, last, upMs };
}
