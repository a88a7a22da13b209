/** Which candidate holds the sound at an instant, and why a winner may have to stay silent: the first half of `decide`. */
import { occurrenceOf } from '../../shared/schedule/intent.ts';
import type { Candidate, Intent, ItemCandidate } from '../../shared/schedule/intent.ts';
import { ORDINARY_S_A_DAY } from '../../shared/schedule/limits.ts';
import { localDayOf } from './limits.ts';
import { isMutable } from './local-mute.ts';
import type { SoundMemory } from './scene.ts';

/** Why a winner is not heard now. Becomes the reason of a `skipped` record where it never was. */
export type SilentBecause =
  | 'QUIET_HOURS'
  | 'LOCAL_MUTE'
  | 'LATE_SKIPPED'
  | 'MEDIA_MISSING'
  | 'MEDIA_WRONG'
  | 'DAILY_LIMIT'
  | 'PLAYER_FAILED'
  | 'STREAM_FAILED'
  | 'NOTHING_TO_PLAY';

export type Claim =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'silent'; readonly candidate: Candidate; readonly reason: SilentBecause }
  | { readonly kind: 'sound'; readonly candidate: Candidate; readonly waiting: string | null };

const NOTHING: Claim = { kind: 'nothing' };

/** Who may sound at `atMs`, given what holds the surface now and how much ordinary sound this day has had. */
export function claimAt(
  intent: Intent,
  atMs: number,
  memory: SoundMemory,
  sounded: SoundMemory['ordinary'],
): Claim {
  const { winner } = intent.sound;
  const holder = memory.current?.stretch.candidate;
  const heard = winner ?? (holder?.kind === 'fallback' ? holder : null);
  if (memory.mute.silences && heard !== null && isMutable(heard))
    return { kind: 'silent', candidate: heard, reason: 'LOCAL_MUTE' };
  if (winner === null) return NOTHING;
  if (winner.kind === 'order' && (winner.order.kind === 'halt' || winner.order.kind === 'stop'))
    return NOTHING;
  // It holds the sound so that nothing else is heard through the relay that it tries.
  if (winner.kind === 'local-test' && winner.test.work.kind === 'relay') return NOTHING;
  if (intent.quiet.silences) return { kind: 'silent', candidate: winner, reason: 'QUIET_HOURS' };
  if (winner.kind === 'item' && holder?.kind === 'item' && waitsFor(winner, holder, atMs, memory))
    return { kind: 'sound', candidate: holder, waiting: occurrenceOf(winner) };
  if (
    winner.kind === 'item' &&
    sounded.ms >= ORDINARY_S_A_DAY * 1000 &&
    sounded.day === localDayOf(atMs, winner.zone)
  )
    return { kind: 'silent', candidate: winner, reason: 'DAILY_LIMIT' };
  return { kind: 'sound', candidate: winner, waiting: memory.waiting };
}

/** Start modes: `exact` cuts, `next` waits for the holder's media or window to end, a grace waits so many seconds. */
function waitsFor(winner: ItemCandidate, holder: ItemCandidate, atMs: number, memory: SoundMemory): boolean {
  const occurrence = occurrenceOf(winner);
  if (occurrence === occurrenceOf(holder) || winner.item.start === 'exact') return false;
  if (memory.heard.has(occurrence) || atMs >= holder.window.end * 1000) return false;
  // Whoever held the sound before the winner's window opened may finish; who came later is no holder.
  if (holder.window.start > winner.window.start) return false;
  return winner.item.start === 'next' || atMs < (winner.window.start + winner.item.start.graceS) * 1000;
}
