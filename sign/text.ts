/** Words between loa-sign and its person: pairs of Vietnamese and English, and text made harmless for a terminal. */

import type { z } from 'zod';

/** Vietnamese first, English second, everywhere. */
export type Text = { readonly vi: string; readonly en: string };

/** What came of a request that may be refused: a value, or a sentence that says why not and what to do. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: Text };

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const refused = (vi: string, en: string): { ok: false; why: Text } => ({ ok: false, why: { vi, en } });

/** Every field that breaks its schema, in one refusal. */
export function schemaFaults(error: z.ZodError): { ok: false; why: Text } {
  const faults = error.issues.slice(0, MAX_FAULTS).map(({ path, message }) => `${pathOf(path)}: ${message}`);
  const list = faults.join('; ');
  return refused(`Nội dung sai quy cách: ${list}`, `The content breaks the rules of its type: ${list}`);
}

const MAX_FAULTS = 12;

const pathOf = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? '(JSON)' : path.map(String).join('.');

/** The value, or the sentence of the refusal as an Error: for tests and scripts, where a refusal is a bug. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.why.en);
}

// What a terminal acts on or an eye cannot see: controls, invisible format characters, separators of lines,
// private use, lone surrogates, and spaces that are not U+0020.
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}|\u034F|[\u115F\u1160\u3164\uFFA0]/gu;
const stackedMarks = /(\p{M}{2})\p{M}+/gu;

/**
 * One line that shows `text` and cannot steer a terminal: escape sequences, bidirectional overrides and
 * invisible characters become visible, a line feed becomes ⏎. Vietnamese needs at most two marks on a letter.
 */
export function shown(text: string): string {
  return text
    .replace(stackedMarks, '$1')
    .replace(unseen, (character) =>
      character === '\n' ? '⏎' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    );
}

/** JSON of a value in which no character outside what `shown` passes stands unescaped. */
export function shownJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(unseen, (character) =>
    character === '\n'
      ? character
      : Array.from(
          { length: character.length },
          (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`,
        ).join(''),
  );
}
