/**
 * Decides when the player plays its line input, where that is how the receiver is heard: what the receiver lets through
 * is heard only while the line is open. Part of `decide`.
 */
import { isCaptured, isToBeHeard, relayedBy } from './relayed.ts';
import type { Action, Scene, SoundMemory } from './scene.ts';

/** Protocol §7: what is no longer to be heard is faded and not clicked away. */
const FADE_MS = 200;

/** From what should be to what is asked for; after `decideSound`, whose own wishes for the player come first. */
export function decideLine(scene: Scene, sound: SoundMemory): readonly Action[] {
  const { player } = scene;
  if (player === null || !isCaptured(scene)) return [];
  const relayed = relayedBy(sound);
  if (relayed !== null && isToBeHeard(scene, relayed))
    return player.playback?.key === relayed.key ? [] : [{ kind: 'open-line', stretch: relayed }];
  // What is played in its place closes it by itself, without waiting for a fade.
  const isLeft = relayed !== null || sound.current === null;
  return isLeft && player.line === 'open' ? [{ kind: 'close-line', fadeMs: FADE_MS }] : [];
}
