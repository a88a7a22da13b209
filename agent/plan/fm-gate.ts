/**
 * Whether FM may be heard although no order and no item sounds: the gate of protocol.md §7. Pure. It looks at what was
 * signed and at who the station is; silence, PTY 31 and traffic flags are no part of it, so that they open nothing.
 */
import { isIdentified } from '../../shared/protocol/fm/station.ts';
import type { Fmplan, Station } from '../../shared/protocol/schema/documents.ts';
import { secondOfDay, weekdayOf } from '../../shared/schedule/days.ts';
import { localDay, localSecond } from '../../shared/schedule/zone.ts';
import type { Zone } from '../../shared/schedule/zone.ts';
import type { TunerObserved } from '../devices/tuner/seam.ts';
import type { Ether } from './ether.ts';

export type GateFacts = {
  readonly fmplan: Fmplan | null;
  /** The one of its stations that is listened to. */
  readonly station: Station | null;
  /** How long the receiver has been on it. */
  readonly listenedMs: number;
  readonly nowS: number;
  /** Whose time that is: without any, nothing is wanted; with a station's alone, all is as in mode `pi` (protocol C6). */
  readonly time: 'own' | 'radio' | null;
  readonly upMs: number;
  /** In which the fmplan's windows are read. */
  readonly zone: Zone;
  /** Uptime since which the cloud could not be reached at all; null while it can. */
  readonly unreachedSinceUpMs: number | null;
  readonly tuner: TunerObserved | null;
  readonly ether: Ether | null;
  /** Fallback heard this local day. */
  readonly usedMs: number;
};

/** Why a gate that is wanted stays shut; the reason of its record. */
export type GateRefusal =
  | 'TUNER_FAULT'
  | 'WRONG_PI'
  | 'FM_WEAK'
  | 'FM_STRONG'
  | 'FM_JUMP'
  | 'FM_LEVEL_UNKNOWN'
  | 'FM_NO_BEAT'
  | 'FM_DAY_USED';

export type UnwantedBecause = 'no-fmplan' | 'data-only' | 'no-time' | 'window' | 'reached';

export type Gate =
  /** Nobody signed that FM should sound now. */
  | { readonly kind: 'unwanted'; readonly because: UnwantedBecause }
  /** Not long enough on this station to say no. */
  | { readonly kind: 'listening'; readonly reason: GateRefusal }
  | { readonly kind: 'shut'; readonly reason: GateRefusal }
  | { readonly kind: 'open' };

/** Identification alone is weak, so it is short, by day and not loud, whatever was signed. */
export const PI_MODE = { mostMin: 30, from: '05:00', to: '21:00', volume: 60 } as const;

const BEAT_MS = 90_000;
/** A suddenly stronger signal is the mark of a hijack. */
const JUMP_DB = 8;
/** A station gets so long to show its PI, and so long for its beat. */
const IDENTIFY_MS = 5000;

/** Invariant: open only if everything that protocol §7 asks for holds. */
export function gateOf(facts: GateFacts): Gate {
  const { fmplan, station } = facts;
  if (fmplan === null || station === null) return { kind: 'unwanted', because: 'no-fmplan' };
  if (fmplan.mode === 'data') return { kind: 'unwanted', because: 'data-only' };
  if (facts.time === null) return { kind: 'unwanted', because: 'no-time' };
  const open = fmplan.windows.filter((window) => isWithin(window, facts));
  if (open.length === 0 || (isBounded(fmplan, facts.time) && !isPiTime(facts)))
    return { kind: 'unwanted', because: 'window' };
  const { unreachedSinceUpMs, upMs } = facts;
  const downMin = unreachedSinceUpMs === null ? -Infinity : (upMs - unreachedSinceUpMs) / 60_000;
  if (!open.some(({ afterMin }) => downMin >= afterMin)) return { kind: 'unwanted', because: 'reached' };
  return judge(facts, fmplan, station);
}

/** What it may be at the loudest, 0–100. */
export const fallbackVolume = (fmplan: Fmplan, time: GateFacts['time']): number =>
  isBounded(fmplan, time) ? Math.min(fmplan.volume, PI_MODE.volume) : fmplan.volume;

