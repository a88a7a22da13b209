/** Decides what sounds: settles what the device says about the current stretch, finds who holds the sound, and changes over. */
import { occurrenceOf } from '../../shared/schedule/intent.ts';
import type { Candidate } from '../../shared/schedule/intent.ts';
import type { EndCause } from '../../shared/records/record.ts';
import { claimAt } from './claim.ts';
import type { Claim, SilentBecause } from './claim.ts';
import { beginningOf, contentOf } from './content.ts';
import { effectiveVolume } from './limits.ts';
import { decideFallback } from './fallback.ts';
import { muteAfter } from './local-mute.ts';
import { openRecord } from './records.ts';
import { isCaptured } from './relayed.ts';
import { HORIZON_MS, repetitionOver } from './scene.ts';
import type { Action, Decision, Scene, SoundMemory, Unheard } from './scene.ts';
import { finish, settle } from './settle.ts';
import { soundedForLimit } from './sounded.ts';
import type { Stretch } from './stretch.ts';

/** A cut is heard as a short fade and not as a click. */
const FADE_MS = 200;

/** The media of an order usually come within a second of it: so long is waited before the tone stands in for them. */
const BRIDGE_MS = 1500;

type Wanted =
  { readonly stretch: Stretch } | { readonly candidate: Candidate; readonly reason: SilentBecause } | null;

export function decideSound(scene: Scene, memory: SoundMemory): Decision<SoundMemory> {
  const mute = muteAfter(scene.inputs?.mute ?? null, scene.reading.upMs, memory.mute);
  const settled = settle(scene, { ...memory, mute });
  const claim = claimAt(
    scene.intent,
    scene.reading.nowMs,
    settled.memory,
    soundedForLimit(scene, settled.memory),
  );
  const noted = note(scene, claim, settled);
  // A board without a loudspeaker: nothing begins to sound there, and no record says that it did.
  if (scene.player === null && scene.tuner === null) return noted;
  const { candidate, ...fallen } = decideFallback(scene, noted, isFree(scene, claim, noted.memory));
  return changeOver(scene, candidate === null ? claim : { kind: 'sound', candidate, waiting: null }, fallen);
}

/** Nothing is due, or what is due is a stream of which also the stand-in has failed (protocol §7). A halt leaves nothing free. */
function isFree({ intent: { sound } }: Scene, claim: Claim, { unheard, mute }: SoundMemory): boolean {
  if (sound.winner === null) return !mute.silences;
  if (claim.kind !== 'sound' || claim.candidate.kind !== 'item') return false;
  if (claim.candidate.item.source.kind !== 'stream' || unheard === null) return false;
  return unheard.occurrence === occurrenceOf(claim.candidate) && SOURCE_GONE.has(unheard.reason);
}

const SOURCE_GONE: ReadonlySet<string> = new Set(['STREAM_FAILED', 'MEDIA_MISSING', 'MEDIA_WRONG']);

// --- Who is silent although it has won ---

/** Remembers a winner that is not heard, and records it as skipped once it is no longer the winner and never was heard. */
function note(scene: Scene, claim: Claim, { actions, memory }: Decision<SoundMemory>): Decision<SoundMemory> {
  const silent = silentOf(scene, claim, memory);
  const occurrence = silent === null ? null : occurrenceOf(silent.candidate);
  const passed = memory.unheard !== null && memory.unheard.occurrence !== occurrence ? memory.unheard : null;
  const skipped = passed === null || memory.heard.has(passed.occurrence) ? [] : [skip(scene, passed)];
  const unheard =
    silent === null || occurrence === null
      ? null
      : { occurrence, candidate: silent.candidate, reason: silent.reason };
  const isNew = unheard !== null && memory.unheard?.occurrence !== occurrence;
  return {
    actions: [...actions, ...skipped, ...(isNew ? letGo(unheard) : [])],
    memory: { ...memory, unheard, waiting: claim.kind === 'sound' ? claim.waiting : null },
  };
}

function silentOf(scene: Scene, claim: Claim, memory: SoundMemory) {
  if (claim.kind !== 'sound') return claim.kind === 'silent' ? claim : null;
  if (memory.current?.stretch.occurrence === occurrenceOf(claim.candidate)) return null;
  const wanted = wantedOf(scene, claim.candidate, memory, scene.reading.nowMs);
  return wanted !== null && 'reason' in wanted ? wanted : null;
}

