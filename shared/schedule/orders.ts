/** What active orders and a technician's test claim at an instant, and when that changes next. */
import type { ActiveOrder, LocalTest, LocalTestCandidate, OrderCandidate } from './intent.ts';

// An order is begun in the second in which it was committed, not a second later.
const begunAt = (order: ActiveOrder): number => Math.floor(order.begunAtMs / 1000);

export function isActive(order: ActiveOrder, at: number): boolean {
  return begunAt(order) <= at && at < order.exp;
}

/** Repetition k is due at begun + k · repeatS (architecture.md §3). */
function dueAt(order: ActiveOrder, repetition: number): number {
  return begunAt(order) + repetition * (order.repeatS ?? 0);
}

/** Since when the first repetition that was not heard has waited: what turns between warnings go by. */
export function waitsSince(order: ActiveOrder): number {
  return dueAt(order, order.heard);
}

/** The latest repetition whose time has come: those before it are never made up. */
function latestDue(order: ActiveOrder, at: number): number {
  return order.repeatS === null ? 0 : Math.floor((at - begunAt(order)) / order.repeatS);
}

/** Halt and stop hold until their `exp`; the others claim while a repetition is due and not over. */
export function claimOf(order: ActiveOrder, at: number): OrderCandidate | null {
  if (!isActive(order, at) || order.slot !== null) return null;
  const holds = order.kind === 'halt' || order.kind === 'stop';
  const repetition = holds ? 0 : (order.sounding ?? latestDue(order, at));
  if (!holds && repetition < order.heard) return null;
  return { kind: 'order', order, repetition, dueAt: dueAt(order, repetition) };
}

export function claimOfTest(test: LocalTest, at: number): LocalTestCandidate | null {
  return test.begunAt <= at && at < test.endsAt ? { kind: 'local-test', test } : null;
}

/** When an order begins, ends, or has its next repetition due; instants that have passed are among them. */
export function changesOfOrder(order: ActiveOrder, at: number): number[] {
  const next = order.repeatS === null ? order.exp : dueAt(order, latestDue(order, at) + 1);
  return [begunAt(order), Math.min(next, order.exp), order.exp];
}
