/** Decides whether the amplifier is on: warm before sound, held a little after, and never long without proven sound. */
import { isCaptured } from './relayed.ts';
import { wasHeard } from './scene.ts';
import { audibleTest } from './trial.ts';
import type { AmplifierMemory, Decision, Scene, SoundMemory } from './scene.ts';

/** After sound could not be proven the amplifier rests so long before it is tried again. */
const REST_MS = 60_000;

export function decideAmplifier(
  scene: Scene,
  memory: AmplifierMemory,
  sound: SoundMemory,
): Decision<AmplifierMemory> {
  if (scene.amplifier === null) return { actions: [], memory };
  const seen = look(scene, memory, sound);
  const on = wantsOn(scene, seen, sound);
  const isRight = scene.amplifier.on === on && seen.on === on;
  if (isRight) return { actions: [], memory: seen };
  const switchedUpMs = seen.on === on ? seen.switchedUpMs : scene.reading.upMs;
  return { actions: [{ kind: 'amplifier', on }], memory: { ...seen, on, switchedUpMs } };
}

/** Brings need and proof up to this instant. */
function look(scene: Scene, memory: AmplifierMemory, sound: SoundMemory): AmplifierMemory {
  const { upMs } = scene.reading;
  const neededUpMs = isNeeded(scene, sound) ? upMs : memory.neededUpMs;
  const isExcused = isProven(scene, sound) || audibleTest(scene) === 'relay';
  const unprovenSinceUpMs = !memory.on || isExcused ? null : (memory.unprovenSinceUpMs ?? upMs);
  const isStuck = unprovenSinceUpMs !== null && upMs - unprovenSinceUpMs >= scene.settings.maxUnprovenMs;
  const blockedUntilUpMs = isStuck ? upMs + REST_MS : memory.blockedUntilUpMs;
  return { ...memory, neededUpMs, unprovenSinceUpMs, blockedUntilUpMs };
}

/** What sounds needs it also where a head has set the clock back behind its release. */
function isNeeded(scene: Scene, { current }: SoundMemory): boolean {
  if (current === null) return false;
  const { key, releaseAtMs } = current.stretch;
  return scene.reading.nowMs >= releaseAtMs - scene.settings.leadMs || wasHeard(scene, key);
}

/** The audio clock moves, or a tuned station is let through where that is heard past the player. */
function isProven(scene: Scene, { current }: SoundMemory): boolean {
  const { player, tuner } = scene;
  if (current === null) return false;
  if (current.stretch.content.kind === 'tuner' && !isCaptured(scene))
    return tuner?.state === 'tuned' && !tuner.muted;
  return player?.playback?.key === current.stretch.key && player.moving;
}

function wantsOn(scene: Scene, memory: AmplifierMemory, sound: SoundMemory): boolean {
  const { reading, settings } = scene;
  const { neededUpMs, switchedUpMs, blockedUntilUpMs } = memory;
  if (blockedUntilUpMs !== null && reading.upMs < blockedUntilUpMs) return false;
  const test = audibleTest(scene);
  // The sound device is tried alone: nobody is to hear it.
  if (test === 'sound') return false;
  if (test === 'relay' || isNeeded(scene, sound)) return true;
  if (!memory.on || neededUpMs === null) return false;
  const isHeld = reading.upMs - neededUpMs < settings.holdMs;
  const isFresh = switchedUpMs !== null && reading.upMs - switchedUpMs < settings.dwellMs;
  return isHeld || isFresh || soundsSoon(scene);
}

/** Off and on again within the dwell would only make it chatter. */
function soundsSoon({ ahead, intent, reading, settings }: Scene): boolean {
  const inMs = (intent.sound.until ?? Infinity) * 1000 - reading.nowMs;
  return ahead?.sound.winner != null && inMs < settings.dwellMs;
}