function skip(scene: Scene, { occurrence, candidate, reason }: Unheard): Action {
  const unbegun = { startedAtMs: null, fromMs: 0, startCause: 'planned', shas: [], volume: 0 } as const;
  const record = openRecord({ ...unbegun, surface: 'sound', candidate, reason }, scene.reading);
  return { kind: 'end', key: `${occurrence}~skipped`, record: { ...record, endCause: 'skipped' } };
}

/** An order that quiet hours or the mute button silence is skipped and recorded, not made up at five in the morning. */
function letGo({ candidate, reason }: Unheard): Action[] {
  return candidate.kind === 'order' && LET_GO.has(reason) ? [repetitionOver(candidate)] : [];
}

const LET_GO: ReadonlySet<string> = new Set(['QUIET_HOURS', 'LOCAL_MUTE']);

// --- Changing over ---

function changeOver(scene: Scene, claim: Claim, decision: Decision<SoundMemory>): Decision<SoundMemory> {
  const { nowMs } = scene.reading;
  const current = decision.memory.current?.stretch ?? null;
  const wanted = claim.kind === 'sound' ? claim.candidate : null;
  if (current !== null && wanted !== null && occurrenceOf(wanted) === current.occurrence) {
    if (!isReplaced(current.candidate, wanted)) return prepareNext(scene, decision);
    return changeOver(scene, claim, withdraw(scene, decision, current.occurrence));
  }
  if (current !== null && current.releaseAtMs > nowMs && isAhead(scene, current)) return decision;
  const ended =
    current === null
      ? decision
      : finish(scene, decision, endCauseOf(scene, current), claim.kind === 'silent' ? claim.reason : null);
  const next = wanted === null ? null : stretchOf(wantedOf(scene, wanted, ended.memory, nowMs));
  if (next !== null && canStart(scene, next))
    return begin(scene, ended, next, current === null || next.releaseAtMs > nowMs ? 'cue' : 'replace');
  if (current !== null) return { ...ended, actions: [...ended.actions, { kind: 'stop', fadeMs: FADE_MS }] };
  const coming = next === null ? comingUp(scene, ended.memory) : null;
  return coming === null || !canStart(scene, coming) ? ended : begin(scene, ended, coming, 'cue');
}

/** A player that died is being started again: what it should play begins when it is back. A station behind a switch needs no player. */
function canStart(scene: Scene, { content }: Stretch): boolean {
  return (content.kind === 'tuner' && !isCaptured(scene)) || scene.player?.state !== 'absent';
}

/** A newer plan has put something else into the window: what it took out is not to be heard any more. */
function isReplaced(current: Candidate, wanted: Candidate): boolean {
  if (current.kind !== 'item' || wanted.kind !== 'item') return false;
  return JSON.stringify(current.item.source) !== JSON.stringify(wanted.item.source);
}

/** What took its place has not been heard: it begins as its `late` says. */
function withdraw(scene: Scene, decision: Decision<SoundMemory>, occurrence: string): Decision<SoundMemory> {
  const ended = finish(scene, decision, 'withdrawn', null);
  const heard = new Map([...ended.memory.heard].filter(([each]) => each !== occurrence));
  const stop: Action = { kind: 'stop', fadeMs: FADE_MS };
  return { actions: [...ended.actions, stop], memory: { ...ended.memory, heard } };
}

function isAhead({ ahead }: Scene, stretch: Stretch): boolean {
  const winner = ahead?.sound.winner ?? null;
  return winner !== null && occurrenceOf(winner) === stretch.occurrence;
}

function endCauseOf({ intent, reading }: Scene, { candidate, occurrence }: Stretch): EndCause {
  if (endOf(candidate) * 1000 <= reading.nowMs) return 'window';
  const { winner, losers } = intent.sound;
  // Nothing withdraws it but the gate, and that has closed it by itself.
  if (candidate.kind === 'fallback') return 'cut';
  const isStill = [winner, ...losers.map((each) => each.candidate)].some(
    (each) => each !== null && occurrenceOf(each) === occurrence,
  );
  if (isStill) return 'cut';
  return candidate.kind === 'order' ? 'ended-by-order' : 'withdrawn';
}

