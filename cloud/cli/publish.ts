/** `loa-cloud publish`, `order`, `draft`, `collect`, `drafts`: from files of loa-sign to what boxes fetch. */
import { z } from 'zod';
import { say, text } from '../../shared/messages/text.ts';
import type { Refusal } from '../../shared/wire/carrier.ts';
import { draft as draftShape, draftsAnswer, published, staffPaths } from '../../shared/wire/staff.ts';
import type { Draft } from '../../shared/wire/staff.ts';
import type { Client } from './client.ts';
import { Ended, EXIT } from './ended.ts';
import type { Exit } from './ended.ts';
import { both, momentOf, printJson, printTable, warnBoth } from './output.ts';
import type { Output } from './output.ts';
import { inTurn, readJson, readSigned } from './signed-file.ts';
import type { SignedFile } from './signed-file.ts';

/** All files are read before the first is sent: a broken one stops everything while nothing is live yet. */
export async function publishFiles(client: Client, output: Output, files: readonly string[]): Promise<Exit> {
  return publishAll(client, output, inTurn(files.map(readSigned)));
}

export async function publishOrders(client: Client, output: Output, files: readonly string[]): Promise<Exit> {
  const signed = files.map(readSigned);
  const stray = signed.find(({ document }) => document.typ !== 'order');
  if (stray === undefined) return publishAll(client, output, signed);
  throw new Ended(
    EXIT.misused,
    text(
      say`${stray.file} là ${stray.document.typ}, không phải lệnh. Dùng: loa-cloud publish.`,
      say`${stray.file} is a ${stray.document.typ}, no order. Use: loa-cloud publish.`,
    ),
  );
}

async function publishAll(client: Client, output: Output, files: readonly SignedFile[]): Promise<Exit> {
  const results: unknown[] = [];
  let exit: Exit = EXIT.done;
  for (const { file, envelope, document } of files) {
    const answer = await client.post(staffPaths.envelopes, envelope, published);
    results.push({ file, ...(answer.ok ? answer.value : answer.refusal) });
    const name = `${document.id} ${document.epoch}.${document.ver}`;
    if (answer.ok) tell(output, text(say`Đã ban hành ${name}`, say`published ${name}`));
    else exit = worse(exit, refused(output, file, answer.refusal));
  }
  if (output.json) printJson(output, results);
  return exit;
}

const worse = (a: Exit, b: Exit): Exit => (a === EXIT.done ? b : a);

/** That it was there already is what was wanted, so a script may run again. */
function refused(output: Output, file: string, { code, text: why }: Refusal): Exit {
  warnBoth(output, text(say`${file}: ${code}. ` + why.vi, why.en));
  if (code === 'DUPLICATE' || code === 'REPLAY') return EXIT.done;
  return code === 'THRESHOLD' ? EXIT.unsigned : EXIT.refused;
}

function tell(output: Output, sentence: { vi: string; en: string }): void {
  if (!output.json) output.write(both(sentence));
}

/** A payload that nobody has signed yet. */
export async function draftFile(client: Client, output: Output, file: string): Promise<Exit> {
  const payload = z.record(z.string(), z.unknown()).safeParse(readJson(file)).data;
  if (payload === undefined) {
    throw new Ended(EXIT.misused, text(say`${file} không phải văn bản.`, say`${file} is no document.`));
  }
  const answer = await client.post(staffPaths.drafts, { payload }, draftShape);
  if (!answer.ok) return refused(output, file, answer.refusal);
  return tellDraft(output, answer.value);
}

/** Hands in signatures one by one; the last one that was missing takes the document live. */
export async function collectFile(client: Client, output: Output, file: string): Promise<Exit> {
  const { envelope, document, digest } = readSigned(file);
  const made = await client.post(staffPaths.drafts, { payload: document }, draftShape);
  if (!made.ok) return refused(output, file, made.refusal);
  let draft = made.value;
  const known = new Set(draft.signatures.map(({ protected: header }) => header));
  for (const line of envelope.signatures) {
    if (known.has(line.protected)) continue;
    const answer = await client.post(staffPaths.signatures(digest), line, draftShape);
    if (!answer.ok) return refused(output, file, answer.refusal);
    draft = answer.value;
  }
  return tellDraft(output, draft);
}

function tellDraft(output: Output, draft: Draft): Exit {
  const { id, epoch, ver, digest, progress, publishedAtMs } = draft;
  if (output.json) printJson(output, draft);
  const signed = progress.holders.length === 0 ? '–' : progress.holders.join(', ');
  if (publishedAtMs !== null) {
    tell(
      output,
      text(say`Đã ban hành ${id} ${epoch}.${ver}. Người ký: ${signed}`, say`published, signed by ${signed}`),
    );
    return EXIT.done;
  }
  const missing = progress.missing ?? '?';
  tell(output, text(say`Bản thảo ${id} ${epoch}.${ver} (${digest})`, say`draft kept on the server`));
  tell(
    output,
    text(say`Đã ký: ${signed}; còn thiếu ${missing} người`, say`signed: ${signed}; ${missing} more needed`),
  );
  if (progress.missing !== 0) return EXIT.unsigned;
  warnBoth(
    output,
    text(
      say`Đủ chữ ký nhưng chưa ban hành được. Xem lý do: loa-cloud publish-draft ${digest}`,
      say`Signed, yet not live. See why: loa-cloud publish-draft ${digest}`,
    ),
  );
  return EXIT.refused;
}

export async function publishDraft(client: Client, output: Output, digest: string): Promise<Exit> {
  const answer = await client.post(staffPaths.publish(digest), {}, published);
  if (!answer.ok) return refused(output, digest, answer.refusal);
  if (output.json) printJson(output, answer.value);
  tell(output, text(say`Đã ban hành ${answer.value.id}`, say`published ${answer.value.id}`));
  return EXIT.done;
}

export async function listDrafts(client: Client, output: Output): Promise<Exit> {
  const drafts = await client.get(staffPaths.drafts, draftsAnswer);
  if (output.json) printJson(output, drafts);
  else printTable(output, [DRAFT_COLUMNS, ...drafts.map(draftRow)]);
  return EXIT.done;
}

const DRAFT_COLUMNS = [
  'VĂN BẢN·DOCUMENT',
  'BẢN·VER',
  'TẠO LÚC·MADE',
  'ĐÃ KÝ·SIGNED',
  'THIẾU·MISSING',
  'MÃ·DIGEST',
];

const draftRow = ({ id, epoch, ver, createdAtMs, progress, digest }: Draft): string[] => [
  id,
  `${epoch}.${ver}`,
  momentOf(createdAtMs),
  progress.holders.join(', '),
  progress.missing === null ? progress.code : String(progress.missing),
  digest,
];
