/** `loa-sign merge`: the signatures of several people, made on several machines, in one envelope. */
import { Command } from '@commander-js/extra-typings';
import type { Opened } from '../../shared/protocol/envelope.ts';
import { documentIn, homeAt, orEnd, reviewed } from '../desk.ts';
import { writeNew } from '../files.ts';
import { MESSAGES } from '../messages.ts';
import { signerLines } from '../render/signers.ts';
import { mergeEnvelopes } from '../signing.ts';
import { print, say } from '../terminal.ts';
import { homeOption } from './options.ts';

type Options = { out: string; home: string };

async function merge(
  first: string,
  others: readonly string[],
  { out, home: folder }: Options,
): Promise<void> {
  const home = await homeAt(folder);
  const rest: Opened[] = [];
  for (const path of others) rest.push(await documentIn(path));
  const merged = orEnd(mergeEnvelopes([await documentIn(first), ...rest]));
  orEnd(await writeNew(out, merged.bytes));
  print(signerLines(await reviewed(merged, home.state), merged.signatures));
  say(MESSAGES.written(out), 'good');
}

export const mergeCommand = () =>
  new Command('merge')
    .summary('gộp chữ ký · put signatures together')
    .description(
      'Gộp chữ ký trên cùng một nội dung thành một phong bì, và nói ai đã ký, ai còn thiếu.\nPuts signatures on the same payload into one envelope, and says who has signed and who is missing.',
    )
    .argument('<first>', 'phong bì · envelope')
    .argument('<others...>', 'phong bì khác · other envelopes')
    .requiredOption('--out <file>', 'phong bì chung · the envelope of all')
    .addOption(homeOption())
    .action(merge);