/** H13: the bounds of mode `pi` come to what a mode asks for, and take nothing of it away: `beat` goes on wanting its beat. */
const isBounded = ({ mode }: Fmplan, time: GateFacts['time']): boolean => mode === 'pi' || time === 'radio';

/** What is wrong with the level of a station that the fmplan knows; `usualDbuv` null: not known yet. */
export function levelFault(
  { rssiMin, rssiMax }: Station,
  rssiDbuv: number | null,
  usualDbuv: number | null,
): GateRefusal | null {
  if (rssiDbuv === null || rssiDbuv < rssiMin) return 'FM_WEAK';
  if (rssiDbuv > rssiMax) return 'FM_STRONG';
  return usualDbuv !== null && rssiDbuv > usualDbuv + JUMP_DB ? 'FM_JUMP' : null;
}

/** Why a planned relay may not be heard: its PI, and its level where the fmplan knows the station (protocol §7). */
export function relayFault(
  { fmplan, ether }: Pick<GateFacts, 'fmplan' | 'ether'>,
  tuner: TunerObserved,
  frequencyKhz: number,
  pi: string,
): GateRefusal | null {
  if (!isIdentified(tuner.pis, pi)) return 'WRONG_PI';
  const known = fmplan?.stations.find((each) => each.frequencyKhz === frequencyKhz && each.pi === pi);
  if (known === undefined) return null;
  return levelFault(known, tuner.rssiDbuv, ether?.frequencyKhz === frequencyKhz ? ether.usualDbuv : null);
}

function judge(facts: GateFacts, fmplan: Fmplan, station: Station): Gate {
  const { usedMs, listenedMs, time } = facts;
  const mostMin = isBounded(fmplan, time)
    ? Math.min(fmplan.dailyMaxMin, PI_MODE.mostMin)
    : fmplan.dailyMaxMin;
  if (usedMs >= mostMin * 60_000) return { kind: 'shut', reason: 'FM_DAY_USED' };
  const reason = stationFault(facts, fmplan, station);
  if (reason === null) return { kind: 'open' };
  const patienceMs = reason === 'FM_NO_BEAT' ? BEAT_MS : IDENTIFY_MS;
  return { kind: listenedMs < patienceMs ? 'listening' : 'shut', reason };
}

function stationFault(
  { tuner, ether, upMs }: GateFacts,
  { mode }: Fmplan,
  station: Station,
): GateRefusal | null {
  if (tuner?.state !== 'tuned' || tuner.frequencyKhz !== station.frequencyKhz) return 'TUNER_FAULT';
  if (!isIdentified(tuner.pis, station.pi)) return 'WRONG_PI';
  const heard = ether?.frequencyKhz === station.frequencyKhz ? ether : null;
  const usualDbuv = heard?.usualDbuv ?? null;
  if (usualDbuv === null) return 'FM_LEVEL_UNKNOWN';
  const level = levelFault(station, tuner.rssiDbuv, usualDbuv);
  if (level !== null) return level;
  const beatUpMs = heard?.beatUpMs ?? -Infinity;
  return mode === 'beat' && upMs - beatUpMs > BEAT_MS ? 'FM_NO_BEAT' : null;
}

type Window = Fmplan['windows'][number];
type Wall = Pick<GateFacts, 'nowS' | 'zone'>;

/** A window over midnight belongs to the day on which it begins. */
function isWithin({ days, from, to }: Window, { nowS, zone }: Wall): boolean {
  const day = localDay(zone, nowS);
  const second = localSecond(zone, nowS);
  const [start, end] = [secondOfDay(from), secondOfDay(to)];
  if (start < end) return hasDay(days, day) && start <= second && second < end;
  return (hasDay(days, day) && second >= start) || (hasDay(days, day - 1) && second < end);
}

const isPiTime = ({ nowS, zone }: Wall): boolean => {
  const second = localSecond(zone, nowS);
  return secondOfDay(PI_MODE.from) <= second && second < secondOfDay(PI_MODE.to);
};

/** Bit 0 is Monday. */
const hasDay = (days: number, day: number): boolean => ((days >> weekdayOf(day)) & 1) === 1;
