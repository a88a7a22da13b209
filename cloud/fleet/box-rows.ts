/** What is known of the boxes, kept over a restart of the cloud: read whole at the start, written in batches. */
import type { KeptRecord } from '../../shared/wire/fleet.ts';
import { boxStatus } from '../../shared/wire/status.ts';
import type { BoxStatus } from '../../shared/wire/status.ts';
import { playRecord } from '../../shared/records/record.ts';
import type { CloudDatabase } from '../database.ts';
import type { BoxTable, RecordTable } from '../tables.ts';
import { UNHEARD } from './box-view.ts';
import type { Heard } from './box-view.ts';

/** How many records a box shows in the view of the whole fleet. */
export const RECENT_RECORDS = 3;
/** Enough of the newest for every page that is looked at after a restart; older ones are a query away. */
const RECORDS_AT_START = 20_000;

export async function loadHeard(database: CloudDatabase): Promise<Map<string, Heard>> {
  const boxes = await database.selectFrom('box').selectAll().execute();
  const heard = new Map(boxes.map((row) => [row.dev, heardFrom(row)]));
  const breaks = await database
    .selectFrom('break')
    .select(({ fn }) => ['dev', fn.countAll<number>().as('count')])
    .groupBy('dev')
    .execute();
  for (const { dev, count } of breaks) heard.set(dev, { ...(heard.get(dev) ?? UNHEARD), breaks: count });
  const newest = await database
    .selectFrom('record')
    .select(['dev', 'chain', 'receivedAtMs', 'body'])
    .orderBy('receivedAtMs', 'desc')
    .orderBy('seq', 'desc')
    .limit(RECORDS_AT_START)
    .execute();
  for (const [dev, rows] of Map.groupBy(newest, (row) => row.dev)) {
    const recent = rows.slice(0, RECENT_RECORDS).map(keptFrom);
    heard.set(dev, { ...(heard.get(dev) ?? UNHEARD), recent });
  }
  return heard;
}

export const keptFrom = ({
  dev,
  chain,
  receivedAtMs,
  body,
}: Pick<RecordTable, 'dev' | 'chain' | 'receivedAtMs' | 'body'>): KeptRecord => ({
  dev,
  chain,
  receivedAtMs,
  record: playRecord.parse(JSON.parse(body)),
});

function heardFrom(row: BoxTable): Heard {
  const status = row.status === null ? null : statusFrom(row.status);
  return {
    ...UNHEARD,
    // A cloud that has just started has no connections; boxes come back on their own.
    link: {
      state: row.linkState === 'never' ? 'never' : 'silent',
      lastSeenAtMs: row.lastSeenAtMs,
      sinceMs: row.sinceMs,
    },
    status,
    statusAtMs: row.statusAtMs,
    held: status?.held ?? null,
  };
}

/** Null where an older version of the program wrote it in another shape: the next status is minutes away. */
const statusFrom = (text: string): BoxStatus | null => boxStatus.safeParse(JSON.parse(text)).data ?? null;

/** One transaction for all boxes that said something since the last time. */
export async function keepHeard(
  database: CloudDatabase,
  changed: readonly (readonly [string, Heard])[],
): Promise<void> {
  if (changed.length === 0) return;
  await database.transaction().execute(async (transaction) => {
    for (const [dev, { link, status, statusAtMs }] of changed) {
      const row = {
        linkState: link.state,
        lastSeenAtMs: link.lastSeenAtMs,
        sinceMs: link.sinceMs,
        status: status === null ? null : JSON.stringify(status),
        statusAtMs,
      };
      await transaction
        .insertInto('box')
        .values({ dev, ...row })
        .onConflict((conflict) => conflict.column('dev').doUpdateSet(row))
        .execute();
    }
  });
}
