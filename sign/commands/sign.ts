/** `loa-sign sign`: shows, refuses what must not be signed, asks, writes it down, and only then signs. */
import { Command } from '@commander-js/extra-typings';
import type { Opened } from '../../shared/protocol/envelope.ts';
import type { Review } from '../../shared/protocol/review.ts';
import type { SignedDocument } from '../../shared/protocol/schema/documents.ts';
import { CODES } from '../codes.ts';
import {
  confirmSigning,
  documentIn,
  Ended,
  homeAt,
  nowS,
  orEnd,
  passphraseFrom,
  reviewed,
  show,
} from '../desk.ts';
import { checkFree, readText, writeNew } from '../files.ts';
import type { Home } from '../home.ts';
import { openKey } from '../keys.ts';
import type { SigningKey } from '../keys.ts';
import { enterLedger, entryOf } from '../ledger.ts';
import { MESSAGES } from '../messages.ts';
import { policyFaults } from '../policy.ts';
import { isNameOf, placesToName } from '../reach.ts';
import { ask, isAttended, print, say } from '../terminal.ts';
import { signerLines } from '../render/signers.ts';
import { addSignature } from '../signing.ts';
import { collected, homeOption } from './options.ts';

type Options = {
  key: string;
  out?: string | undefined;
  place: readonly string[];
  yes?: true | undefined;
  passphraseFile?: string | undefined;
  home: string;
};

async function sign(file: string, { key: keyFile, home: folder, ...options }: Options): Promise<void> {
  const home = await homeAt(folder);
  const opened = await documentIn(file);
  const out = options.out ?? nextName(file, opened.signatures.length + 1);
  orEnd(checkFree(out));
  const judged = await show(opened, home);
  refuseFaults(opened, judged, home);
  await confirmPlaces(opened.document, home, options.place);
  if (options.yes !== true) await confirmSigning();
  const sealed = orEnd(await readText(keyFile));
  const key = orEnd(
    await openKey(sealed, await passphraseFrom(options.passphraseFile, MESSAGES.passphrase(keyFile))),
  );
  refuseStranger(judged, key);
  const entry = entryOf(opened.document, { digest: opened.digest, kid: key.kid, at: nowS() });
  orEnd(await enterLedger(folder, entry));
  const signed = orEnd(await addSignature(opened, key));
  const after = await reviewed(signed, home.state);
  if (after === null || !isCounted(after, key)) throw new Ended(MESSAGES.notCounted);
  orEnd(await writeNew(out, signed.bytes));
  print(signerLines(after, signed.signatures));
  say(MESSAGES.signedAs(key.holder, out), 'good');
}

/** `plan.json`, then `plan.signed-1.json`, then `plan.signed-2.json`. */
const nextName = (file: string, count: number): string =>
  `${file.replace(/(\.signed-\d+)?\.json$/, '')}.signed-${count}.json`;

/** Before anything is pinned only a trust can be signed: the one from which the rest will follow. */
function refuseFaults(
  { document }: Opened,
  judged: Review | null,
  { state }: Home,
): asserts judged is Review {
  if (judged === null) throw new Ended(MESSAGES.needsTrust);
  if (judged.code !== 'ACCEPTED') throw new Ended(MESSAGES.refusedBy(judged.code, CODES[judged.code]));
  const [fault] = policyFaults(document, state);
  if (fault !== undefined) throw new Ended(MESSAGES.refusedBy('POLICY', fault));
}

async function confirmPlaces(
  document: SignedDocument,
  { places }: Home,
  named: readonly string[],
): Promise<void> {
  for (const area of placesToName(document)) {
    if (named.some((name) => isNameOf(name, area, places))) continue;
    if (named.length > 0) throw new Ended(MESSAGES.otherPlace(named.join(', ')));
    if (!isAttended()) throw new Ended(MESSAGES.nobodyToAsk('--place'), 2);
    const typed = await ask(MESSAGES.place(area, places.has(area)));
    if (typed === null) throw new Ended(MESSAGES.gaveUp);
    if (!isNameOf(typed, area, places)) throw new Ended(MESSAGES.otherPlace(typed));
  }
}

function refuseStranger({ quorums }: Review, { kid, holder }: SigningKey): void {
  if (quorums.some(({ may }) => may.some((signer) => signer.kid === kid))) return;
  const counted = quorums.some((quorum) => quorum.counted.some((signer) => signer.holder === holder));
  throw new Ended(counted ? MESSAGES.hasSigned(holder) : MESSAGES.mayNotSign(holder));
}

const isCounted = ({ quorums }: Review, { kid }: SigningKey): boolean =>
  quorums.some(({ counted }) => counted.some((signer) => signer.kid === kid));

export const signCommand = () =>
  new Command('sign')
    .summary('xem rồi ký · read, then sign')
    .description(
      'Hiện nội dung, từ chối điều sai luật, hỏi lại, ghi sổ, rồi thêm một chữ ký. Tệp gốc không đổi.\nShows the content, refuses what breaks the rules, asks, enters the ledger, and adds one signature to a new file.',
    )
    .argument('<file>', 'bản nháp hoặc phong bì · draft or envelope')
    .requiredOption('--key <file>', 'tệp khóa · key file')
    .option('--out <file>', 'mặc định · default: FILE.signed-N.json')
    .option(
      '--place <name>',
      'tên nơi nhận, thay cho việc gõ khi được hỏi; có thể lặp lại · the name of the place, instead of typing it',
      collected,
      [],
    )
    .option('--yes', 'không hỏi lại, dành cho kịch bản · do not ask, for scripts')
    .option('--passphrase-file <file>', 'đọc mật khẩu từ tệp · read the passphrase from a file')
    .addOption(homeOption())
    .action(sign);
