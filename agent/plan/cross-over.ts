/** From one time to another (protocol C6): what began by the one and is none of the other. Pure; before `decide`. */
import type { ClockReading } from '../clock/seam.ts';
import { conclude } from './decide.ts';
import { localDayOf } from './limits.ts';
import type { Decision, Memory, Scene, SoundMemory } from './scene.ts';

/** A station and the box's own clock are seldom nearer than a second or two: what sounds by the one goes on by the other. */
const FAR_OFF_MS = 10_000;

/** A station's time came or went, or the box knows its own: instants of before are none of after. `scene` is the last. */
export function crossOver(
  scene: Scene,
  memory: Memory,
  { state, byRadio, nowMs, upMs }: ClockReading,
  zone: string,
): Decision<Memory> {
  const { reading: before } = scene;
  if (before.state !== 'FLOOR') return { actions: [], memory };
  const last = { ...scene, reading: { ...before, nowMs: before.nowMs + (upMs - before.upMs), upMs } };
  if (state === 'FLOOR') {
    if (before.byRadio === byRadio) return { actions: [], memory };
    const isLost = byRadio !== true;
    return conclude(last, memory, isLost ? 'CT_LOST' : null, isLost ? 'failed' : 'cut');
  }
  const isFarOff = before.byRadio === true && Math.abs(last.reading.nowMs - nowMs) > FAR_OFF_MS;
  const ended = isFarOff ? conclude(last, memory, null, 'withdrawn') : { actions: [], memory };
  const sound = forgetForetold(ended.memory.sound, nowMs, localDayOf(nowMs, zone));
  return { ...ended, memory: { ...ended.memory, sound } };
}

/** What was heard of windows that have not begun, and the minutes of days to come, are none; `day` is today. */
export function forgetForetold(sound: SoundMemory, nowMs: number, day: string): SoundMemory {
  const { heard, ordinary, fallback } = sound;
  const upToToday = (count: SoundMemory['ordinary']) => (count.day > day ? { day, ms: 0 } : count);
  return {
    ...sound,
    heard: new Map([...heard].filter(([occurrence]) => windowStartOf(occurrence) * 1000 <= nowMs)),
    ordinary: upToToday(ordinary),
    fallback: { ...fallback, used: upToToday(fallback.used) },
  };
}

const windowStartOf = (occurrence: string): number =>
  Number(/@(\d+)(?:\+|$)/.exec(occurrence)?.[1] ?? -Infinity);
