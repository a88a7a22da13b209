/** `loa-cloud get`: a document that boxes fetch, or a draft that waits for signatures, as the file that loa-sign takes. */
import { writeFileSync } from 'node:fs';
import { fromBase64url } from '../../shared/protocol/bytes.ts';
import { digest } from '../../shared/protocol/schema/primitives.ts';
import { say, text } from '../../shared/messages/text.ts';
import { boxPaths, envelope } from '../../shared/wire/carrier.ts';
import { draft as draftShape, staffPaths } from '../../shared/wire/staff.ts';
import type { Client } from './client.ts';
import { Ended, EXIT } from './ended.ts';
import type { Exit } from './ended.ts';
import { both, printJson } from './output.ts';
import type { Output } from './output.ts';

/** `name` is a document's id, `trust/2` for a version of the trust, or the digest of a draft. */
export async function getFile(
  client: Client,
  output: Output,
  { name, out }: { readonly name: string; readonly out: string | undefined },
): Promise<Exit> {
  const file = out ?? `${name.replace(/[^A-Za-z0-9._-]/g, '-')}.json`;
  const content = digest.safeParse(name).success
    ? await draftNamed(client, name)
    : JSON.stringify(await client.get(pathOf(name), envelope));
  keep(file, content);
  if (output.json) printJson(output, { name, file });
  else output.write(both(text(say`Đã ghi ${file}`, say`written; read it with: loa-sign inspect ${file}`)));
  return EXIT.done;
}

function pathOf(name: string): string {
  const version = /^trust\/(\d+)$/.exec(name)?.[1];
  return version === undefined ? boxPaths.doc(encodeURIComponent(name)) : boxPaths.trust(Number(version));
}

/** The bytes to be signed; with the signatures so far in their envelope. */
async function draftNamed(client: Client, name: string): Promise<string | Uint8Array> {
  const { payload, signatures } = await client.get(staffPaths.draft(name), draftShape);
  if (signatures.length > 0) return JSON.stringify({ payload, signatures });
  return fromBase64url(payload) ?? payload;
}

function keep(file: string, content: string | Uint8Array): void {
  try {
    writeFileSync(file, content, { flag: 'wx' });
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new Ended(
      EXIT.misused,
      text(
        say`Không ghi được ${file}: đã có, hoặc không có quyền. Chọn tên khác bằng --out.`,
        say`${file} cannot be written: it is there already, or there is no right to. Choose another with --out.`,
      ),
    );
  }
}
