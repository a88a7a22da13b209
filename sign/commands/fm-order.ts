/** `loa-sign fm-order`: an order in 76 bytes that a radio station repeats (protocol.md §7): shown, asked, written down, signed. */
import { Argument, Command, Option } from '@commander-js/extra-typings';
import { digestOf } from '../../shared/protocol/bytes.ts';
import { acceptFmOrder } from '../../shared/protocol/fm/order.ts';
import { segmentsOfOrder, signFmOrder } from '../../shared/protocol/fm/sign.ts';
import type { FmOrderWords } from '../../shared/protocol/fm/sign.ts';
import type { Fmplan } from '../../shared/protocol/schema/documents.ts';
import { documentsOf } from '../../shared/protocol/state.ts';
import type { BoxState } from '../../shared/protocol/state.ts';
import { CODES } from '../codes.ts';
import { confirmSigning, Ended, homeAt, nowS, orEnd, passphraseFrom, signersClock } from '../desk.ts';
import { checkFree, readText, writeNew } from '../files.ts';
import { stateAt } from '../home.ts';
import { openKey } from '../keys.ts';
import { enterLedger } from '../ledger.ts';
import { MESSAGES } from '../messages.ts';
import { isNameOf, placeName } from '../reach.ts';
import { danger, plain, title } from '../render/line.ts';
import type { Line } from '../render/line.ts';
import { templateLines } from '../render/order.ts';
import { ask, isAttended, print, say } from '../terminal.ts';
import { homeOption, wholeNumber } from './options.ts';

const KINDS = ['template', 'halt', 'test'] as const;
const QUARTER_MIN = 15;

type Options = {
  key: string;
  area: string;
  template: number;
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
  const state = stateAt(home.state, options.area);
  const [fmplan] = documentsOf(state, 'fmplan').filter(({ exp }) => exp > nowS());
  if (fmplan === undefined) throw new Ended(MESSAGES.needsFmplan);
  orEnd(checkFree(options.out));
  const words = wordsOf(kind, options);
  print(linesOf(words, options.area, home.places, state));
  await confirmPlace(options, home.places);
  if (options.yes !== true) await confirmSigning();
  const sealed = orEnd(await readText(options.key));
  const question = MESSAGES.passphrase(options.key);
  const key = orEnd(await openKey(sealed, await passphraseFrom(options.passphraseFile, question)));
  const keyIndex = indexOf(fmplan, key.kid);
  if (keyIndex === null || key.secret.kty !== 'OKP') throw new Ended(MESSAGES.mayNotSign(key.holder));
  const frame = await signFmOrder({ ...words, keyIndex }, state.prov, key.secret);
  const { code } = await acceptFmOrder(frame, state, signersClock());
  if (code === 'BAD_FRAME' || code === 'BAD_SIG') throw new Error(`signed a frame that is ${code}`);
  if (code !== 'ACCEPTED') throw new Ended(MESSAGES.refusedBy(code, CODES[code]));
  await keep(frame, words, options, key.kid, state.prov);
  say(MESSAGES.signedAs(key.holder, options.out), 'good');
}

const indexOf = ({ orderKeys }: Fmplan, kid: string): number | null => {
  const index = orderKeys.indexOf(kid);
  return index === -1 ? null : index;
};

function wordsOf(kind: Kind, options: Options): FmOrderWords {
  const { area, template, plays, minutes } = options;
  const [, commune = '0'] = area.split('.');
  const ttl = Math.ceil(minutes / QUARTER_MIN);
  if (plays < 1 || plays > 10 || ttl < 1 || ttl > 15 || template > 255 || !/^\d{1,5}$/.test(commune))
    throw new Ended(MESSAGES.fmOutOfRange, 2);
  const n = kind === 'template' ? template : 0;
  return { kind, keyIndex: 0, n, plays, ttl, iat: nowS(), commune: Number(commune) };
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

/** The ledger first: what is signed and not written down could be signed otherwise a second time. */
async function keep(
  frame: Uint8Array,
  { iat }: FmOrderWords,
  { home, area, out }: Options,
  kid: string,
  prov: string,
): Promise<void> {
  const id = `fm-order:${area}:${iat}`;
  const digest = digestOf(frame.slice(0, 12));
  orEnd(await enterLedger(home, { at: nowS(), prov, typ: 'fm-order', id, epoch: 0, ver: 1, digest, kid }));
  orEnd(await writeNew(out, textOf(frame)));
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

/** All 76 bytes, then the groups 6A as an encoder takes them: segment, block 3, block 4. */
const textOf = (frame: Uint8Array): string =>
  [
    hex(frame),
    ...segmentsOfOrder(frame).map(
      ({ segment, data }) => `6A ${segment} ${hex(data.slice(0, 2))} ${hex(data.slice(2))}`,
    ),
    '',
  ].join('\n');

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
    .option('--template <n>', 'số của mẫu · number of the template', wholeNumber, 0)
    .option('--plays <count>', 'số lần phát · how often', wholeNumber, 1)
    .option('--minutes <count>', 'sống bao lâu, bội của 15 · how long it lives', wholeNumber, QUARTER_MIN)
    .addOption(new Option('--place <name>', 'tên nơi nhận · the name of the place'))
    .option('--yes', 'không hỏi lại · do not ask')
    .option('--passphrase-file <file>', 'đọc mật khẩu từ tệp · read the passphrase from a file')
    .addOption(homeOption())
    .action(order);
