/** One turn of the agent's second loop: fetch → admit → media → upload. It moves bytes; what they are worth is decided elsewhere. */
import { askHead, fetchDocuments, fetchOrders, followTrust } from './documents.ts';
import { fetchMedia } from './media.ts';
import { Turn } from './turn.ts';
import type { Errand, SyncDeps, SyncMemory, SyncReport } from './turn.ts';
import { uploadRecords } from './upload.ts';

export async function syncOnce(deps: SyncDeps, memory: SyncMemory, errand: Errand): Promise<SyncReport> {
  const turn = new Turn(deps, memory, errand);
  lookAgainWithAnotherClock(turn);
  if (errand.documents) {
    await followTrust(turn);
    const known = await askHead(turn);
    lookAgainWithAnotherClock(turn);
    await fetchDocuments(turn, known);
  }
  if (errand.documents || errand.orders) await fetchOrders(turn);
  await fetchMedia(turn);
  await uploadRecords(turn);
  return turn.report;
}

/** NO_TIME, EXPIRED and FROM_FUTURE were said by a clock that the box no longer has. */
function lookAgainWithAnotherClock({ deps, memory }: Turn): void {
  const { state } = deps.clock.read();
  if (memory.clockState !== state) memory.documents.forgetAll();
  memory.clockState = state;
}
