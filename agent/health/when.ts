/** How a detector says what holds: nothing, or these conditions. */
import type { ConditionCode } from '../../shared/health/condition.ts';

export const when = (holds: boolean, ...codes: readonly ConditionCode[]): readonly ConditionCode[] =>
  holds ? codes : [];
