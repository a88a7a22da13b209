/** `loa-sign fm-order`: an order in 76 bytes that a radio station repeats (protocol.md §7): shown, asked, written down, signed. */
import { Argument, Command, Option } from '@commander-js/extra-typings';
import { digestOf } from '../../shared/protocol/bytes.ts';
import { acceptFmOrder, fmplanInForce, signedBytes } from '../../shared/protocol/fm/order.ts';
import { messageOf, signFmOrder } from '../../shared/protocol/fm/sign.ts';
import type { FmOrderWords } from '../../shared/protocol/fm/sign.ts';
import type { BoxState } from '../../shared/protocol/state.ts';
import { CODES } from '../codes.ts';
import { confirmSigning, Ended, homeAt, nowS, orEnd, passphraseFrom, signersClock } from '../desk.ts';
import { checkFree, readText, writeNew } from '../files.ts';
import { stateAt } from '../home.ts';
import { openKey } from '../keys.ts';
import { enterLedger } from '../ledger.ts';
import type { LedgerEntry } from '../ledger.ts';
import { MESSAGES } from '../messages.ts';
import { isNameOf, placeName } from '../reach.ts';
import { groupsText } from '../render/groups.ts';
import { danger, plain, title } from '../render/line.ts';
import type { Line } from '../render/line.ts';
import { templateLines } from '../render/order.ts';
import { ask, isAttended, print, say } from '../terminal.ts';
import { homeOption, wholeNumber } from './options.ts';

const KINDS = ['template', 'halt', 'test'] as const;
const QUARTER_MIN = 15;

const EXAMPLE = `
Ví dụ · Examples (ORDER.fm: giao cho đài · goes to the station: 76 byte, rồi 19 nhóm 6A · then 19 groups):
  loa-sign fm-order template --template 3 --area 56.22366 --key TOI.key --out ORDER.fm
  loa-sign fm-order halt --area 56 --minutes 60 --key TOI.key --out ORDER.fm
Số và lời của mẫu · numbers and words of templates: loa-cloud get templates:56, rồi · then loa-sign inspect`;

type Options = {
  key: string;
  area: string;
  template?: number | undefined;
  plays: number;
  minutes: number;
  out: string;
  place?: string | undefined;
  yes?: true | undefined;
  passphraseFile?: string | undefined;
  home: string;
};
type Kind = (typeof KINDS)[number];

async function order(kind: Kind, options: Options): Promise<void> {
  const home = await homeAt(options.home);
  if (home.state === null) throw new Ended(MESSAGES.needsTrust);
  const asked = wordsOf(kind, options);
  const state = stateAt(home.state, options.area);
  const fmplan = fmplanInForce(state, nowS());
  if (fmplan === null) throw new Ended(MESSAGES.needsFmplan);
  orEnd(checkFree(options.out));
  print(linesOf(asked, options.area, home.places, state));
  await confirmPlace(options, home.places);
  if (options.yes !== true) await confirmSigning();
  const sealed = orEnd(await readText(options.key));
  const question = MESSAGES.passphrase(options.key);
  const key = orEnd(await openKey(sealed, await passphraseFrom(options.passphraseFile, question)));
  const keyIndex = fmplan.orderKeys.indexOf(key.kid);
  if (keyIndex === -1 || key.secret.kty !== 'OKP') throw new Ended(MESSAGES.mayNotSign(key.holder));
  const words = { ...asked, keyIndex, iat: nowS() };
  orEnd(await enterLedger(options.home, entryOf(words, options.area, state.prov, key.kid)));
  const frame = await signFmOrder(words, state.prov, key.secret);
  const { code } = await acceptFmOrder(frame, state, signersClock());
  if (code === 'BAD_FRAME' || code === 'BAD_SIG') throw new Error(`signed a frame that is ${code}`);
  if (code !== 'ACCEPTED') throw new Ended(MESSAGES.refusedBy(code, CODES[code]));
  orEnd(await writeNew(options.out, groupsText({ kind: 'order', bytes: frame })));
  say(MESSAGES.signedAs(key.holder, options.out), 'good');
}

/** Two segments at most, spelled in the one way in which a number of two bytes can be: 0 would be the whole province. */
const AREA = /^\d+(?:\.([1-9]\d{0,4}))?$/;

