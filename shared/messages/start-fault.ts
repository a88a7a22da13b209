/** Why agent or cloud could not start, and what to do about it, in words for the person who starts it. */
import type { Text } from './text.ts';

export class StartFault extends Error {
  readonly text: Text;
  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options);
    this.text = text;
  }
}
