/** The mute button in the cabinet: ordinary sound is silent while it is pressed, for four hours at most. Part of `decide`. */
import type { Candidate } from '../../shared/schedule/intent.ts';
import { rankOf } from '../../shared/schedule/strength.ts';
import type { Rank } from '../../shared/schedule/strength.ts';

/** A button that is stuck or forgotten must not make a loudspeaker silent for ever. */
const MUTE_MOST_MS = 4 * 3_600_000;

export type LocalMute = {
  /** Uptime since which the button has not been seen released; null while it is. */
  readonly sinceUpMs: number | null;
  /** It silences now. */
  readonly silences: boolean;
};

export const UNMUTED: LocalMute = { sinceUpMs: null, silences: false };

/** `pressed` null: there is no button, or it cannot be read. It silences nothing then, and its four hours go on. */
export function muteAfter(pressed: boolean | null, upMs: number, before: LocalMute): LocalMute {
  if (pressed === false) return UNMUTED;
  const sinceUpMs = before.sinceUpMs ?? (pressed === true ? upMs : null);
  const isSpent = sinceUpMs !== null && upMs - sinceUpMs >= MUTE_MOST_MS;
  return { sinceUpMs, silences: pressed === true && !isSpent };
}

/** What warns people, and who speaks live, is heard although somebody presses the button. */
const OUTRANKS: ReadonlySet<Rank> = new Set(['alert', 'warning', 'live']);

export function isMutable(candidate: Candidate): boolean {
  if (candidate.kind === 'item' && candidate.item.source.kind === 'live') return false;
  return !OUTRANKS.has(rankOf(candidate));
}
