/** What the plans say of a winner that a box names, and what they say should be on where a box says nothing. */
import { covers } from '../../../shared/protocol/areas.ts';
import type { Plan } from '../../../shared/protocol/schema/documents.ts';
import type { Item } from '../../../shared/protocol/schema/item.ts';
import type { Verdict } from '../../../shared/schedule/intent.ts';
import { daysOfItem } from '../../../shared/schedule/item-days.ts';
import { resolve } from '../../../shared/schedule/resolve.ts';
import { openWindows } from '../../../shared/schedule/windows.ts';
import { zoneOf } from '../../../shared/schedule/zone.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';

export type Programme = { readonly plan: Plan; readonly item: Item };

/** Null for orders, and where this page has no such plan. */
export function programmeOf(plans: readonly Plan[], winner: string | null): Programme | null {
  if (winner === null) return null;
  for (const plan of plans) {
    const item = plan.items.find(({ id }) => `${plan.id}/${id}` === winner);
    if (item !== undefined) return { plan, item };
  }
  return null;
}

export type Span = { readonly fromMs: number; readonly toMs: number };

/** The window of the programme that is open at that time. */
export function spanOf({ plan, item }: Programme, nowMs: number): Span | null {
  const zone = zoneOf(plan.zone);
  const days = daysOfItem(item);
  if (zone === null || days === null) return null;
  const [open] = openWindows(item, days, zone, Math.floor(nowMs / 1000));
  return open === undefined ? null : { fromMs: open.start * 1000, toMs: open.end * 1000 };
}

const ANYTHING = {
  sound: ['media', 'stream', 'tuner', 'live'],
  screen: ['media', 'stream', 'page', 'ticker'],
} as const;

/**
 * What a box sounds if all is well with it: the same code decides on the box. Orders are left out. Null where the
 * box is not known to hold the plans that this page has.
 */
export function expectedSound(plans: readonly Plan[], box: BoxView, nowMs: number): Verdict | null {
  const { area, tags, status } = box;
  if (area === null || status === null) return null;
  const followed = plans.filter((plan) => covers(plan.area, area));
  const holdsAll = followed.every(({ id, epoch, ver }) => {
    const held = status.held[id];
    return held?.epoch === epoch && held.ver === ver;
  });
  if (!holdsAll) return null;
  const situation = {
    plans: followed,
    box: { area, tags, quiet: null, can: ANYTHING },
    orders: [],
    localTest: null,
  };
  return resolve(situation, Math.floor(nowMs / 1000)).sound;
}
