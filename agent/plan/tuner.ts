/** Decides what the receiver does: the station that sounds, else the one that is listened to, muted. Part of `decide`. */
import { listenedStation } from './fallback.ts';
import { isCaptured, isToBeHeard, relayedBy } from './relayed.ts';
import type { Action, Scene, SoundMemory } from './scene.ts';

/** Protocol §7: what is no longer to be heard is faded and not clicked away. */
const FADE_MS = 200;

/** At the line always as loud as it gets: how loud it is heard is the player's. */
const LINE_VOLUME = 100;

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
    const volume = isCaptured(scene) ? LINE_VOLUME : relayed?.volume;
    if (isHeard && tuner.muted && volume !== undefined) actions.push({ kind: 'let-through', volume });
  }
  // What fades is still heard: the switch waits for it, unless something else wants to be heard.
  const isFading = sound.current === null && tuner?.muted === false && source?.on === true;
  const on = relayed !== null || isFading;
  if (source !== null && source.on !== on) actions.push({ kind: 'source', on });
  return actions;
}
