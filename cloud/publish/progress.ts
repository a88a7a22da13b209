/** How far the signatures of a draft have come, in the words of the API. Decoration: every box counts for itself (W02). */
import { review } from '../../shared/protocol/review.ts';
import type { Review } from '../../shared/protocol/review.ts';
import type { BoxState, Clock, Code } from '../../shared/protocol/state.ts';
import type { NewSignature } from '../../shared/wire/staff.ts';

export type Progress = {
  readonly code: Code;
  /** Names of the people whose signatures count. */
  readonly holders: readonly string[];
  /** How many more people must sign; null where something else is wrong. */
  readonly missing: number | null;
};

export async function reviewed(
  payload: Uint8Array,
  lines: readonly NewSignature[],
  state: BoxState,
  clock: Clock,
): Promise<Progress> {
  return progressOf(await review(payload, [...lines], state, clock));
}

function progressOf({ code, quorums }: Review): Progress {
  const holders = [...new Set(quorums.flatMap(({ counted }) => counted.map(({ holder }) => holder)))];
  if (code !== 'ACCEPTED') return { code, holders, missing: null };
  // A trust asks the old roots and the new; who is in both signs once, so the larger need is what is missing.
  const missing = Math.max(0, ...quorums.map((each) => each.missing));
  return { code: missing > 0 ? 'THRESHOLD' : 'ACCEPTED', holders, missing };
}
