/** Text that comes over RDS two or four characters at a time: which to believe, and what they read as. Pure. */

/** A few characters at one place: those believed, and others that were heard once and want a second witness. */
export type Cell = { readonly believed: string | null; readonly heard: string | null };
export type Cells = readonly Cell[];

const empty: Cell = { believed: null, heard: null };

export const emptyCells = (count: number): Cells => Array.from({ length: count }, () => empty);

/**
 * Blocks without any error are believed at once where nothing else is believed yet; everything else, and whatever
 * contradicts, must be heard twice in a row: ten check bits let some damaged blocks pass as corrected.
 */
export function hearCell(cells: Cells, at: number, characters: string, clean: boolean): Cells {
  const cell = cells[at] ?? empty;
  const isNew = cell.believed === null && clean;
  const believed =
    isNew || cell.heard === characters || cell.believed === characters ? characters : cell.believed;
  return cells.map((each, index) => (index === at ? { believed, heard: characters } : each));
}

/** The believed characters up to the mark of the end (carriage return), or null while one is missing. */
export function textOf(cells: Cells): string | null {
  let text = '';
  for (const { believed } of cells) {
    if (believed === null) return null;
    text += believed;
    const end = text.indexOf('\r');
    if (end !== -1) return text.slice(0, end);
  }
  return text;
}

/** IEC 62106 (EN 50067) Annex E, code table G0, from 0x80. */
const upperHalf =
  'áàéèíìóòúùÑÇŞß¡Ĳâäêëîïôöûüñçşǧıĳªα©‰Ǧěňőπ€£$←↑→↓º¹²³±İńűµ¿÷°¼½¾§' +
  'ÁÀÉÈÍÌÓÒÚÙŘČŠŽÐĿÂÄÊËÎÏÔÖÛÜřčšžđŀÃÅÆŒŷÝÕØÞŊŔĆŚŹŦðãåæœŵýõøþŋŕćśźŧ ';
/** Where the lower half is not ASCII. */
const otherwise: Readonly<Record<number, string>> = { 0x24: '¤', 0x5e: '―', 0x60: '║', 0x7e: '¯' };

/** One character of G0; control codes are blanks, but for the mark of the end. */
function letterOf(code: number): string {
  if (code === 0x0d) return '\r';
  if (code < 0x20 || code === 0x7f) return ' ';
  if (code >= 0x80) return upperHalf.charAt(code - 0x80);
  return otherwise[code] ?? String.fromCharCode(code);
}

/** The characters of these 16-bit words, high byte first. */
export const lettersOf = (...words: readonly number[]): string =>
  words.map((word) => letterOf(word >> 8) + letterOf(word & 255)).join('');
