/** What is seen of a stretch while it sounds, kept in its record: where it is heard, what the amplifier draws, which station it is. Part of `decide`. */
import type { UnchainedRecord } from '../../shared/records/record.ts';
import { withDraw } from './records.ts';
import { isCaptured } from './relayed.ts';
import { playbackOf } from './scene.ts';
import type { Decision, Scene, SoundMemory } from './scene.ts';
import type { Content } from './stretch.ts';

type Current = NonNullable<SoundMemory['current']>;
type Relayed = Extract<Content, { kind: 'tuner' }>;

/** Of what the player plays. */
export const notePlayed = (scene: Scene, decision: Decision<SoundMemory>): Decision<SoundMemory> =>
  noted(decision, (current) => ({ ...current, record: played(scene, current.record) }));

/** Of a station, whichever way it is heard. */
export function noteRelayed(
  scene: Scene,
  decision: Decision<SoundMemory>,
  { frequencyKhz }: Relayed,
): Decision<SoundMemory> {
  const { tuner } = scene;
  const isLetThrough = tuner?.state === 'tuned' && tuner.frequencyKhz === frequencyKhz && !tuner.muted;
  const by = isCaptured(scene) ? throughLine : pastPlayer;
  return noted(decision, (current) => by(scene, current, isLetThrough));
}

function noted(decision: Decision<SoundMemory>, note: (current: Current) => Current): Decision<SoundMemory> {
  const { current } = decision.memory;
  return current === null
    ? decision
    : { ...decision, memory: { ...decision.memory, current: note(current) } };
}

/** Through the line a station has our audio clock: what that moved was heard, as loud as the meter says. */
function throughLine(scene: Scene, current: Current, isLetThrough: boolean): Current {
  const heard = playbackOf(scene, current.stretch.key);
  if (heard === null) return current;
  const isHeard = isLetThrough && scene.player?.moving === true;
  const record = isHeard ? withStation(scene, current.record) : current.record;
  return { ...current, record: played(scene, { ...record, playedMs: heard.playedMs }) };
}

/** A station behind a switch has no audio clock of ours: that it was tuned and let through, from look to look, is its proof. */
function pastPlayer(scene: Scene, current: Current, isHeard: boolean): Current {
  const { upMs } = scene.reading;
  const { record, relayedUpMs } = current;
  const playedMs = record.playedMs + (relayedUpMs === null ? 0 : upMs - relayedUpMs);
  const seen = isHeard ? withStation(scene, withDraw(record, scene.current)) : record;
  return { ...current, record: { ...seen, playedMs }, relayedUpMs: isHeard ? upMs : null };
}

const played = (scene: Scene, record: UnchainedRecord): UnchainedRecord =>
  withOutput(scene, whileMoving(scene, record));

/** What the amplifier draws counts only while the audio clock moves: before and after it says nothing of this sound. */
const whileMoving = ({ player, current: drawing }: Scene, record: UnchainedRecord): UnchainedRecord =>
  player?.moving === true ? withDraw(record, drawing) : record;

/** Where it is heard can only be seen while it sounds: afterwards the output may be closed. */
function withOutput({ player }: Scene, record: UnchainedRecord): UnchainedRecord {
  const output = player?.output ?? null;
  return output === null ? record : { ...record, evidence: { ...record.evidence, output } };
}

function withStation({ tuner }: Scene, record: UnchainedRecord): UnchainedRecord {
  const seen = { tunerPi: tuner?.pis[0] ?? null, tunerRssiDbuv: tuner?.rssiDbuv ?? null };
  return { ...record, evidence: { ...record.evidence, ...seen } };
}
