/** Which boxes have told, by records, that they carried out which order: what a box's last few records soon forget. */
import type { BoxView, KeptRecord } from '../../../shared/wire/fleet.ts';
import type { LiveOrder } from '../../../shared/wire/staff.ts';

/** `title` as a box heard or showed it: a template's is in no order. */
export type Told = { readonly title: string; readonly devs: ReadonlySet<string> };
/** By the order's digest. */
export type ToldOrders = ReadonlyMap<string, Told>;

/** Records of other things, and those of orders that never began, change nothing. */
export function withRecords(told: ToldOrders, records: readonly KeptRecord[]): ToldOrders {
  const begun = records.filter(({ record }) => record.startedAtMs !== null);
  const next = new Map(told);
  for (const { dev, record } of begun) {
    const { subject, title } = record;
    if (subject.kind !== 'order') continue;
    const devs = next.get(subject.digest)?.devs ?? new Set();
    if (!devs.has(dev)) next.set(subject.digest, { title, devs: new Set([...devs, dev]) });
  }
  return next;
}

export const recentOf = (boxes: readonly BoxView[]): readonly KeptRecord[] =>
  boxes.flatMap(({ recent }) => recent);

/** Of orders that have ended nobody asks any more. */
export function onlyOf(told: ToldOrders, orders: readonly LiveOrder[]): ToldOrders {
  const live = new Set(orders.map(({ digest }) => digest));
  return new Map([...told].filter(([digest]) => live.has(digest)));
}
