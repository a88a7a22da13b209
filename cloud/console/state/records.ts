/** The last as-run records of all boxes, newest first, each once: more than the few that a box's own view carries. */
import type { KeptRecord } from '../../../shared/wire/fleet.ts';

/** What a page can use; whoever wants more asks with a question of their own. */
const MOST = 600;

export function withNewest(known: readonly KeptRecord[], came: readonly KeptRecord[]): readonly KeptRecord[] {
  const byKey = new Map([...came, ...known].map((kept) => [keyOf(kept), kept]));
  return [...byKey.values()].toSorted((a, b) => beganAtMs(b) - beganAtMs(a)).slice(0, MOST);
}

/** One record has one, however it came. */
export const keyOf = ({ dev, chain, record }: KeptRecord): string => `${dev}/${chain}/${record.seq}`;

/** When it was heard or seen, or should have been. */
export const beganAtMs = ({ record }: KeptRecord): number => record.startedAtMs ?? record.plannedAtMs;
