/** `loa-cloud media`: recordings and pictures to the server, each under its hash. */
import { existsSync } from 'node:fs';
import { say, text } from '../../shared/messages/text.ts';
import type { Client } from './client.ts';
import { Ended, EXIT } from './ended.ts';
import type { Exit } from './ended.ts';
import { printJson, warnBoth } from './output.ts';
import type { Output } from './output.ts';

export async function sendMedia(client: Client, output: Output, files: readonly string[]): Promise<Exit> {
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) {
    throw new Ended(EXIT.misused, text(say`Không có tệp ${missing}.`, say`There is no file ${missing}.`));
  }
  const sent: { file: string; sha256: string }[] = [];
  for (const file of files) {
    const answer = await client.upload(file);
    if (!answer.ok) {
      warnBoth(output, text(say`${file}: ` + answer.refusal.text.vi, answer.refusal.text.en));
      return EXIT.refused;
    }
    sent.push({ file, sha256: answer.value.sha256 });
    if (!output.json) output.write(`${answer.value.sha256}  ${file}`);
  }
  if (output.json) printJson(output, sent);
  return EXIT.done;
}
