/** The windows of an item as instants: which are open, and when the next one opens. */
import type { Item } from '../protocol/schema/item.ts';
import { secondOfDay } from './days.ts';
import type { ItemDays } from './item-days.ts';
import type { Zone } from './zone.ts';
import { instantOf, localDay } from './zone.ts';

/** UTC seconds, the end exclusive. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

const LONGEST_S = 86_400;

/**
 * Open at `at`; two of one item where it is a day long and the clock was set forward. A window may cross midnight
 * and belongs to the day it starts.
 */
export function openWindows(item: Item, days: ItemDays, zone: Zone, at: number): Window[] {
  const second = secondOfDay(item.startAt);
  const open: Window[] = [];
  // A day on either side more than seems needed: a change of offset shifts what the calendar on the wall shows.
  const last = localDay(zone, at) + 1;
  for (let day = localDay(zone, at - LONGEST_S) - 1; day <= last; day += 1) {
    if (!days.has(day)) continue;
    const start = instantOf(zone, day, second);
    const end = start + item.lengthS;
    if (start <= at && at < end) open.push({ start, end });
  }
  return open;
}

/** The first instant in `at`…`before`, both exclusive, at which a window opens; `before` if there is none. */
export function nextOpening(item: Item, days: ItemDays, zone: Zone, at: number, before: number): number {
  const second = secondOfDay(item.startAt);
  const last = localDay(zone, before) + 1;
  let day = days.next(localDay(zone, at) - 1, last);
  while (day !== null) {
    const start = instantOf(zone, day, second);
    if (start > at) return Math.min(start, before);
    day = days.next(day + 1, last);
  }
  return before;
}
