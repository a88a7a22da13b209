/** Follows the stretch that sounds: its progress, its end, its failure, and the record that comes of it. */
import type { EndCause } from '../../shared/records/record.ts';
import type { Intent } from '../../shared/schedule/intent.ts';
import { notePlayed, noteRelayed } from './evidence.ts';
import { relayFault } from './fm-gate.ts';
import { closeSound } from './records.ts';
import { lineFault } from './relayed.ts';
import { playbackOf, repetitionOver, wasHeard } from './scene.ts';
import type { Action, Decision, FallbackMemory, Scene, SoundMemory } from './scene.ts';
import { fallbackUsed, radioDayAfter, soundedToday } from './sounded.ts';
import { UNHEARD, passMs, passesBefore } from './stretch.ts';
import type { Content, Heard, Stretch } from './stretch.ts';

/** A station gets so long to show its PI; 11.4 RDS groups come in a second. */
const IDENTIFY_MS = 5000;

/** Faults of what is played; of these there is an end of trying. A device that fails is tried again and again. */
const CONTENT_FAULTS = new Set(['file-missing', 'undecodable', 'truncated', 'stream-failed', 'MEDIA_WRONG']);

/** After a failure it is tried again so soon, then each time twice as late, up to the second. */
const RETRY_MS = 500;
const RETRY_MOST_MS = 60_000;

const HOLD_OFF_MS = 10 * 60_000;

/** So many occurrences are remembered: more than any day has. */
const REMEMBERED = 1000;

/** Brings memory up to what the device says of the current stretch: it goes on, has ended, or has failed. */
export function settle(scene: Scene, memory: SoundMemory): Decision<SoundMemory> {
  const decision: Decision<SoundMemory> = { actions: letGo(scene.intent), memory };
  const { current } = memory;
  if (current === null) return decision;
  const { key, content } = current.stretch;
  const fault = scene.faults.get(key);
  if (fault !== undefined) return finish(scene, decision, 'failed', fault);
  if (content.kind === 'tuner') return settleRelay(scene, decision, current.stretch, content);
  if (hasMediaCome(scene, current.stretch)) return finish(scene, decision, 'cut', null);
  if (scene.player?.playback?.key !== key) return decision;
  const { state } = scene.player;
  const { failure } = scene.player.playback;
  if (state === 'ended') return finish(scene, decision, 'finished', null);
  if (state === 'failed' || (failure !== null && (state === 'idle' || state === 'absent')))
    return finish(scene, decision, 'failed', failure?.code ?? 'PLAYER_FAILED');
  return progress(scene, notePlayed(scene, decision));
}

/** The tone only bridges until the order's own words are here (protocol §4). */
function hasMediaCome({ has }: Scene, { candidate, reason }: Stretch): boolean {
  const media = candidate.kind === 'order' ? candidate.order.play.media : null;
  return reason === 'MEDIA_MISSING' && media !== null && has(media.sha256);
}

/** A relayed station is heard only while it is the one that was signed, as loud as signed (protocol §7). The gate ends fallback. */
function settleRelay(
  scene: Scene,
  before: Decision<SoundMemory>,
  stretch: Stretch,
  content: Extract<Content, { kind: 'tuner' }>,
): Decision<SoundMemory> {
  const { pi, frequencyKhz } = content;
  const { tuner, reading } = scene;
  const decision = noteRelayed(scene, before, content);
  const lost = lineFault(scene, stretch.key);
  if (lost !== null) return finish(scene, decision, 'failed', lost);
  if (stretch.candidate.kind === 'fallback') return decision;
  if (tuner === null || tuner.state === 'failed' || tuner.state === 'absent')
    return finish(scene, decision, 'failed', 'TUNER_FAULT');
  // Once the line was opened for it, its first fault ends it: each opening has a record of its own.
  const isOpened = playbackOf(scene, stretch.key) !== null;
  const isPatient = reading.nowMs <= stretch.releaseAtMs + IDENTIFY_MS && !isOpened;
  if (isPatient || pi === null) return decision;
  const fault = relayFault(scene, tuner, frequencyKhz, pi);
  return fault === null ? decision : finish(scene, decision, 'failed', fault);
}

/** Repetitions due under a halt or stop are never made up: each counts as heard at once. */
function letGo({ muted }: Intent): Action[] {
  return muted.map((candidate) => repetitionOver(candidate));
}

