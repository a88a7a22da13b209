/** FM when nothing else may sound: which station is listened to, when the gate opens and closes, and a record of each. Part of `decide`. */
import { isIdentified } from '../../shared/protocol/fm/station.ts';
import type { Station } from '../../shared/protocol/schema/documents.ts';
import type { EndCause } from '../../shared/records/record.ts';
import { occurrenceOf } from '../../shared/schedule/intent.ts';
import type { FallbackCandidate } from '../../shared/schedule/intent.ts';
import { ORDINARY_S_A_DAY } from '../../shared/schedule/limits.ts';
import { zoneOf } from '../../shared/schedule/zone.ts';
import { fallbackVolume, gateOf } from './fm-gate.ts';
import type { Gate, GateFacts } from './fm-gate.ts';
import { openRecord } from './records.ts';
import type { Decision, FallbackMemory, Scene, SoundMemory } from './scene.ts';
import { finish, heldOff } from './settle.ts';
import { fallbackForLimit, soundedForLimit } from './sounded.ts';

/** While the cloud is there each station has its turn, so that the box knows how strong each usually is. */
const TURN_MS = 10 * 60_000;
/** Without the cloud the box stays where it hears somebody whom it knows, and looks further where it does not. */
const UNHEARD_MS = 60_000;

type Fallen = Decision<SoundMemory> & { readonly candidate: FallbackCandidate | null };

/** The gate, and the limits that hold for all ordinary sound. */
type Judged = Gate | { readonly kind: 'shut'; readonly reason: string };
type No = Exclude<Judged, { kind: 'open' }>;

/** `isFree`: no order and no item has the sound. The candidate is what may sound now, and only for this look. */
export function decideFallback(scene: Scene, before: Decision<SoundMemory>, isFree: boolean): Fallen {
  const { actions } = before;
  const memory = { ...before.memory, fallback: listen(scene, before.memory) };
  const gate = judge(scene, memory);
  const open = openOf(memory);
  if (open !== null) {
    if (!isFree) return { actions, memory, candidate: null };
    if (gate.kind === 'open') return { actions, memory, candidate: open };
    return { ...close(scene, { actions, memory }, gate), candidate: null };
  }
  const { holdOffUntilUpMs } = memory.fallback;
  const isHeldOff = holdOffUntilUpMs !== null && scene.reading.upMs < holdOffUntilUpMs;
  if (!isFree || isHeldOff || gate.kind === 'unwanted' || gate.kind === 'listening')
    return { actions, memory, candidate: null };
  const candidate = candidateOf(scene, memory);
  if (gate.kind === 'open') return { actions, memory, candidate };
  return { ...refuse(scene, { actions, memory }, candidate, gate.reason), candidate: null };
}

/** The station of the fmplan that is listened to; null without any. */
export function listenedStation({ fmplan }: Scene, { fallback }: SoundMemory): Station | null {
  const stations = fmplan?.stations ?? [];
  return stations[fallback.listening.index % Math.max(1, stations.length)] ?? null;
}

function openOf({ current }: SoundMemory): FallbackCandidate | null {
  const candidate = current?.stretch.candidate;
  return candidate?.kind === 'fallback' ? candidate : null;
}

function judge(scene: Scene, memory: SoundMemory): Judged {
  const { reading, fmplan, unreachedSinceUpMs, tuner, ether, intent } = scene;
  const zone = zoneOf(intent.zone);
  if (zone === null) throw new Error(`${intent.zone} was a zone a moment ago`);
  const gate = gateOf({
    ...{ fmplan, unreachedSinceUpMs, tuner, ether, zone },
    station: listenedStation(scene, memory),
    listenedMs: reading.upMs - memory.fallback.listening.sinceUpMs,
    nowS: Math.floor(reading.nowMs / 1000),
    time: timeOf(scene),
    upMs: reading.upMs,
    usedMs: fallbackForLimit(scene, memory),
  });
  if (gate.kind !== 'open') return gate;
  if (intent.quiet.on) return { kind: 'shut', reason: 'QUIET_HOURS' };
  const { ms } = soundedForLimit(scene, memory);
  return ms >= ORDINARY_S_A_DAY * 1000 ? { kind: 'shut', reason: 'DAILY_LIMIT' } : gate;
}

