/** The station that is relayed, and how it is heard: past the player, by a switch, or through its line input. Part of `decide`. */
import type { PlayerObserved } from '../devices/player/seam.ts';
import { relayFault } from './fm-gate.ts';
import type { Scene, SoundMemory } from './scene.ts';
import type { Stretch } from './stretch.ts';

/**
 * A receiver that is heard through the line is let through so long before: the player begins to open the line in time,
 * and until it has, nobody hears anything.
 */
const LINE_AHEAD_MS = 600;

export type Relayed = Stretch & { readonly content: Extract<Stretch['content'], { kind: 'tuner' }> };

/** The receiver is heard through the player, which has its sound at the line; there is no switch then. */
export const isCaptured = ({ player }: { readonly player: PlayerObserved | null }): boolean =>
  player !== null && player.line !== 'none';

export function relayedBy({ current }: SoundMemory): Relayed | null {
  const stretch = current?.stretch;
  return stretch?.content.kind === 'tuner' ? { ...stretch, content: stretch.content } : null;
}

/** Its instant has come, and the receiver hears the station that was signed, not louder than it may be. */
export function isToBeHeard(scene: Scene, { content: { frequencyKhz, pi }, releaseAtMs }: Relayed): boolean {
  const { tuner, reading } = scene;
  if (tuner?.state !== 'tuned' || tuner.frequencyKhz !== frequencyKhz) return false;
  const fromMs = releaseAtMs - (isCaptured(scene) ? LINE_AHEAD_MS : 0);
  return reading.nowMs >= fromMs && (pi === null || relayFault(scene, tuner, frequencyKhz, pi) === null);
}

/** Why what was relayed through the line is over; null while it goes on, or was not opened yet. */
export function lineFault(scene: Scene, key: string): string | null {
  const { player } = scene;
  if (!isCaptured(scene) || player?.playback?.key !== key || player.state === 'playing') return null;
  // Nothing closes the line under a stretch that goes on but a receiver that has slipped from its station.
  return player.playback.failure?.code ?? 'TUNER_FAULT';
}
