/** Writes each publication to the database in one transaction, and reads all of them back at the start. */
import { readFileSync } from 'node:fs';
import type { Transaction } from 'kysely';
import { readStored } from '../../shared/protocol/envelope.ts';
import { utf8 } from '../../shared/protocol/bytes.ts';
import type { Order, SignedDocument, Trust } from '../../shared/protocol/schema/documents.ts';
import type { Stored } from '../../shared/protocol/state.ts';
import { say, text } from '../../shared/messages/text.ts';
import { StartFault } from '../../shared/messages/start-fault.ts';
import type { CloudDatabase } from '../database.ts';
import type { Tables } from '../tables.ts';
import type { Change, Live } from './live.ts';

const jsonOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The factory trust of `trustFile` counts while the database knows no newer one. Throws with a remedy where it cannot start. */
export async function loadLive(database: CloudDatabase, prov: string, trustFile: string): Promise<Live> {
  const factory = readTrustFile(trustFile, prov);
  await keepFactory(database, factory);
  const newest = await database
    .selectFrom('trust')
    .select('envelope')
    .orderBy('ver', 'desc')
    .executeTakeFirstOrThrow();
  const rows = await database.selectFrom('document').select(['id', 'envelope']).execute();
  const floors = await database.selectFrom('versionFloor').selectAll().execute();
  return {
    trust: asTrust(utf8(newest.envelope)) ?? factory,
    docs: new Map(rows.map(({ id, envelope }) => [id, readBack(id, envelope)])),
    floors: new Map(floors.map(({ id, ...floor }) => [id, floor])),
  };
}

function readTrustFile(file: string, prov: string): Stored<Trust> {
  const trust = asTrust(readBytes(file));
  if (trust === null) {
    throw new StartFault(
      text(say`${file} không phải bản tin cậy (trust).`, say`${file} is no trust document.`),
    );
  }
  if (trust.document.prov !== prov) {
    throw new StartFault(
      text(
        say`${file} là bản tin cậy của ${trust.document.prov}, không phải ${prov}.`,
        say`${file} is the trust of ${trust.document.prov}, not of ${prov}.`,
      ),
    );
  }
  return trust;
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new StartFault(
      text(
        say`Không đọc được bản tin cậy ${file}. Lễ ký tạo ra nó: loa-sign trust new.`,
        say`The trust document ${file} cannot be read. A ceremony makes it: loa-sign trust new.`,
      ),
      { cause },
    );
  }
}

function asTrust(bytes: Uint8Array): Stored<Trust> | null {
  const stored = readStored(bytes);
  if (typeof stored === 'string' || stored.document.typ !== 'trust') return null;
  return { bytes: stored.bytes, digest: stored.digest, document: stored.document };
}

function readBack(id: string, envelope: string): Stored {
  const stored = readStored(utf8(envelope));
  if (typeof stored === 'string') throw new Error(`stored document ${id} is damaged: ${stored}`);
  return stored;
}

/** Boxes fetch the chain from their own factory trust on, so it is served too. */
async function keepFactory(database: CloudDatabase, trust: Stored<Trust>): Promise<void> {
  await database
    .insertInto('trust')
    .values({
      ver: trust.document.ver,
      digest: trust.digest,
      envelope: jsonOf(trust.bytes),
      publishedAtMs: trust.document.iat * 1000,
    })
    .onConflict((conflict) => conflict.column('ver').doNothing())
    .execute();
  const kept = await database
    .selectFrom('trust')
    .select('digest')
    .where('ver', '=', trust.document.ver)
    .executeTakeFirst();
  if (kept?.digest !== trust.digest) {
    throw new StartFault(
      text(
        'trustFile khác với bản cùng số đã lưu: thư mục này thuộc lễ ký khác.',
        'trustFile differs from the stored trust of the same number: this folder belongs to another ceremony.',
      ),
    );
  }
}

export type Publication = {
  readonly stored: Stored;
  readonly change: Change;
  /** Names of the people whose signatures counted. */
  readonly holders: readonly string[];
  readonly atMs: number;
};

/** On return it is on the disk. */
export async function keepPublication(database: CloudDatabase, publication: Publication): Promise<void> {
  const { stored, change, atMs } = publication;
  const { document, digest } = stored;
  await database.transaction().execute(async (transaction) => {
    if (document.typ === 'trust') await insertTrust(transaction, stored, atMs);
    else if (document.typ === 'order') await insertOrder(transaction, document, publication);
    else await upsertDocument(transaction, publication);
    if (change.dropped.length > 0) {
      await transaction.deleteFrom('document').where('id', 'in', change.dropped).execute();
    }
    await transaction
      .updateTable('draft')
      .set({ publishedAtMs: atMs, holders: JSON.stringify(publication.holders) })
      .where('digest', '=', digest)
      .execute();
  });
}

const insertTrust = (transaction: Transaction<Tables>, { document, digest, bytes }: Stored, atMs: number) =>
  transaction
    .insertInto('trust')
    .values({ ver: document.ver, digest, envelope: jsonOf(bytes), publishedAtMs: atMs })
    .execute();

const insertOrder = (transaction: Transaction<Tables>, order: Order, publication: Publication) =>
  transaction
    .insertInto('order')
    .values({
      digest: publication.stored.digest,
      id: order.id,
      kind: order.kind,
      iat: order.iat,
      exp: order.exp,
      envelope: jsonOf(publication.stored.bytes),
      holders: JSON.stringify(publication.holders),
      publishedAtMs: publication.atMs,
    })
    .execute();

const areaOf = (document: SignedDocument): string | null => ('area' in document ? document.area : null);

async function upsertDocument(
  transaction: Transaction<Tables>,
  { stored, change, atMs }: Publication,
): Promise<void> {
  const { document, digest, bytes } = stored;
  const { id, typ, epoch, ver, iat, exp } = document;
  const row = { typ, area: areaOf(document), epoch, ver, digest, iat, exp, envelope: jsonOf(bytes) };
  await transaction
    .insertInto('document')
    .values({ id, ...row, publishedAtMs: atMs })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...row, publishedAtMs: atMs }))
    .execute();
  const floor = change.live.floors.get(id);
  if (floor === undefined) throw new Error(`${id} was accepted without a floor`);
  await transaction
    .insertInto('versionFloor')
    .values({ id, ...floor })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...floor }))
    .execute();
}
