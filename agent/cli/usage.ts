/** What is wrong with a command line, in words of people: the parser's own sentences are English, and half a translation helps nobody. Pure. */
import { CommanderError } from '@commander-js/extra-typings';
import { loaMessages as words } from '../../shared/messages/loa.ts';
import type { Text } from '../../shared/messages/text.ts';

/** A word that the command itself refuses: ends like wrong usage, and says why in both languages. */
export class Unfit extends CommanderError {
  readonly text: Text;

  constructor(text: Text) {
    super(1, 'loa.unfit', text.en);
    this.text = text;
  }
}

const sentences: readonly (readonly [RegExp, (found: string, more: string) => Text])[] = [
  [/^unknown command '(.*)'/, words.noCommand],
  [/^unknown option '(.*)'/, words.noOption],
  [/^missing required argument '(.*)'/, words.missing],
  [/^option '(.*)' argument missing/, words.noValue],
  [/(?:value|argument) '(.*)' is invalid.* Allowed choices are (.*)\.$/, words.noChoice],
  [/^too many arguments for '(.*)'\./, words.tooMany],
];

export function usageText(cause: CommanderError): Text {
  if (cause instanceof Unfit) return cause.text;
  const [message = '', hint = ''] = cause.message.replace(/^error: /, '').split('\n');
  const near = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(hint)?.[1];
  const said = sentenceOf(message);
  if (near === undefined) return said;
  const meant = words.meant(near);
  return { vi: `${said.vi} ${meant.vi}`, en: `${said.en} ${meant.en}` };
}

function sentenceOf(message: string): Text {
  for (const [pattern, sentence] of sentences) {
    const match = pattern.exec(message);
    if (match !== null) return sentence(match[1] ?? '', match[2] ?? '');
  }
  return words.otherwise(message);
}
