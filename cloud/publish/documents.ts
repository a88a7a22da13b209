/** What is published, as boxes fetch it and as people list it. */
import type { CloudDatabase } from '../database.ts';
import type { LiveDocument } from '../../shared/wire/staff.ts';

/** Null where this cloud has no trust of that number. */
export async function trustEnvelope(database: CloudDatabase, ver: number): Promise<string | null> {
  const row = await database.selectFrom('trust').select('envelope').where('ver', '=', ver).executeTakeFirst();
  return row?.envelope ?? null;
}

export const liveDocuments = (database: CloudDatabase): Promise<LiveDocument[]> =>
  database
    .selectFrom('document')
    .select(['typ', 'id', 'epoch', 'ver', 'digest', 'publishedAtMs', 'iat', 'exp', 'area'])
    .orderBy('id')
    .execute();
