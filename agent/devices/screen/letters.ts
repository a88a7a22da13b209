/** How wide text is on a board, and where it breaks: measured by a table, since the agent draws without a font engine. */

/** Advance widths of Noto Sans Bold from space to tilde, in thousandths of the font size; Regular is never wider. */
const widths = [
  260, 286, 472, 646, 572, 901, 750, 266, 339, 339, 545, 572, 285, 322, 285, 413, 572, 572, 572, 572, 572,
  572, 572, 572, 572, 572, 285, 285, 572, 572, 572, 477, 897, 690, 672, 637, 740, 560, 549, 724, 765, 389,
  331, 664, 565, 943, 813, 796, 628, 796, 660, 551, 579, 756, 650, 967, 667, 624, 579, 331, 413, 331, 572,
  411, 362, 604, 633, 514, 633, 591, 387, 633, 657, 305, 305, 620, 305, 982, 657, 619, 633, 633, 454, 497,
  434, 657, 569, 856, 578, 569, 488, 394, 551, 394, 572,
];
const horn = '\u031b';
const hornWidth = 130;
/** Whatever is in no table (other scripts, symbols) counts as wide as a Chinese letter. */
const unknownWidth = 1000;

const letterWidth = (letter: string): number => {
  const [base = ' ', ...marks] = letter.normalize('NFD');
  const plain = base === 'đ' ? 'd' : base === 'Đ' ? 'D' : base;
  const code = plain.codePointAt(0) ?? 0;
  return (widths[code - 32] ?? unknownWidth) + (marks.includes(horn) ? hornWidth : 0);
};

/** In the unit of the size. A little too wide rather than too narrow. */
export const widthOf = (text: string, size: number): number =>
  Array.from(text.normalize('NFC')).reduce((sum, letter) => sum + letterWidth(letter), 0) * (size / 1000);

/** A word that fits no line is broken inside. */
const pieces = (word: string, size: number, width: number): readonly string[] => {
  const parts: string[] = [];
  let part = '';
  for (const letter of word.normalize('NFC')) {
    if (part !== '' && widthOf(part + letter, size) > width) {
      parts.push(part);
      part = '';
    }
    part += letter;
  }
  return [...parts, part];
};

const wrapParagraph = (paragraph: string, size: number, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(/\s+/).flatMap((each) => pieces(each, size, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
};

/** Lines no wider than this; a line break in the text stays one. */
export const wrap = (text: string, size: number, width: number): readonly string[] =>
  text
    .trim()
    .split(/\r?\n/)
    .flatMap((paragraph) => wrapParagraph(paragraph.trim(), size, width));

export type Fitted = {
  readonly size: number;
  readonly lineHeight: number;
  readonly lines: readonly string[];
};

/** Vietnamese stacks two marks on a capital: lines need more room than Latin ones. */
const leading = 1.36;

/** The largest size at which the text fits the box; at the smallest one the last line ends in an ellipsis if it must. */
export const fit = (
  text: string,
  box: { readonly width: number; readonly height: number },
  sizes: { readonly largest: number; readonly smallest: number },
): Fitted => {
  for (let size = sizes.largest; ; size -= 2) {
    const lines = wrap(text, size, box.width);
    const lineHeight = Math.round(size * leading);
    const most = Math.max(1, Math.floor(box.height / lineHeight));
    if (lines.length <= most) return { size, lineHeight, lines };
    if (size <= sizes.smallest) {
      const kept = lines.slice(0, most);
      return { size, lineHeight, lines: kept.with(-1, `${kept.at(-1) ?? ''}…`) };
    }
  }
};
