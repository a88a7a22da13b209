/** The second part of a turn: media that documents in force name and the shelf does not have, resumed where they stopped. */
import type { Media } from '../../shared/protocol/schema/media.ts';
import { NoSpace } from '../store/store.ts';
import type { Receiving } from '../store/store.ts';
import type { Turn } from './turn.ts';
import { wantedMedia } from './wanted.ts';

export async function fetchMedia(turn: Turn): Promise<void> {
  const { clock, shelf } = turn.deps;
  const state = turn.state();
  const wanted = wantedMedia(state, Math.max(state.floor, Math.floor(clock.read().nowMs / 1000)));
  for (const media of wanted.filter(({ sha256 }) => !shelf.has(sha256))) {
    if (!turn.worthTrying() || turn.errand.hurry.aborted) break;
    if (turn.memory.media.holds(media.sha256, turn.upMs())) continue;
    await fetchOne(turn, media, wanted);
  }
  turn.report.mediaMissing = wanted.filter(({ sha256 }) => !shelf.has(sha256)).length;
}

async function fetchOne(turn: Turn, media: Media, wanted: readonly Media[]): Promise<void> {
  const receiving = await makeRoom(turn, media, wanted);
  if (receiving === null) return;
  const isWhole = receiving.offset >= media.size || (await download(turn, media, receiving));
  if (isWhole) await settle(turn, media, receiving);
  else await receiving.pause();
}

async function download(turn: Turn, media: Media, receiving: Receiving): Promise<boolean> {
  const write = async (chunk: Uint8Array): Promise<void> => {
    try {
      await receiving.write(chunk);
    } catch (cause) {
      if (cause instanceof NoSpace) noteNoSpace(turn, media);
      throw cause;
    }
  };
  const { hurry } = turn.errand;
  const got = await turn.deps.cloud.media(media, { offset: receiving.offset, write }, hurry);
  if (got.kind !== 'complete' && hurry.aborted) return false;
  turn.heard(`media ${media.sha256}`, got);
  // A line that broke goes on where it stopped, as soon as there is another turn.
  if (got.kind === 'failed') turn.report.broken = true;
  else if (got.kind !== 'complete') turn.memory.media.failed(media.sha256, turn.upMs());
  return got.kind === 'complete';
}

/** What is not what its hash says is gone again, and is fetched anew later: perhaps from a better source. The right bytes under a wrong name stay wrong. */
async function settle(turn: Turn, media: Media, receiving: Receiving): Promise<void> {
  const result = await receiving.finish();
  if (result === 'kept') {
    turn.report.mediaFetched += 1;
    turn.memory.media.forget(media.sha256);
    return;
  }
  turn.trouble(`media ${media.sha256}: ${result}`);
  if (result === 'wrong-mime') turn.memory.media.giveUp(media.sha256);
  else turn.memory.media.failed(media.sha256, turn.upMs());
}

async function makeRoom(turn: Turn, media: Media, wanted: readonly Media[]): Promise<Receiving | null> {
  const { shelf } = turn.deps;
  try {
    return await shelf.receive(media);
  } catch (cause) {
    if (!(cause instanceof NoSpace)) throw cause;
  }
  await shelf.evict(new Set(wanted.map(({ sha256 }) => sha256)));
  try {
    return await shelf.receive(media);
  } catch (cause) {
    if (!(cause instanceof NoSpace)) throw cause;
    noteNoSpace(turn, media);
    return null;
  }
}

function noteNoSpace(turn: Turn, media: Media): void {
  turn.report.noSpace = true;
  turn.trouble(`media ${media.sha256}: no space for ${media.size} bytes`);
  turn.memory.media.failed(media.sha256, turn.upMs());
}
