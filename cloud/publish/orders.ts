/** The orders that are still in force, as boxes ask for them between connections and as people look at them. */
import { readStored } from '../../shared/protocol/envelope.ts';
import { utf8 } from '../../shared/protocol/bytes.ts';
import type { Order } from '../../shared/protocol/schema/documents.ts';
import { areaAndAncestors } from '../../shared/wire/follow.ts';
import { envelope } from '../../shared/wire/carrier.ts';
import type { Envelope } from '../../shared/wire/carrier.ts';
import type { LiveOrder } from '../../shared/wire/staff.ts';
import type { CloudDatabase } from '../database.ts';
import type { OrderTable } from '../tables.ts';

/**
 * The unexpired orders for boxes of this area, newest first: a box that was away meets a clear before the alert
 * that it cleared, and so does not sound it for a moment.
 */
export async function ordersFor(database: CloudDatabase, area: string, nowS: number): Promise<Envelope[]> {
  const line = new Set(areaAndAncestors(area));
  return (await unexpired(database, nowS))
    .filter((row) => orderIn(row).scope.some((each) => line.has(each)))
    .map((row) => envelope.parse(JSON.parse(row.envelope)));
}

export async function liveOrders(database: CloudDatabase, nowS: number): Promise<LiveOrder[]> {
  return (await unexpired(database, nowS)).map(liveOrderOf);
}

/** A day of orders at most (protocol V14): few, found by index. */
const unexpired = (database: CloudDatabase, nowS: number): Promise<OrderTable[]> =>
  database
    .selectFrom('order')
    .selectAll()
    .where('exp', '>', nowS)
    .orderBy('iat', 'desc')
    .orderBy('digest')
    .execute();

function orderIn(row: OrderTable): Order {
  const stored = readStored(utf8(row.envelope));
  if (typeof stored === 'string' || stored.document.typ !== 'order')
    throw new Error(`order ${row.digest} is damaged`);
  return stored.document;
}

function liveOrderOf(row: OrderTable): LiveOrder {
  const { typ, id, epoch, ver, kind, scope, text, iat, exp } = orderIn(row);
  const holders = JSON.parse(row.holders) as string[];
  return {
    ...{ typ, id, epoch, ver, kind, text, iat, exp, holders },
    digest: row.digest,
    publishedAtMs: row.publishedAtMs,
    scope,
  };
}
