/** Why the cloud could not start, in words for the person who starts it. */
import type { Text } from '../shared/messages/text.ts';

export class StartFault extends Error {
  readonly text: Text;
  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options);
    this.text = text;
  }
}