/** UTC seconds; an order's window is its life. */
function endOf(candidate: Candidate): number {
  switch (candidate.kind) {
    case 'item':
      return candidate.window.end;
    case 'order':
      return candidate.order.exp;
    case 'local-test':
      return candidate.test.endsAt;
    // The gate ends it, each time it looks.
    case 'fallback':
      return Infinity;
  }
}

/** Who begins at the next change, when that is near enough to get ready for. */
function comingUp(scene: Scene, memory: SoundMemory): Stretch | null {
  const atMs = (scene.intent.sound.until ?? Infinity) * 1000;
  if (scene.ahead === null || atMs - scene.reading.nowMs > HORIZON_MS) return null;
  const claim = claimAt(scene.ahead, atMs, memory, soundedForLimit(scene, memory));
  return claim.kind === 'sound' ? stretchOf(wantedOf(scene, claim.candidate, memory, atMs)) : null;
}

function prepareNext(scene: Scene, decision: Decision<SoundMemory>): Decision<SoundMemory> {
  const next = comingUp(scene, decision.memory);
  if (next === null || decision.memory.prepared === next.occurrence) return decision;
  if (next.occurrence === decision.memory.current?.stretch.occurrence) return decision;
  return {
    actions: [...decision.actions, { kind: 'prepare', stretch: next }],
    memory: { ...decision.memory, prepared: next.occurrence },
  };
}

function stretchOf(wanted: Wanted): Stretch | null {
  return wanted !== null && 'stretch' in wanted ? wanted.stretch : null;
}

/** The stretch that this candidate would play from `atMs` on; why it cannot; or null where it has nothing left to say. */
function wantedOf(scene: Scene, candidate: Candidate, memory: SoundMemory, atMs: number): Wanted {
  const occurrence = occurrenceOf(candidate);
  const heard = memory.heard.get(occurrence);
  const playable = contentOf(candidate, scene, heard?.failures ?? 0);
  if (typeof playable === 'string') return { candidate, reason: playable };
  if (heard?.state === 'failed' && atMs < heard.retryAtMs) return { candidate, reason: 'PLAYER_FAILED' };
  const waitMs = Math.max(warmUpMs(scene, memory), playable.reason === 'MEDIA_MISSING' ? BRIDGE_MS : 0);
  const releaseAtMs = Math.max(atMs, scene.reading.nowMs + waitMs);
  const beginning = beginningOf(
    candidate,
    playable.content,
    heard,
    releaseAtMs,
    memory.waiting === occurrence,
  );
  if (beginning === null) return heard === undefined ? { candidate, reason: 'LATE_SKIPPED' } : null;
  return {
    stretch: {
      key: `${occurrence}~${memory.count}`,
      occurrence,
      candidate,
      content: playable.content,
      fromMs: beginning.fromMs,
      volume: effectiveVolume(candidate, scene.volumeMax),
      startCause: playable.reason === 'STREAM_FAILED' ? 'or-else' : beginning.cause,
      releaseAtMs,
      reason: playable.reason,
    },
  };
}

/** From silence the amplifier wants its lead; at a join it is warm. */
function warmUpMs({ amplifier, settings }: Scene, memory: SoundMemory): number {
  const isWarm = memory.current !== null || amplifier === null || amplifier.on === true;
  return isWarm ? 0 : settings.leadMs;
}

function begin(
  scene: Scene,
  { actions, memory }: Decision<SoundMemory>,
  stretch: Stretch,
  how: 'cue' | 'replace',
): Decision<SoundMemory> {
  const { key, content, releaseAtMs: startedAtMs } = stretch;
  const shas = content.kind === 'list' ? shasOf(content.pieces) : [];
  const record = openRecord({ ...stretch, surface: 'sound', startedAtMs, shas }, scene.reading);
  const load: Action = { kind: how, stretch };
  const written: Action = { kind: 'begin', key, record };
  return {
    // At a join the sound comes first: a slow card must not delay it.
    actions: how === 'cue' ? [...actions, load, written] : [load, ...actions, written],
    memory: {
      ...memory,
      current: { stretch, record, relayedUpMs: null },
      count: memory.count + 1,
      prepared: null,
      waiting: null,
    },
  };
}

function shasOf(pieces: readonly { readonly uri: string }[]): string[] {
  return pieces.flatMap(({ uri }) => (uri.startsWith('media:') ? [uri.slice('media:'.length)] : []));
}
