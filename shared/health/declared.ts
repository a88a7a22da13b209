/** What is declared of each condition: one value for each thing that a person may see. */
import type { Text } from '../messages/text.ts';

/** `danger`: somebody may be attacking, or people may be hurt or unwarned. */
export type Severity = 'info' | 'warning' | 'error' | 'danger';

export type Declared = {
  readonly severity: Severity;
  readonly text: Text;
  /** What to do about it. */
  readonly remedy: Text;
  /** It is shown once it has lasted so long. */
  readonly holdMs: number;
};