const timeOf = ({ reading }: Scene): GateFacts['time'] =>
  reading.state !== 'FLOOR' ? 'own' : reading.byRadio === true ? 'radio' : null;

// --- Who is listened to ---

function listen(scene: Scene, memory: SoundMemory): FallbackMemory {
  const { fallback, current } = memory;
  const { reading, fmplan } = scene;
  const { index, sinceUpMs } = fallback.listening;
  const anew = at(fallback, index, reading.upMs);
  // A relayed station has the receiver; afterwards listening begins anew.
  if (current?.stretch.content.kind === 'tuner')
    return current.stretch.candidate.kind === 'fallback' ? fallback : anew;
  const station = listenedStation(scene, memory);
  if (station === null || !isTuned(scene, station)) return anew;
  const count = fmplan?.stations.length ?? 1;
  const isOver = count > 1 && reading.upMs - sinceUpMs >= turnMsOf(scene, station);
  return isOver ? at(fallback, (index + 1) % count, reading.upMs) : fallback;
}

const isTuned = ({ tuner }: Scene, { frequencyKhz }: Station): boolean =>
  tuner?.state === 'tuned' && tuner.frequencyKhz === frequencyKhz;

/** How long this one is listened to before the next has its turn. */
function turnMsOf(scene: Scene, { pi }: Station): number {
  if (scene.unreachedSinceUpMs === null) return TURN_MS;
  if (!isIdentified(scene.tuner?.pis ?? [], pi)) return UNHEARD_MS;
  // A box without time looks for a station that tells one: each gets long enough to be steady (protocol C6).
  return timeOf(scene) === null ? TURN_MS : Infinity;
}

const at = (fallback: FallbackMemory, index: number, sinceUpMs: number): FallbackMemory => ({
  ...fallback,
  listening: { index, sinceUpMs },
});

// --- Opening and closing ---

function candidateOf(scene: Scene, memory: SoundMemory): FallbackCandidate {
  const { fmplan, reading, intent } = scene;
  const station = listenedStation(scene, memory);
  if (fmplan === null || station === null) throw new Error('a gate without a station');
  const { id, epoch, ver, mode } = fmplan;
  const { frequencyKhz, pi } = station;
  return {
    kind: 'fallback',
    fmplan: { id, epoch, ver, mode },
    ...{ frequencyKhz, pi, zone: intent.zone, volume: fallbackVolume(fmplan, timeOf(scene)) },
    openedAtMs: Math.floor(reading.nowMs),
  };
}

function refuse(
  scene: Scene,
  { actions, memory }: Decision<SoundMemory>,
  candidate: FallbackCandidate,
  reason: string,
): Decision<SoundMemory> {
  const unbegun = { startedAtMs: null, fromMs: 0, startCause: 'fallback', shas: [], volume: 0 } as const;
  const record = openRecord({ ...unbegun, surface: 'sound', candidate, reason }, scene.reading);
  const key = `${occurrenceOf(candidate)}~refused`;
  return {
    actions: [...actions, { kind: 'end', key, record: { ...record, endCause: 'skipped' } }],
    memory: { ...memory, fallback: heldOff(scene, memory.fallback) },
  };
}

function close(scene: Scene, before: Decision<SoundMemory>, gate: No): Decision<SoundMemory> {
  const { cause, reason } = endOf(gate);
  const { actions, memory } = finish(scene, before, cause, reason);
  return { actions, memory: { ...memory, fallback: heldOff(scene, memory.fallback) } };
}

function endOf(gate: No): { readonly cause: EndCause; readonly reason: string | null } {
  if (gate.kind !== 'unwanted') return { cause: 'failed', reason: gate.reason };
  switch (gate.because) {
    case 'window':
      return { cause: 'window', reason: null };
    case 'reached':
      return { cause: 'finished', reason: 'CLOUD_REACHED' };
    case 'no-fmplan':
    case 'data-only':
    case 'no-time':
      return { cause: 'withdrawn', reason: null };
  }
}
