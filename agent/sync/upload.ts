/** The last part of a turn: records go up until the cloud says that it has them, at least once (protocol.md §8, Records). */
import { decodeUtf8, parseJson } from '../../shared/protocol/bytes.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS } from '../../shared/records/batch.ts';
import type { RecordBatch } from '../../shared/records/batch.ts';
import { hashAfter } from '../../shared/records/chain.ts';
import { sealBatch } from '../../shared/records/envelope.ts';
import { recordsAnswer } from '../../shared/wire/carrier.ts';
import type { OutboxBatch } from '../store/store.ts';
import type { Turn } from './turn.ts';

/** The rest goes with the next turn: documents and orders must not wait behind months of records. */
const BATCHES_PER_TURN = 20;
const UPLOADS = 'records';

export async function uploadRecords(turn: Turn): Promise<void> {
  for (let sent = 0; sent < BATCHES_PER_TURN && turn.worthTrying(); sent++) {
    if (turn.memory.uploads.holds(UPLOADS, turn.upMs())) return;
    const batch = turn.deps.store.outbox(MAX_BATCH_RECORDS);
    if (batch === null || !(await upload(turn, batch))) return;
  }
}

/** True where the cloud took something. A refusal will be the same in five minutes, and a batch is long. */
async function upload(turn: Turn, batch: OutboxBatch): Promise<boolean> {
  const { records, envelope } = sealed(turn, batch);
  const got = turn.heard('records', await turn.deps.cloud.records(envelope));
  const isTaken = got.kind === 'got' && confirm(turn, { ...batch, records }, got.bytes);
  if (isTaken) turn.memory.uploads.forget(UPLOADS);
  else if (got.kind !== 'failed' && got.kind !== 'later') turn.memory.uploads.failed(UPLOADS, turn.upMs());
  return isTaken;
}

/** As many records of the batch as one request may carry. */
function sealed(
  turn: Turn,
  batch: OutboxBatch,
): { readonly records: OutboxBatch['records']; readonly envelope: Uint8Array } {
  for (let { records } = batch; ; records = records.slice(0, Math.ceil(records.length / 2))) {
    const envelope = sealBatch(payloadOf(turn, { ...batch, records }), turn.deps.signer);
    if (envelope.length <= MAX_BATCH_BYTES || records.length === 1) return { records, envelope };
  }
}

function payloadOf({ deps }: Turn, { chain, first, before, records }: OutboxBatch): RecordBatch {
  const { dev, trust, docs } = deps.store.state();
  const { state, u } = deps.clock.read();
  const held = [trust, ...docs.values()].map(
    ({ document: { id, epoch, ver } }) => [id, { epoch, ver }] as const,
  );
  return {
    typ: 'records',
    v: 1,
    prov: deps.prov,
    dev,
    key: deps.signer.key,
    chain,
    first,
    before,
    last: hashAfter(before, records),
    records: [...records],
    held: Object.fromEntries(held),
    clock: { state, u },
    rejects: { ...deps.store.rejects() },
  };
}

/**
 * Takes off the outbox what the cloud says it has: of this chain, and never more than was just sent, so that no
 * answer can make a box forget what nobody has seen. True where that was something.
 */
function confirm(turn: Turn, { chain, first, records }: OutboxBatch, bytes: Uint8Array): boolean {
  const answer = recordsAnswer.safeParse(parseJson(decodeUtf8(bytes) ?? ''));
  const next = answer.success && answer.data.chain === chain ? answer.data.nextSeq : first;
  const confirmed = Math.min(next, first + records.length);
  if (confirmed <= first) {
    turn.trouble('records: the answer confirms none of them');
    return false;
  }
  turn.deps.store.confirm(chain, confirmed);
  turn.report.uploaded += confirmed - first;
  return true;
}
