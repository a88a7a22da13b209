/** How the registry of conditions is read: codes, severities and their order. */
import type { Declared, Severity } from './declared.ts';
import { conditions } from './registry.ts';

export type ConditionCode = keyof typeof conditions;
/** `sinceMs`: UTC milliseconds by the box's clock. */
export type Condition = { readonly code: ConditionCode; readonly sinceMs: number };

const order: readonly Severity[] = ['info', 'warning', 'error', 'danger'];

export const conditionCodes = Object.keys(conditions) as readonly ConditionCode[];

/** What a code means; null for one of another version of Loa. */
export function declaredOf(code: string): Declared | null {
  return Object.hasOwn(conditions, code) ? conditions[code as ConditionCode] : null;
}

/** An unknown code is as bad as an error: a newer box says something that this program cannot read. */
export const severityOf = (code: string): Severity => declaredOf(code)?.severity ?? 'error';

/** The worst severity among them; null without any. */
export function worstOf(codes: readonly string[]): Severity | null {
  const ranks = codes.map((code) => order.indexOf(severityOf(code)));
  return order[Math.max(...ranks)] ?? null;
}

/** Worst first, then longest. */
export function bySeverity<T extends { readonly code: string; readonly sinceMs: number }>(
  found: readonly T[],
): T[] {
  const rank = ({ code }: T) => order.indexOf(severityOf(code));
  return found.toSorted((a, b) => rank(b) - rank(a) || a.sinceMs - b.sinceMs);
}
