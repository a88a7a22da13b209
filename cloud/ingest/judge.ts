/** Decides, from what is stored around a batch, which of its records are new and where the chain does not hold (protocol K01). Pure. */
import { canonicalJson } from '../../shared/protocol/bytes.ts';
import type { RecordBatch } from '../../shared/records/batch.ts';
import { holds, nextHash } from '../../shared/records/chain.ts';
import type { PlayRecord } from '../../shared/records/record.ts';

/** A stored record; `h` as it was claimed when it came. */
export type Kept = { readonly seq: number; readonly h: string; readonly body: string };

/** What is stored of this chain around the batch. */
export type Around = {
  /** Within [first − 1, last + 1]. */
  readonly near: readonly Kept[];
  /** The highest stored sequence number below `first`, the lowest above the last; null if none. */
  readonly below: number | null;
  readonly above: number | null;
};

export type Found = {
  readonly seq: number;
  readonly kind: 'missing' | 'changed' | 'forked';
  /** The record that contradicts the stored one. */
  readonly evidence: string | null;
};

export type Judgement = {
  readonly fresh: readonly (Kept & { readonly record: PlayRecord })[];
  readonly breaks: readonly Found[];
};

const bodyOf = (record: PlayRecord): string => {
  const text = canonicalJson(record);
  if (text === null) throw new Error('a record is always plain JSON');
  return text;
};

export function judgeBatch(batch: RecordBatch, around: Around): Judgement {
  const stored = new Map(around.near.map((kept) => [kept.seq, kept]));
  const arrived = hashed(batch);
  return {
    fresh: arrived.filter(({ seq }) => !stored.has(seq)),
    breaks: [
      ...changes(batch, stored),
      ...arrived.flatMap((each) => forkAt(each, stored.get(each.seq))),
      ...gaps(batch, around),
    ],
  };
}

function hashed(batch: RecordBatch): Judgement['fresh'] {
  let h = batch.before;
  const kept = batch.records.map((record) => {
    h = nextHash(h, record);
    return { seq: record.seq, h, body: bodyOf(record), record };
  });
  // The box goes on from the h that it claims: one wrong batch is one break, not one for ever after.
  return kept.map((each, index) => (index === kept.length - 1 ? { ...each, h: batch.last } : each));
}

const lastSeqOf = (batch: RecordBatch): number => batch.first + batch.records.length - 1;

function changes(batch: RecordBatch, stored: ReadonlyMap<number, Kept>): readonly Found[] {
  const seqs: number[] = [];
  const before = stored.get(batch.first - 1);
  if (!holds(batch) || (before !== undefined && before.h !== batch.before)) seqs.push(batch.first);
  const after = stored.get(lastSeqOf(batch) + 1);
  if (after !== undefined && nextHash(batch.last, recordIn(after)) !== after.h) seqs.push(after.seq);
  return seqs.map((seq) => ({ seq, kind: 'changed', evidence: null }));
}

const recordIn = ({ body }: Kept): PlayRecord => JSON.parse(body) as PlayRecord;

const EVIDENCE_CHARS = 16_384;

/** One sequence number with two contents: a box that lives twice, or a database that was put back. The first stays. */
const forkAt = (arrived: Kept, stored: Kept | undefined): readonly Found[] =>
  stored === undefined || stored.body === arrived.body
    ? []
    : [{ seq: arrived.seq, kind: 'forked', evidence: arrived.body.slice(0, EVIDENCE_CHARS) }];

/** A box sends its oldest unconfirmed record first, so a hole below the batch is a loss, unless it is filled later. */
function gaps(batch: RecordBatch, { below, above }: Around): readonly Found[] {
  const holes: number[] = [];
  if ((below ?? 0) + 1 < batch.first) holes.push((below ?? 0) + 1);
  const next = lastSeqOf(batch) + 1;
  if (above !== null && next < above) holes.push(next);
  return holes.map((seq) => ({ seq, kind: 'missing', evidence: null }));
}