/** As far as it can be told before the key is opened. */
function wordsOf(kind: Kind, { area, template, plays, minutes }: Options): FmOrderWords {
  // Number 0 is a template like any other: nobody signs it by leaving the option out.
  if (kind === 'template' && template === undefined) throw new Ended(MESSAGES.fmNoTemplate, 2);
  const n = kind === 'template' ? (template ?? 0) : 0;
  const place = AREA.exec(area);
  const commune = Number(place?.[1] ?? 0);
  const ttl = Math.ceil(minutes / QUARTER_MIN);
  const isPlace = place !== null && commune < 65_536;
  if (!isPlace || plays < 1 || plays > 10 || ttl < 1 || ttl > 15 || n > 255)
    throw new Ended(MESSAGES.fmOutOfRange, 2);
  return { kind, keyIndex: 0, n, plays, ttl, iat: nowS(), commune };
}

const NAMES: Readonly<Record<Kind, string>> = {
  template: 'MẪU THÔNG BÁO · TEMPLATE',
  halt: 'TẠM DỪNG · HALT: everything but alerts and warnings is silent',
  test: 'THỬ LOA · TEST: âm báo có sẵn · the built-in tone',
};

function linesOf(
  { kind, n, plays, ttl }: FmOrderWords,
  area: string,
  places: ReadonlyMap<string, string>,
  state: BoxState,
): readonly Line[] {
  return [
    title(`Lệnh qua sóng FM · Order by radio: ${NAMES[kind]}`),
    danger(`Nơi nhận · To: ${placeName(area, places)}`),
    ...(kind === 'template' ? templateLines({ area, n }, state) : []),
    plain(`Phát · Plays: ${plays} lần · times`),
    plain(`Sống · Lives: ${ttl * QUARTER_MIN} phút · minutes`),
  ];
}

/** The whole province wants its name typed, as every wide document does. */
async function confirmPlace({ area, place }: Options, places: ReadonlyMap<string, string>): Promise<void> {
  if (area.includes('.')) return;
  if (place === undefined && !isAttended()) throw new Ended(MESSAGES.nobodyToAsk('--place'), 2);
  const typed = place ?? (await ask(MESSAGES.place(area, places.has(area))));
  if (typed === null) throw new Ended(MESSAGES.gaveUp);
  if (!isNameOf(typed, area, places)) throw new Ended(MESSAGES.otherPlace(typed));
}

/** The digest is the one by which boxes name the order. */
function entryOf(words: FmOrderWords, area: string, prov: string, kid: string): LedgerEntry {
  const digest = digestOf(signedBytes(messageOf(words), prov));
  const id = `fm-order:${area}:${words.iat}`;
  return { at: nowS(), prov, typ: 'fm-order', id, epoch: 0, ver: 1, digest, kid };
}

export const fmOrderCommand = () =>
  new Command('fm-order')
    .summary('ký lệnh phát qua sóng FM · sign an order for the radio station')
    .description(
      'Ký một lệnh 76 byte mà đài phát lặp lại bằng RDS; thiết bị phát bản ghi đã lưu, không phát tiếng của đài.\nSigns an order of 76 bytes that a station repeats by RDS; boxes play what they have stored, never the sound of the station.',
    )
    .addArgument(new Argument('<kind>', 'mẫu, tạm dừng, thử · template, halt, test').choices(KINDS))
    .requiredOption('--key <file>', 'tệp khóa · key file')
    .requiredOption('--area <code>', '56 hoặc · or 56.22366')
    .requiredOption('--out <file>', 'tệp giao cho đài · the file for the station')
    .option('--template <n>', 'số của mẫu, cho template · number of the stored template', wholeNumber)
    .option('--plays <count>', 'số lần phát · how often', wholeNumber, 1)
    .option('--minutes <count>', 'sống bao lâu, bội của 15 · how long it lives', wholeNumber, QUARTER_MIN)
    .addOption(new Option('--place <name>', 'tên nơi nhận · the name of the place'))
    .option('--yes', 'không hỏi lại · do not ask')
    .option('--passphrase-file <file>', 'đọc mật khẩu từ tệp · read the passphrase from a file')
    .addOption(homeOption())
    .addHelpText('after', EXAMPLE)
    .action(order);
