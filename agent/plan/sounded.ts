/**
 * What has sounded today, for the two limits that hold for it: ordinary sound, and fallback. By the calendar, and where
 * that is a station's word also by uptime (protocol C6). Part of `decide`.
 */
import type { UnchainedRecord } from '../../shared/records/record.ts';
import { localDayOf } from './limits.ts';
import { noteByRadio, radioDayAt } from './radio-day.ts';
import { playbackOf } from './scene.ts';
import type { FallbackMemory, Scene, SoundMemory } from './scene.ts';

/** Ordinary sound of this local day, what sounds now included. */
export function soundedToday(scene: Scene, memory: SoundMemory): SoundMemory['ordinary'] {
  const { ordinary } = memory;
  const running = runningOf(scene, memory);
  if (running === null) return ordinary;
  const day = localDayOf(scene.reading.nowMs, running.zone);
  return { day, ms: (day === ordinary.day ? ordinary.ms : 0) + running.playedMs };
}

/** The same as the limit sees it: a box that goes by a station counts by uptime too, for the station tells the day. */
export function soundedForLimit(scene: Scene, memory: SoundMemory): SoundMemory['ordinary'] {
  const { reading, intent } = scene;
  const today = soundedToday(scene, memory);
  if (reading.byRadio !== true) return today;
  const day = localDayOf(reading.nowMs, intent.zone);
  const byUptimeMs = radioDayAt(memory.radioDay, reading.upMs).ordinaryMs;
  const runningMs = runningOf(scene, memory)?.playedMs ?? 0;
  return { day, ms: Math.max(today.day === day ? today.ms : 0, byUptimeMs + runningMs) };
}

function runningOf(
  scene: Scene,
  { current }: SoundMemory,
): { readonly zone: string; readonly playedMs: number } | null {
  const candidate = current?.stretch.candidate;
  if (current === null || (candidate?.kind !== 'item' && candidate?.kind !== 'fallback')) return null;
  const playedMs = playbackOf(scene, current.stretch.key)?.playedMs ?? current.record.playedMs;
  return { zone: candidate.zone, playedMs };
}

/** Milliseconds of fallback of this local day as its limit sees them, what sounds now included. */
export function fallbackForLimit(scene: Scene, { current, radioDay, fallback }: SoundMemory): number {
  const { reading, intent } = scene;
  const { used } = fallback;
  const today = used.day === localDayOf(reading.nowMs, intent.zone) ? used.ms : 0;
  const byUptime = reading.byRadio === true ? radioDayAt(radioDay, reading.upMs).fallbackMs : 0;
  const running = current?.stretch.candidate.kind === 'fallback' ? current.record.playedMs : 0;
  return Math.max(today, byUptime) + running;
}

/** Fallback of this local day, with a stretch of it that has just ended. */
export function fallbackUsed(
  { reading, intent }: Scene,
  { used }: FallbackMemory,
  playedMs: number,
): FallbackMemory['used'] {
  const day = localDayOf(reading.nowMs, intent.zone);
  return { day, ms: (day === used.day ? used.ms : 0) + playedMs };
}

/** By the marker of its record: it began by the time of a station, whatever time the box has meanwhile. */
export function radioDayAfter(
  { reading }: Scene,
  { current, radioDay }: SoundMemory,
  { clock, playedMs }: UnchainedRecord,
): SoundMemory['radioDay'] {
  const kind = current?.stretch.candidate.kind;
  if (clock.radio === undefined || (kind !== 'item' && kind !== 'fallback')) return radioDay;
  return noteByRadio(radioDay, reading.upMs, kind === 'fallback', playedMs);
}
