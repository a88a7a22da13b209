/** The records of all boxes and the breaks in their chains, as people page through them. */
import type { ChainBreak, KeptRecord, RecordsQuery } from '../../shared/wire/fleet.ts';
import type { CloudDatabase } from '../database.ts';
import { keptFrom } from './box-rows.ts';

const columns = ['dev', 'chain', 'seq', 'receivedAtMs', 'body'] as const;

/**
 * Newest receipt first. A batch arrives in one instant, and `beforeMs` pages by instants, so the last instant of
 * a page comes whole: a page may be longer than `limit` by the rest of one batch.
 */
export async function findRecords(database: CloudDatabase, query: RecordsQuery): Promise<KeptRecord[]> {
  const asked = matching(database, query)
    .orderBy('receivedAtMs', 'desc')
    .orderBy('dev')
    .orderBy('seq', 'desc');
  const page = await asked.limit(query.limit).execute();
  const last = page.at(-1);
  if (last === undefined || page.length < query.limit) return page.map(keptFrom);
  const whole = await asked.where('receivedAtMs', '=', last.receivedAtMs).execute();
  return [...page.filter(({ receivedAtMs }) => receivedAtMs !== last.receivedAtMs), ...whole].map(keptFrom);
}

function matching(database: CloudDatabase, { dev, sinceMs, beforeMs }: RecordsQuery) {
  let rows = database.selectFrom('record').select(columns);
  if (dev !== undefined) rows = rows.where('dev', '=', dev);
  if (sinceMs !== undefined) rows = rows.where('receivedAtMs', '>=', sinceMs);
  if (beforeMs !== undefined) rows = rows.where('receivedAtMs', '<', beforeMs);
  return rows;
}

/** The newest records of one box, in the order in which it made them. */
export async function recordsOf(database: CloudDatabase, dev: string, limit: number): Promise<KeptRecord[]> {
  return findRecords(database, { dev, limit }).then((found) => found.slice(0, limit));
}

const BREAKS_AT_MOST = 1000;

export const findBreaks = (database: CloudDatabase): Promise<ChainBreak[]> =>
  database
    .selectFrom('break')
    .select(['dev', 'chain', 'seq', 'kind', 'atMs'])
    .orderBy('atMs', 'desc')
    .limit(BREAKS_AT_MOST)
    .execute();
