/** What a candidate plays, and where it begins when it begins late, after a cut or after a kill. */
import type { Media } from '../../shared/protocol/schema/media.ts';
import type { StartCause } from '../../shared/records/record.ts';
import type { Candidate, ItemCandidate, LocalTest, OrderCandidate } from '../../shared/schedule/intent.ts';
import type { SilentBecause } from './claim.ts';
import type { Scene } from './scene.ts';
import type { Content, Heard, Piece } from './stretch.ts';
import { isOver, passMs } from './stretch.ts';

/** Sounds that every agent carries: an order never fails silent, and nobody mistakes a test for the real thing. */
export const ATTENTION: Piece = { uri: 'builtin:attention', durationMs: 6000 };
export const TEST_PREAMBLE: Piece = { uri: 'builtin:test-preamble', durationMs: 4000 };

/** A box that starts this little after the instant plays whole: nobody gains from a programme without its first word. */
const PUNCTUAL_MS = 2000;

export type Playable = { readonly content: Content; readonly reason: string | null };

/** The content, or why there is none. `failures` of this occurrence choose what stands in for a source that failed. */
export function contentOf(candidate: Candidate, scene: Scene, failures: number): Playable | SilentBecause {
  switch (candidate.kind) {
    case 'item':
      return itemContent(candidate, scene, failures);
    case 'order':
      return orderContent(candidate, scene, failures);
    case 'local-test':
      return testContent(candidate.test);
    case 'fallback': {
      const { frequencyKhz, pi } = candidate;
      return { content: { kind: 'tuner', frequencyKhz, pi }, reason: null };
    }
  }
}

/** A test begins by saying that it is one, and goes on until its time is over. */
function testContent({ work }: LocalTest): Playable | SilentBecause {
  switch (work.kind) {
    case 'speaker':
    case 'sound':
      return { content: list([TEST_PREAMBLE, ATTENTION], 'fill'), reason: null };
    case 'tuner':
      return { content: { kind: 'tuner', frequencyKhz: work.frequencyKhz, pi: null }, reason: null };
    case 'relay':
    case 'screen':
      return 'NOTHING_TO_PLAY';
  }
}

function list(pieces: readonly [Piece, ...Piece[]], passes: number | 'fill'): Content {
  return { kind: 'list', pieces, passes };
}

function pieceOf({ sha256, durMs }: Media): Piece {
  return { uri: `media:${sha256}`, durationMs: durMs };
}

/** After so many failures in one window a source is given up. */
const TRIES = 3;

function itemContent({ item }: ItemCandidate, scene: Scene, failures: number): Playable | SilentBecause {
  const { source } = item;
  switch (source.kind) {
    case 'media':
      return failures < TRIES ? mediaContent(source, scene) : 'PLAYER_FAILED';
    case 'stream':
      if (failures < TRIES)
        return { content: list([{ uri: source.url, durationMs: null }], 1), reason: null };
      if (source.orElse === null || failures >= 2 * TRIES) return 'STREAM_FAILED';
      return withReason(mediaContent(source.orElse, scene), 'STREAM_FAILED');
    case 'tuner': {
      const { frequencyKhz, pi } = source;
      return { content: { kind: 'tuner', frequencyKhz, pi }, reason: pi === null ? 'UNIDENTIFIED' : null };
    }
    case 'live':
    case 'page':
    case 'ticker':
      return 'NOTHING_TO_PLAY';
  }
}

function mediaContent(
  source: { readonly play: readonly Media[]; readonly repeat: number | 'fill' },
  scene: Scene,
): Playable | SilentBecause {
  const [first, ...rest] = source.play;
  if (first === undefined) return 'NOTHING_TO_PLAY';
  // Media wrong or absent: silence, never a substitute (protocol §4).
  if (!source.play.every(({ sha256 }) => scene.has(sha256))) return 'MEDIA_MISSING';
  return { content: list([pieceOf(first), ...rest.map(pieceOf)], source.repeat), reason: null };
}

function withReason(playable: Playable | SilentBecause, reason: string): Playable | SilentBecause {
  return typeof playable === 'string' ? playable : { ...playable, reason };
}

/** An order never fails silent: without playable sound of its own the attention tone sounds (protocol §4). */
function orderContent({ order }: OrderCandidate, scene: Scene, failures: number): Playable {
  const { media, plays } = order.play;
  const isHere = media !== null && scene.has(media.sha256) && failures < TRIES;
  const own = isHere ? pieceOf(media) : ATTENTION;
  const missing = failures < TRIES ? 'MEDIA_MISSING' : 'PLAYER_FAILED';
  // Live voice is not built: its order is heard as the tone, and recorded as what it is.
  const reason = order.kind === 'live' ? 'NOTHING_TO_PLAY' : media === null || isHere ? null : missing;
  // R15: a test is heard to be a test before anything else is heard.
  return { content: order.kind === 'test' ? list([TEST_PREAMBLE, own], plays) : list([own], plays), reason };
}

const CAUSES = { order: 'order', 'local-test': 'test', fallback: 'fallback' } as const;

export type Beginning = { readonly fromMs: number; readonly cause: StartCause };

/** Where to begin when it is first heard at `atMs`, or null where it is not to be heard (again) in this window. */
export function beginningOf(
  candidate: Candidate,
  content: Content,
  heard: Heard | undefined,
  atMs: number,
  hasWaited: boolean,
): Beginning | null {
  const beginning =
    candidate.kind === 'item'
      ? itemBeginning(candidate, heard, atMs, hasWaited)
      : { fromMs: wholePasses(content, heard), cause: CAUSES[candidate.kind] };
  return beginning === null || isOver(content, beginning.fromMs) ? null : beginning;
}

/** An order that was cut goes on from the start of the play that was broken (protocol V20); one that was heard is over. */
function wholePasses(content: Content, heard: Heard | undefined): number {
  if (heard?.toned === true && !isTone(content)) return 0;
  if (heard?.state === 'finished') return Infinity;
  return (heard?.passes ?? 0) * (passMs(content) ?? 0);
}

function isTone(content: Content): boolean {
  return content.kind === 'list' && content.pieces.at(-1) === ATTENTION;
}

function itemBeginning(
  { item, window }: ItemCandidate,
  heard: Heard | undefined,
  atMs: number,
  hasWaited: boolean,
): Beginning | null {
  switch (heard?.state) {
    case 'finished':
      return null;
    case 'cut':
      if (item.afterCut === 'drop') return null;
      return item.afterCut === 'resume'
        ? { fromMs: heard.positionMs, cause: 'resume' }
        : { fromMs: 0, cause: 'restart' };
    case 'failed':
      return { fromMs: heard.positionMs, cause: 'resume' };
    case 'power':
    case undefined: {
      const lateMs = atMs - window.start * 1000;
      if (heard === undefined && (hasWaited || lateMs <= PUNCTUAL_MS)) return { fromMs: 0, cause: 'planned' };
      if (item.late === 'skip') return null;
      return item.late === 'join' ? { fromMs: lateMs, cause: 'join' } : { fromMs: 0, cause: 'whole' };
    }
  }
}
