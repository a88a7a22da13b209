/** `loa-sign draft` and `loa-sign order new`: from what a person wrote to the bytes that people sign. */
import { Command, Option } from '@commander-js/extra-typings';
import { parseJson } from '../../shared/protocol/bytes.ts';
import { documentIn, homeAt, nowS, orEnd } from '../desk.ts';
import { readText } from '../files.ts';
import { MESSAGES } from '../messages.ts';
import { orderDraft, SPOKEN_KINDS } from '../order.ts';
import { Ended } from '../desk.ts';
import { filledFrom, keepDraft } from './drafts.ts';
import { collected, homeOption, wholeNumber } from './options.ts';

async function draft(
  file: string,
  { out, home: folder }: { out?: string | undefined; home: string },
): Promise<void> {
  const home = await homeAt(folder);
  const written = parseJson(orEnd(await readText(file)));
  if (written === undefined) throw new Ended(MESSAGES.noJson(file));
  await keepDraft(await filledFrom(written, home), out ?? `${file.replace(/\.json$/, '')}.draft.json`, home);
}

const EXAMPLE = `
Ví dụ · Example of FILE (mọi trường · every field: shared/protocol/schema/item.ts):
  {"typ": "plan", "area": "56.22366", "items": [
    {"id": "ban-tin", "title": "Bản tin sáng", "firstDay": "2026-11-24", "startAt": "05:30:00", "lengthS": 600,
     "recur": {"kind": "rrule", "rule": "FREQ=DAILY"},
     "source": {"kind": "media", "repeat": 1, "play": [
       {"sha256": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", "size": 116858, "mime": "audio/ogg", "durMs": 12000}]}},
    {"id": "chu-chay", "title": "Nhắc họp", "surface": "screen", "firstDay": "2026-11-24", "startAt": "06:00:00",
     "lengthS": 3600, "recur": null, "source": {"kind": "ticker", "text": "Họp tổ dân phố lúc 19 giờ"}}]}`;

export const draftCommand = () =>
  new Command('draft')
    .summary('điền mặc định và chuẩn hóa bản nháp · fill in and canonicalise a draft')
    .description(
      'Điền prov, id, epoch, ver, iat, exp và các mặc định khác, rồi ghi dạng chuẩn tắc để ký.\nFills in prov, id, epoch, ver, iat, exp and other defaults, and writes the canonical form for signing.',
    )
    .argument('<file>', 'JSON có "typ" · JSON with a "typ"')
    .option('--out <file>', 'mặc định · default: FILE.draft.json')
    .addOption(homeOption())
    .addHelpText('after', EXAMPLE)
    .action(draft);

type OrderOptions = {
  kind: (typeof SPOKEN_KINDS)[number];
  scope: readonly string[];
  template?: string | undefined;
  plays: number;
  repeat?: number | undefined;
  text?: string | undefined;
  ends: readonly string[];
  life?: number | undefined;
  out: string;
  home: string;
};

async function orderNew({ kind, scope, plays, out, home: folder, ...rest }: OrderOptions): Promise<void> {
  const home = await homeAt(folder);
  const ends: string[] = [];
  for (const path of rest.ends) ends.push((await documentIn(path)).digest);
  const spoken = {
    kind,
    scope,
    plays,
    ends,
    template: rest.template ?? null,
    repeatS: rest.repeat === undefined ? null : rest.repeat * 60,
    text: rest.text ?? null,
    lifeS: rest.life === undefined ? null : rest.life * 60,
  };
  await keepDraft(await filledFrom(orEnd(orderDraft(spoken, nowS())), home), out, home);
}

const newOrder = () =>
  new Command('new')
    .summary('soạn lệnh · draft an order')
    .addOption(new Option('--kind <kind>', 'loại lệnh · kind').choices(SPOKEN_KINDS).makeOptionMandatory())
    .option('--template <area:n>', 'mẫu thông báo, ví dụ 56:3 · a stored template')
    .option('--scope <area>', 'nơi nhận, có thể lặp lại; mặc định là nơi của mẫu · where', collected, [])
    .option('--text <text>', 'chữ trên bảng (alert, clear) · text on boards')
    .option('--plays <n>', 'số lần phát · times', wholeNumber, 1)
    .option('--repeat <minutes>', 'phát lại sau mỗi ngần ấy phút · again every so many minutes', wholeNumber)
    .option('--life <minutes>', 'hết hiệu lực sau ngần ấy phút; mặc định 30 · ends after', wholeNumber)
    .option(
      '--ends <file>',
      'lệnh bị kết thúc hay thay thế (alert, clear), có thể lặp lại · orders it ends',
      collected,
      [],
    )
    .requiredOption('--out <file>', 'bản nháp để ký · the draft to be signed')
    .addOption(homeOption())
    .action(orderNew);

export const orderCommand = () =>
  new Command('order').summary('lệnh tức thời · immediate orders').addCommand(newOrder());
