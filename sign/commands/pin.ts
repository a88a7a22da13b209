/** `loa-sign pin` and `loa-sign places`: what this machine trusts, and what places are called. */
import { Command } from '@commander-js/extra-typings';
import { isOpened } from '../../shared/protocol/envelope.ts';
import type { Opened } from '../../shared/protocol/envelope.ts';
import { byGround } from '../../shared/protocol/ground.ts';
import type { Trust } from '../../shared/protocol/schema/documents.ts';
import { documentIn, Ended, homeAt, orEnd, show, signersClock } from '../desk.ts';
import { readText } from '../files.ts';
import { fingerprint } from '../fingerprint.ts';
import { keepPlaces, pin, pinFirstTrust } from '../home.ts';
import type { Home } from '../home.ts';
import { MESSAGES } from '../messages.ts';
import { ask, isAttended, say } from '../terminal.ts';
import { homeOption } from './options.ts';

type Options = { yes?: true | undefined; home: string };

async function pinFiles(files: readonly string[], { yes, home: folder }: Options): Promise<void> {
  let home = await homeAt(folder);
  const opened: { path: string; file: Opened }[] = [];
  for (const path of files) opened.push({ path, file: await documentIn(path) });
  for (const { path, file } of opened.toSorted((a, b) => byGround(a.file.document, b.file.document))) {
    home = await pinOne(path, file, home, yes === true);
    say(MESSAGES.pinned(file.document.id, file.document.ver), 'good');
  }
}

async function pinOne(path: string, file: Opened, home: Home, sure: boolean): Promise<Home> {
  if (file.signatures.length === 0) throw new Ended(MESSAGES.notSigned(path));
  if (home.state === null) return pinRoot(file, home, sure);
  const result = await pin(home, home.state, file, signersClock());
  if (!result.ok) throw new Ended(MESSAGES.about(path, result.why));
  return result.value;
}

async function pinRoot(file: Opened, home: Home, sure: boolean): Promise<Home> {
  if (!isOpened(file, 'trust')) throw new Ended(MESSAGES.needsTrust);
  await show(file, home);
  if (!sure) await confirmRoot(file);
  return orEnd(await pinFirstTrust(home, file));
}

async function confirmRoot({ digest }: Opened<Trust>): Promise<void> {
  if (!isAttended()) throw new Ended(MESSAGES.nobodyToAsk('--yes'), 2);
  const typed = await ask(MESSAGES.firstTrust(fingerprint(digest)));
  if (typed === null || !['đúng', 'dung'].includes(typed.normalize('NFC').trim().toLowerCase())) {
    throw new Ended(MESSAGES.gaveUp);
  }
}

export const pinCommand = () =>
  new Command('pin')
    .summary('kiểm tra và ghim văn bản đã ký · verify and pin signed documents')
    .description(
      'Văn bản được kiểm như hộp loa kiểm, rồi giữ lại để so sánh khi ký. Bản tin cậy đầu tiên phải đối chiếu sáu từ với giấy.\nDocuments are verified as a box would and kept to compare with. The six words of the first trust must be compared with paper.',
    )
    .argument('<files...>', 'phong bì · envelopes')
    .option(
      '--yes',
      'đã đối chiếu sáu từ của bản tin cậy đầu tiên · the six words of the first trust were compared',
    )
    .addOption(homeOption())
    .action(pinFiles);

async function places(file: string, { home: folder }: { home: string }): Promise<void> {
  const home = orEnd(await keepPlaces(await homeAt(folder), orEnd(await readText(file)), file));
  say(MESSAGES.placesKept(home.places.size), 'good');
}

export const placesCommand = () =>
  new Command('places')
    .summary('tên của các nơi · names of places')
    .description(
      'Nhớ tên xã, tỉnh theo mã, để hỏi lại khi ký. Tệp dạng {"56": "Khánh Hòa", "56.22366": "…"}.\nRemembers names of places by their code, to be asked for when signing.',
    )
    .argument('<file>', 'JSON')
    .addOption(homeOption())
    .action(places);
