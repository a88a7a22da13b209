/** A sentence for people in both languages, and what makes words from outside harmless before they are put into one. */

/** Vietnamese is shown first, English second. */
export type Text = { readonly vi: string; readonly en: string };
export type Language = keyof Text;

export const text = (vi: string, en: string): Text => ({ vi, en });

/** Nothing that a document, a file name or a person brings in gets longer than this inside a sentence. */
const MOST = 200;

// What a terminal acts on or an eye cannot see: controls, format characters (bidirectional ones too), private use,
// lone surrogates, separators, and spaces that are not U+0020.
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
/** Vietnamese needs at most two marks on a letter; a heap of them climbs over the lines above. */
const stackedMarks = /(\p{M}{2})\p{M}+/gu;

/** One line that shows `value` and steers nothing: controls become visible, a line feed becomes ⏎, length is bounded. */
export function shown(value: string, most = MOST): string {
  const line = value
    .replace(stackedMarks, '$1')
    .replace(unseen, (character) =>
      character === '\n' ? '⏎' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    );
  const points = Array.from(line);
  return points.length <= most ? line : `${points.slice(0, most - 1).join('')}…`;
}

/** Template tag of every sentence with something filled in: what comes from outside is shown, never obeyed. */
export function say(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce((line, part, index) => line + shown(String(values[index - 1] ?? '')) + part);
}

/** JSON for a terminal: what `shown` would make visible is written as an escape, so that it means the same and does nothing. */
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
