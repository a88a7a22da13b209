/** Decides what the receiver does: the station that sounds, else the one that is listened to, muted. Part of `decide`. */
import { listenedStation } from './fallback.ts';
import { relayFault } from './fm-gate.ts';
import type { Action, Scene, SoundMemory } from './scene.ts';
import type { Stretch } from './stretch.ts';

/** Protocol §7: what is no longer to be heard is faded and not clicked away. */
const FADE_MS = 200;

/** From what should be to what is asked for; a receiver or switch that slipped is asked again at each look. */
export function decideTuner(scene: Scene, sound: SoundMemory): readonly Action[] {
  const { tuner, source } = scene;
  const relayed = relayedBy(sound);
  const actions: Action[] = [];
  if (tuner !== null) {
    const frequencyKhz =
      relayed?.content.frequencyKhz ?? scene.wishedKhz ?? listenedStation(scene, sound)?.frequencyKhz ?? null;
    const isHeard = relayed !== null && isToBeHeard(scene, relayed);
    if (!isHeard && !tuner.muted)
      actions.push({ kind: 'mute-tuner', fadeMs: sound.current === null ? FADE_MS : 0 });
    if (frequencyKhz !== null && frequencyKhz !== tuner.frequencyKhz)
      actions.push({ kind: 'tune', frequencyKhz });
    if (isHeard && tuner.muted) actions.push({ kind: 'let-through', volume: relayed.volume });
  }
  // What fades is still heard: the switch waits for it, unless something else wants to be heard.
  const isFading = sound.current === null && tuner?.muted === false && source?.on === true;
  const on = relayed !== null || isFading;
  if (source !== null && source.on !== on) actions.push({ kind: 'source', on });
  return actions;
}

type Relayed = Stretch & { readonly content: Extract<Stretch['content'], { kind: 'tuner' }> };

function relayedBy({ current }: SoundMemory): Relayed | null {
  const stretch = current?.stretch;
  return stretch?.content.kind === 'tuner' ? { ...stretch, content: stretch.content } : null;
}

/** Its instant has come, and the receiver hears the station that was signed, not louder than it may be. */
function isToBeHeard(scene: Scene, { content: { frequencyKhz, pi }, releaseAtMs }: Relayed): boolean {
  const { tuner, reading } = scene;
  if (tuner?.state !== 'tuned' || tuner.frequencyKhz !== frequencyKhz) return false;
  return reading.nowMs >= releaseAtMs && (pi === null || relayFault(scene, tuner, frequencyKhz, pi) === null);
}
