/** How far a document reaches, and which places its signer must name before signing it (protocol.md §9). */
import type { SignedDocument } from '../shared/protocol/schema/documents.ts';

/** The code of the whole province: `56` of `vn56`. */
const provinceArea = ({ prov }: SignedDocument): string => prov.slice(2);

/** The areas in which it has effect. A device document is one box's, and is named by it. */
export function areasOf(document: SignedDocument): readonly string[] {
  switch (document.typ) {
    case 'trust':
    case 'head':
    case 'release':
      return [provinceArea(document)];
    case 'order':
      return document.scope;
    case 'keyring':
    case 'plan':
    case 'templates':
    case 'fmplan':
    case 'device':
      return [document.area];
  }
}

/** `56` is wider than a commune, `56.22366` is one. */
export const isWide = (area: string): boolean => !area.includes('.');

/** Everything wider than a commune; for an alert every place. One box is never wide. */
export function placesToName(document: SignedDocument): readonly string[] {
  if (document.typ === 'device') return [];
  const areas = areasOf(document);
  return document.typ === 'order' && document.kind === 'alert' ? areas : areas.filter(isWide);
}

const plainForm = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/đ/giu, 'd')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase();

/** Is this what the place is called? Hòa and Hoà are one; where no name is known, its code is asked for. */
export const isNameOf = (typed: string, area: string, places: ReadonlyMap<string, string>): boolean =>
  plainForm(typed) === plainForm(places.get(area) ?? area);

/** `56.22366 (Xã Diên Khánh)`. */
export function placeName(area: string, places: ReadonlyMap<string, string>): string {
  const name = places.get(area);
  return name === undefined ? area : `${area} (${name})`;
}
