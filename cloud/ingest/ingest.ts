/** Takes in what boxes recorded: each (dev, chain, seq) once, however often and in whatever order it comes; the last station of the path. */
import type { Transaction } from 'kysely';
import { utf8 } from '../../shared/protocol/bytes.ts';
import type { Rejection } from '../../shared/protocol/state.ts';
import type { RecordBatch } from '../../shared/records/batch.ts';
import { openBatch } from '../../shared/records/envelope.ts';
import type { Envelope, RecordsAnswer } from '../../shared/wire/carrier.ts';
import type { ChainBreak, KeptRecord } from '../../shared/wire/fleet.ts';
import type { CloudDatabase } from '../database.ts';
import { done, refuse } from '../outcome.ts';
import type { Outcome, Refused } from '../outcome.ts';
import type { Tables } from '../tables.ts';
import { judgeBatch } from './judge.ts';
import type { Around, Found, Judgement } from './judge.ts';

/** What an upload brought, after it reached the disk. */
export type Taken = {
  readonly batch: RecordBatch;
  readonly kept: readonly KeptRecord[];
  readonly breaks: readonly ChainBreak[];
  /** Losses that this upload made good. */
  readonly healed: number;
};

export type Ingest = {
  take(envelope: Envelope): Promise<Outcome<RecordsAnswer>>;
};

export type Intake = {
  readonly database: CloudDatabase;
  readonly prov: string;
  /** Whether the registrar ever admitted this box: anybody can make a key and fill a disk with its records. */
  readonly isKnown: (dev: string) => boolean;
  readonly now: () => number;
  readonly taken: (taken: Taken) => void;
};

export function openIngest(intake: Intake): Ingest {
  return {
    async take(envelope) {
      const opened = await openBatch(utf8(JSON.stringify(envelope)));
      if ('code' in opened) return refuseBatch(opened.code, opened.field);
      const { batch } = opened;
      if (batch.prov !== intake.prov) return refuseBatch('WRONG_PROVINCE', 'prov');
      if (!intake.isKnown(batch.dev)) return unknownBox;
      const { taken, nextSeq } = await intake.database
        .transaction()
        .execute((transaction) => keep(transaction, batch, intake.now()));
      intake.taken(taken);
      return done({ chain: batch.chain, nextSeq });
    },
  };
}

type Rows = Transaction<Tables>;

async function keep(
  rows: Rows,
  batch: RecordBatch,
  atMs: number,
): Promise<{ taken: Taken; nextSeq: number }> {
  const { dev, chain } = batch;
  const judgement = judgeBatch(batch, await readAround(rows, batch));
  await insertRecords(rows, batch, judgement, atMs);
  const healed = await healLosses(rows, batch);
  const breaks = await insertBreaks(rows, batch, judgement.breaks, atMs);
  const kept = judgement.fresh.map(({ record }) => ({ dev, chain, receivedAtMs: atMs, record }));
  return { taken: { batch, kept, breaks, healed }, nextSeq: await nextSeqAfter(rows, batch) };
}

const lastSeqOf = ({ first, records }: RecordBatch): number => first + records.length - 1;

const chainOf = (rows: Rows, { dev, chain }: RecordBatch) =>
  rows.selectFrom('record').where('dev', '=', dev).where('chain', '=', chain);

async function readAround(rows: Rows, batch: RecordBatch): Promise<Around> {
  const last = lastSeqOf(batch);
  const near = await chainOf(rows, batch)
    .select(['seq', 'h', 'body'])
    .where('seq', '>=', batch.first - 1)
    .where('seq', '<=', last + 1)
    .execute();
  const below = await chainOf(rows, batch)
    .select(({ fn }) => fn.max('seq').as('seq'))
    .where('seq', '<', batch.first)
    .executeTakeFirst();
  const above = await chainOf(rows, batch)
    .select(({ fn }) => fn.min('seq').as('seq'))
    .where('seq', '>', last)
    .executeTakeFirst();
  return { near, below: below?.seq ?? null, above: above?.seq ?? null };
}

async function insertRecords(
  rows: Rows,
  batch: RecordBatch,
  { fresh }: Judgement,
  atMs: number,
): Promise<void> {
  if (fresh.length === 0) return;
  const { dev, chain } = batch;
  await rows
    .insertInto('record')
    .values(fresh.map(({ seq, h, body }) => ({ dev, chain, seq, receivedAtMs: atMs, h, body })))
    .execute();
}

/** A loss that begins within what has now come is none, or begins later (`gaps` says so anew). */
async function healLosses(rows: Rows, batch: RecordBatch): Promise<number> {
  const { numDeletedRows } = await rows
    .deleteFrom('break')
    .where('dev', '=', batch.dev)
    .where('chain', '=', batch.chain)
    .where('kind', '=', 'missing')
    .where('seq', '>=', batch.first)
    .where('seq', '<=', lastSeqOf(batch))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Those that were not known before: a box that asks again raises no second alarm. */
async function insertBreaks(
  rows: Rows,
  { dev, chain }: RecordBatch,
  found: readonly Found[],
  atMs: number,
): Promise<readonly ChainBreak[]> {
  if (found.length === 0) return [];
  const added = await rows
    .insertInto('break')
    .values(found.map(({ seq, kind, evidence }) => ({ dev, chain, seq, kind, atMs, evidence })))
    .onConflict((conflict) => conflict.columns(['dev', 'chain', 'seq', 'kind']).doNothing())
    .returning(['seq', 'kind'])
    .execute();
  return added.map(({ seq, kind }) => ({ dev, chain, seq, kind, atMs }));
}

/** The end of the unbroken run in which this batch lies: below it everything is kept, or raised as a loss. */
async function nextSeqAfter(rows: Rows, batch: RecordBatch): Promise<number> {
  const end = await rows
    .selectFrom('record as mine')
    .select('mine.seq')
    .where('mine.dev', '=', batch.dev)
    .where('mine.chain', '=', batch.chain)
    .where('mine.seq', '>=', lastSeqOf(batch))
    .where((mine) =>
      mine.not(
        mine.exists(
          mine
            .selectFrom('record as next')
            .select('next.seq')
            .whereRef('next.dev', '=', 'mine.dev')
            .whereRef('next.chain', '=', 'mine.chain')
            .where((next) => next('next.seq', '=', next('mine.seq', '+', 1))),
        ),
      ),
    )
    .orderBy('mine.seq')
    .limit(1)
    .executeTakeFirstOrThrow();
  return end.seq + 1;
}

/** To a box, which logs it; the words are for the technician who reads the log. */
const refuseBatch = (code: Rejection, field: string | null): Refused =>
  refuse(
    400,
    code,
    {
      vi: `Lô nhật ký bị từ chối (${code}): hỏng hoặc đã bị đổi trên đường, hay không phải của hộp này.`,
      en: `The batch of records was refused (${code}): damaged or changed on the way, or not of this box.`,
    },
    field,
  );

const unknownBox = refuse(
  409,
  'UNKNOWN_BOX',
  {
    vi: 'Chưa có văn bản thiết bị (device) nào cho hộp này. Hãy đăng ký hộp trước; nhật ký được giữ trên hộp.',
    en: 'No device document was ever published for this box. Register it first; it keeps its records meanwhile.',
  },
  'dev',
);
