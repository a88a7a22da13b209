/** `loa-sign keygen`: a key for one person, sealed with a passphrase, and its public half for the ceremony. */
import { Command, Option } from '@commander-js/extra-typings';
import { shownJson } from '../../shared/messages/text.ts';
import { newPassphrase, orEnd } from '../desk.ts';
import { checkFree, writeNew } from '../files.ts';
import { fingerprint } from '../fingerprint.ts';
import { ALGORITHMS, newKey, publicPart, sealKey } from '../keys.ts';
import { MESSAGES } from '../messages.ts';
import { say } from '../terminal.ts';

/** The public key file lies beside the sealed one. */
const publicPathOf = (path: string): string => `${path}.pub.json`;

type Options = {
  holder: string;
  alg: (typeof ALGORITHMS)[number];
  out: string;
  passphraseFile?: string | undefined;
};

async function keygen({ holder, alg, out, passphraseFile }: Options): Promise<void> {
  const open = publicPathOf(out);
  // Before anybody thinks of a passphrase; writeNew looks again.
  orEnd(checkFree(out));
  orEnd(checkFree(open));
  const key = orEnd(await newKey(holder, alg));
  const sealed = await sealKey(key, await newPassphrase(passphraseFile));
  orEnd(await writeNew(out, sealed));
  orEnd(await writeNew(open, `${shownJson(publicPart(key))}\n`));
  say(MESSAGES.keyMade(out, open), 'good');
  say(MESSAGES.readOut(fingerprint(key.kid)));
}

export const keygenCommand = () =>
  new Command('keygen')
    .summary('tạo khóa ký · make a signing key')
    .description(
      'Tạo khóa ký cho một người, niêm phong bằng mật khẩu (tệp age).\nMakes a signing key for one person, sealed with a passphrase (an age file).',
    )
    .requiredOption('--holder <name>', 'họ tên người giữ khóa · name of the person who holds it')
    .addOption(
      new Option('--alg <alg>', 'ES256 cho thẻ thông minh · ES256 for smart cards')
        .choices(ALGORITHMS)
        .default('Ed25519' as const),
    )
    .requiredOption('--out <file>', 'tệp khóa; khóa công khai nằm ở FILE.pub.json · the key file')
    .option('--passphrase-file <file>', 'đọc mật khẩu từ tệp thay vì hỏi · read the passphrase from a file')
    .action(keygen);
