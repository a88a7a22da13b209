/** Reads what loa-sign wrote: signed envelopes to publish, and drafts that still have to be signed. */
import { readFileSync } from 'node:fs';
import { parseJson, utf8 } from '../../shared/protocol/bytes.ts';
import { openEnvelope } from '../../shared/protocol/envelope.ts';
import { byGround } from '../../shared/protocol/ground.ts';
import type { SignedDocument } from '../../shared/protocol/schema/documents.ts';
import { say, text } from '../../shared/messages/text.ts';
import { envelope } from '../../shared/wire/carrier.ts';
import type { Envelope } from '../../shared/wire/carrier.ts';
import { wordsOf } from '../publish/words.ts';
import { Ended, EXIT } from './ended.ts';

export type SignedFile = {
  readonly file: string;
  readonly envelope: Envelope;
  readonly document: SignedDocument;
  readonly digest: string;
};

export function readSigned(file: string): SignedFile {
  const json = readJson(file);
  const outer = envelope.safeParse(json);
  if (!outer.success) {
    throw new Ended(
      EXIT.misused,
      text(
        say`${file} không phải văn bản đã ký. Hãy ký trước: loa-sign sign. Bản thảo chưa ký: loa-cloud draft.`,
        say`${file} is no signed document. Sign it first: loa-sign sign. For an unsigned draft: loa-cloud draft.`,
      ),
    );
  }
  const opened = openEnvelope(utf8(JSON.stringify(outer.data)));
  if (typeof opened === 'string') {
    const { vi, en } = wordsOf[opened];
    throw new Ended(EXIT.misused, text(say`${file}: ${opened}. ` + vi, say`${file}: ${opened}. ` + en));
  }
  return { file, envelope: outer.data, document: opened.document, digest: opened.digest };
}

export function readJson(file: string): unknown {
  const json = parseJson(readText(file));
  if (json !== undefined) return json;
  throw new Ended(EXIT.misused, text(say`${file} không phải JSON.`, say`${file} is not JSON.`));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new Ended(EXIT.misused, text(say`Không đọc được tệp ${file}.`, say`File ${file} cannot be read.`));
  }
}

export const inTurn = (files: readonly SignedFile[]): readonly SignedFile[] =>
  files.toSorted((a, b) => byGround(a.document, b.document));
