/** `loa-cloud fleet`, `records`, `breaks`, `documents`: what the province's boxes do and did, as tables or JSON. */
import { say, text } from '../../shared/messages/text.ts';
import { endCauses, reasonInWords } from '../../shared/messages/records.ts';
import { breaksAnswer, fleetAnswer, keptRecordsAnswer } from '../../shared/wire/fleet.ts';
import type { BoxView, KeptRecord, Link } from '../../shared/wire/fleet.ts';
import { documentsAnswer, placesAnswer, staffPaths } from '../../shared/wire/staff.ts';
import type { LayerNow } from '../../shared/wire/status.ts';
import type { Client } from './client.ts';
import { EXIT } from './ended.ts';
import type { Exit } from './ended.ts';
import { both, momentOf, printJson, printTable } from './output.ts';
import type { Output } from './output.ts';

export async function showFleet(client: Client, output: Output): Promise<Exit> {
  const fleet = await client.get(staffPaths.fleet, fleetAnswer);
  if (output.json) {
    printJson(output, fleet);
    return EXIT.done;
  }
  const places = await client.get(staffPaths.areas, placesAnswer);
  const names = new Map(places.map(({ area, name }) => [area, name.vi]));
  const heading = [
    'HỘP·BOX',
    'NƠI·PLACE',
    'KẾT NỐI·LINK',
    'GIỜ·CLOCK',
    'LOA·SOUND',
    'BẢNG·SCREEN',
    'CHẬM·BEHIND',
    'ĐỨT·BREAKS',
  ];
  printTable(output, [heading, ...fleet.boxes.map((box) => fleetRow(box, names))]);
  output.write(both(text(say`${fleet.boxes.length} hộp`, say`${fleet.boxes.length} boxes`)));
  return EXIT.done;
}

const LINKS: Readonly<Record<Link['state'], string>> = {
  online: 'trực tuyến·online',
  silent: 'im lặng·silent',
  never: 'chưa từng·never',
};

const fleetRow = (box: BoxView, names: ReadonlyMap<string, string>): string[] => [
  box.state === 'revoked' ? `${box.dev} (thu hồi·revoked)` : box.dev,
  box.area === null ? '–' : (names.get(box.area) ?? box.area),
  LINKS[box.link.state],
  box.status === null ? '–' : `${box.status.clock.state} ±${box.status.clock.u}s`,
  layerText(box.status?.now.sound),
  layerText(box.status?.now.screen),
  box.behind.length === 0 ? '–' : box.behind.join(' '),
  String(box.breaks),
];

/** In brackets while it waits or is muted. */
function layerText(layer: LayerNow | undefined): string {
  if (layer === undefined || layer.winner === null) return '–';
  const title = layer.title ?? layer.winner;
  return layer.active ? title : `(${title})`;
}

export type RecordsAsked = { readonly box?: string; readonly since?: string; readonly limit: string };

export async function showRecords(client: Client, output: Output, asked: RecordsAsked): Promise<Exit> {
  const query = new URLSearchParams({ limit: asked.limit });
  if (asked.box !== undefined) query.set('dev', asked.box);
  if (asked.since !== undefined) query.set('sinceMs', String(Date.parse(asked.since)));
  const records = await client.get(`${staffPaths.records}?${query.toString()}`, keptRecordsAnswer);
  if (output.json) printJson(output, records);
  else printTable(output, [RECORD_COLUMNS, ...records.map(recordRow)]);
  return EXIT.done;
}

const RECORD_COLUMNS = ['LÚC·AT', 'HỘP·BOX', 'SỐ·SEQ', 'KÊNH·ON', 'NỘI DUNG·TITLE', 'GIÂY·S', 'KẾT THÚC·END'];

const recordRow = ({ dev, record }: KeptRecord): string[] => [
  momentOf(record.startedAtMs ?? record.plannedAtMs),
  dev,
  String(record.seq),
  record.surface,
  record.title,
  (record.playedMs / 1000).toFixed(1),
  endText(record),
];

function endText({ endCause, reason }: KeptRecord['record']): string {
  const end = endCauses[endCause].vi;
  return reason === null ? end : `${end}: ${reasonInWords(reason).vi}`;
}

export async function showBreaks(client: Client, output: Output): Promise<Exit> {
  const breaks = await client.get(staffPaths.breaks, breaksAnswer);
  const rows = breaks.map(({ atMs, dev, chain, seq, kind }) => [
    momentOf(atMs),
    dev,
    chain,
    String(seq),
    kind,
  ]);
  if (output.json) printJson(output, breaks);
  else printTable(output, [['LÚC·AT', 'HỘP·BOX', 'CHUỖI·CHAIN', 'SỐ·SEQ', 'LỖI·KIND'], ...rows]);
  return EXIT.done;
}

export async function showDocuments(client: Client, output: Output): Promise<Exit> {
  const documents = await client.get(staffPaths.documents, documentsAnswer);
  const rows = documents.map(({ id, epoch, ver, exp, publishedAtMs }) => [
    id,
    `${epoch}.${ver}`,
    momentOf(publishedAtMs),
    momentOf(exp * 1000),
  ]);
  if (output.json) printJson(output, documents);
  else
    printTable(output, [['VĂN BẢN·DOCUMENT', 'BẢN·VER', 'BAN HÀNH·PUBLISHED', 'HẾT HẠN·EXPIRES'], ...rows]);
  return EXIT.done;
}
