/** `loa-sign inspect`: what stands in a file, whoever made it, read from its bytes. */
import { Command } from '@commander-js/extra-typings';
import { shownJson } from '../../shared/messages/text.ts';
import type { Opened } from '../../shared/protocol/envelope.ts';
import { documentIn, homeAt, orEnd, reviewed, show } from '../desk.ts';
import { readBytes } from '../files.ts';
import { fingerprint } from '../fingerprint.ts';
import { readPublicKey } from '../keys.ts';
import type { Home } from '../home.ts';
import { policyFaults } from '../policy.ts';
import { plain, title } from '../render/line.ts';
import { openFile } from '../signing.ts';
import { print } from '../terminal.ts';
import { homeOption } from './options.ts';

type Options = { json?: true | undefined; home: string };

async function inspect(file: string, { json, home: folder }: Options): Promise<void> {
  const home = await homeAt(folder);
  const bytes = orEnd(await readBytes(file));
  const key = readPublicKey(Buffer.from(bytes).toString('utf8'));
  if (key.ok && json === undefined) {
    const { holder, kid } = key.value;
    print([title(`KHÓA CÔNG KHAI · PUBLIC KEY`), plain(holder), plain(`${fingerprint(kid)}  (${kid})`)]);
    return;
  }
  if (json === undefined) {
    await show(await documentIn(file), home);
    return;
  }
  const opened = openFile(bytes);
  process.stdout.write(
    `${shownJson(typeof opened === 'string' ? { code: opened } : await asJson(opened, home))}\n`,
  );
  if (typeof opened === 'string') process.exitCode = 1;
}

async function asJson(opened: Opened, { state }: Home): Promise<object> {
  const { document, digest, signatures } = opened;
  const judged = await reviewed(opened, state);
  return {
    code: judged?.code ?? null,
    digest,
    words: fingerprint(digest),
    document,
    signatures: signatures.map(({ kid, alg }) => ({ kid, alg })),
    quorums: judged?.quorums ?? null,
    faults: policyFaults(document, state),
  };
}

export const inspectCommand = () =>
  new Command('inspect')
    .summary('xem nội dung một tệp · see what stands in a file')
    .description(
      'Hiện đúng những gì nằm trong các byte: sẽ phát gì, ở đâu, khi nào, ai đã ký. Không tin tên tệp hay lời ai nói.\nShows what stands in the bytes: what will sound, where and when, and who has signed.',
    )
    .argument('<file>', 'bản nháp, phong bì hoặc khóa công khai · draft, envelope or public key')
    .option('--json', 'dạng máy đọc · for machines')
    .addOption(homeOption())
    .action(inspect);
