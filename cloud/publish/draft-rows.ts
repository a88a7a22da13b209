/** Drafts and the signatures collected for them, as the database keeps them. */
import type { Selectable } from 'kysely';
import type { NewSignature } from '../../shared/wire/staff.ts';
import type { CloudDatabase } from '../database.ts';
import type { DraftTable } from '../tables.ts';
import { toBase64url } from '../../shared/protocol/bytes.ts';
import type { DraftText } from './draft-text.ts';

export type DraftRow = Selectable<DraftTable>;
export type SignedDraft = { readonly row: DraftRow; readonly signatures: readonly NewSignature[] };

export async function findDraft(database: CloudDatabase, digest: string): Promise<SignedDraft | null> {
  const row = await database.selectFrom('draft').selectAll().where('digest', '=', digest).executeTakeFirst();
  return row === undefined ? null : { row, signatures: await signaturesOf(database, digest) };
}

/** Not yet published, newest first. */
export async function openDrafts(database: CloudDatabase): Promise<readonly SignedDraft[]> {
  const rows = await database
    .selectFrom('draft')
    .selectAll()
    .where('publishedAtMs', 'is', null)
    .orderBy('createdAtMs', 'desc')
    .limit(500)
    .execute();
  const digests = rows.map(({ digest }) => digest);
  if (digests.length === 0) return [];
  const lines = await database
    .selectFrom('signature')
    .selectAll()
    .where('digest', 'in', digests)
    .orderBy('addedAtMs')
    .orderBy('kid')
    .execute();
  const byDigest = Map.groupBy(lines, ({ digest }) => digest);
  return rows.map((row) => ({ row, signatures: (byDigest.get(row.digest) ?? []).map(lineOf) }));
}

/** Other unpublished drafts that claim the same (id, epoch, ver). */
export async function rivalsOf(
  database: CloudDatabase,
  { document, digest }: DraftText,
): Promise<readonly SignedDraft[]> {
  const rows = await database
    .selectFrom('draft')
    .select('digest')
    .where('id', '=', document.id)
    .where('epoch', '=', document.epoch)
    .where('ver', '=', document.ver)
    .where('digest', '!=', digest)
    .where('publishedAtMs', 'is', null)
    .execute();
  const found = await Promise.all(rows.map((row) => findDraft(database, row.digest)));
  return found.filter((each) => each !== null);
}

/** Puts the draft in place of those that it replaces; one that somebody has signed meanwhile stays. */
export async function keepDraft(
  database: CloudDatabase,
  { document, digest, payload }: DraftText,
  replaced: readonly string[],
  atMs: number,
): Promise<void> {
  const { typ, id, epoch, ver } = document;
  const row = { digest, typ, id, epoch, ver, payload: toBase64url(payload), createdAtMs: atMs };
  await database.transaction().execute(async (transaction) => {
    if (replaced.length > 0) {
      await transaction
        .deleteFrom('draft')
        .where('digest', 'in', replaced)
        .where('digest', 'not in', transaction.selectFrom('signature').select('digest'))
        .execute();
    }
    await transaction
      .insertInto('draft')
      .values({ ...row, publishedAtMs: null, holders: null })
      .onConflict((conflict) => conflict.column('digest').doNothing())
      .execute();
  });
}

export async function keepSignature(
  database: CloudDatabase,
  digest: string,
  kid: string,
  line: NewSignature,
  atMs: number,
): Promise<void> {
  await database
    .insertInto('signature')
    .values({ digest, kid, protected: line.protected, signature: line.signature, addedAtMs: atMs })
    .onConflict((conflict) => conflict.columns(['digest', 'kid']).doNothing())
    .execute();
}

async function signaturesOf(database: CloudDatabase, digest: string): Promise<readonly NewSignature[]> {
  const lines = await database
    .selectFrom('signature')
    .select(['protected', 'signature'])
    .where('digest', '=', digest)
    .orderBy('addedAtMs')
    .orderBy('kid')
    .execute();
  return lines.map(lineOf);
}

const lineOf = (line: NewSignature): NewSignature => ({
  protected: line.protected,
  signature: line.signature,
});
