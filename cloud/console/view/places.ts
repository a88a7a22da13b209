/** Names of places and documents as people say them. */
import { consoleMessages, documentTypeInWords } from '../../../shared/messages/console.ts';
import { shown, text, type Text } from '../../../shared/messages/text.ts';

export type Places = ReadonlyMap<string, Text>;

export function placeName(places: Places, area: string | null): Text {
  if (area === null) return consoleMessages.noArea;
  return places.get(area) ?? text(shown(area), shown(area));
}

/** `vn56` is the province whose area is `56`. */
export function provinceName(places: Places, prov: string): Text {
  const code = prov.replace(/^vn/, '');
  return places.get(code) ?? consoleMessages.province(code);
}

/** `plan:56.22366` as *Kế hoạch Phường Nha Trang*. */
export function documentName(places: Places, id: string): Text {
  const [typ = '', of] = id.split(':');
  const kind = documentTypeInWords(typ);
  if (of === undefined || typ === 'device') return kind;
  const place = placeName(places, of);
  return text(`${kind.vi} ${place.vi}`, `${kind.en} ${place.en}`);
}
