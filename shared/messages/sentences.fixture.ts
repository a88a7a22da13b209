/** Every sentence of the catalogue, those with something to fill in filled with what an attacker would send. */
import { breakKinds, clocksByRadio, consoleMessages, documentTypeInWords } from './console.ts';
import { linkStates, orderKindInWords } from './console.ts';
import { byRadio, endCauses, reasonInWords, startCauses, surfaces } from './records.ts';
import { loaMessages, radioUses } from './loa.ts';
import type { Text } from './text.ts';

export const HOSTILE = 'x\u001b]0;owned\u0007\r\n\u202Ey\u2028';

const filled = (entry: unknown): Text =>
  typeof entry === 'function'
    ? (entry as (...values: readonly string[]) => Text)(HOSTILE, HOSTILE, HOSTILE)
    : (entry as Text);

const catalogues: readonly Readonly<Record<string, unknown>>[] = [
  loaMessages,
  startCauses,
  endCauses,
  surfaces,
  { reason: reasonInWords('QUIET_HOURS'), byRadio },
  radioUses,
  clocksByRadio,
  consoleMessages,
  linkStates,
  breakKinds,
  { order: orderKindInWords('alert'), strangeOrder: orderKindInWords(HOSTILE) },
  { document: documentTypeInWords('plan'), strangeDocument: documentTypeInWords(HOSTILE) },
];

export const sentences: readonly (readonly [name: string, sentence: Text])[] = catalogues.flatMap((entries) =>
  Object.entries(entries).map(([name, entry]) => [name, filled(entry)] as const),
);