/** Plays of an order that were heard to their end are kept, so that a kill breaks one play and not all. */
function progress(scene: Scene, decision: Decision<SoundMemory>): Decision<SoundMemory> {
  const { current, heard } = decision.memory;
  if (current?.stretch.candidate.kind !== 'order') return decision;
  const { occurrence, candidate } = current.stretch;
  const passes = passesBefore(current.stretch.content, positionOf(scene, current.stretch));
  const before = heard.get(occurrence);
  if (passes <= (before?.passes ?? 0)) return decision;
  const { order, repetition } = candidate;
  const toned = current.stretch.reason === 'MEDIA_MISSING';
  const now: Heard = { ...(before ?? UNHEARD), state: 'cut', positionMs: 0, passes, toned };
  return {
    actions: [
      ...decision.actions,
      { kind: 'order-progress', digest: order.digest, heard: repetition, playsHeard: passes, toned: false },
    ],
    memory: { ...decision.memory, heard: remember(heard, occurrence, now) },
  };
}

function remember(all: SoundMemory['heard'], occurrence: string, heard: Heard): SoundMemory['heard'] {
  const kept = [...all].filter(([each]) => each !== occurrence).slice(1 - REMEMBERED);
  return new Map([...kept, [occurrence, heard]]);
}

function positionOf(scene: Scene, stretch: Stretch): number {
  return stretch.fromMs + (playbackOf(scene, stretch.key)?.playedMs ?? 0);
}

/** Ends the current stretch: its record, what is left of it, and its share of the day's limit. */
export function finish(
  scene: Scene,
  { actions, memory }: Decision<SoundMemory>,
  cause: EndCause,
  reason: string | null,
): Decision<SoundMemory> {
  const { current } = memory;
  if (current === null) return { actions, memory };
  const { stretch, record } = current;
  const after = { ...memory, current: null };
  // What was got ready and never sounded was not cut: it leaves no record and begins anew.
  const isUnheard = record.playedMs === 0 && !wasHeard(scene, stretch.key);
  if (cause !== 'failed' && scene.reading.nowMs < stretch.releaseAtMs && isUnheard)
    return { actions: [...actions, { kind: 'forget', key: stretch.key }], memory: after };
  const closed = closeSound(record, scene, stretch.key, { cause, reason });
  const heard = heardAfter(scene, stretch, { cause, reason }, memory.heard.get(stretch.occurrence));
  return {
    actions: [...actions, { kind: 'end', key: stretch.key, record: closed }, ...orderOver(stretch, cause)],
    memory: {
      ...after,
      heard: remember(memory.heard, stretch.occurrence, heard),
      ordinary: soundedToday(scene, memory),
      fallback: fallbackAfter(scene, memory, cause, closed.playedMs),
      radioDay: radioDayAfter(scene, memory, closed),
    },
  };
}

function heardAfter(
  scene: Scene,
  stretch: Stretch,
  { cause, reason }: { cause: EndCause; reason: string | null },
  before: Heard = UNHEARD,
): Heard {
  const positionMs = passMs(stretch.content) === null ? 0 : positionOf(scene, stretch);
  const passes = passesBefore(stretch.content, positionMs);
  const now = { ...before, positionMs, passes, toned: stretch.reason === 'MEDIA_MISSING' };
  if (cause === 'finished') return { ...now, state: 'finished' };
  if (cause !== 'failed') return { ...now, state: 'cut' };
  // A list with a damaged file is over when its rest was heard; trying again would only repeat the rest.
  if (reason === 'truncated' && stretch.candidate.kind === 'item') return { ...now, state: 'finished' };
  const retryMs = Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** before.tries);
  return {
    ...now,
    state: 'failed',
    failures: before.failures + (CONTENT_FAULTS.has(reason ?? '') ? 1 : 0),
    tries: before.tries + 1,
    retryAtMs: scene.reading.nowMs + retryMs,
  };
}

function orderOver({ candidate, reason }: Stretch, cause: EndCause): Action[] {
  if (candidate.kind !== 'order' || cause !== 'finished') return [];
  return [repetitionOver(candidate, reason === 'MEDIA_MISSING')];
}

/** Of a stretch of fallback: counted, and held off where it failed. */
function fallbackAfter(
  scene: Scene,
  { current, fallback }: SoundMemory,
  cause: EndCause,
  playedMs: number,
): FallbackMemory {
  if (current?.stretch.candidate.kind !== 'fallback') return fallback;
  const used = fallbackUsed(scene, fallback, playedMs);
  return cause === 'failed' ? { ...heldOff(scene, fallback), used } : { ...fallback, used };
}

/** Protocol §7: after each no FM is held off so long. */
export const heldOff = ({ reading }: Scene, fallback: FallbackMemory): FallbackMemory => ({
  ...fallback,
  holdOffUntilUpMs: reading.upMs + HOLD_OFF_MS,
});
