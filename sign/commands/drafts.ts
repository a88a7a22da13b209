/** Where every command that makes a draft ends: canonical bytes in a new file, shown as a signer will see them. */
import { ulid } from 'ulid';
import type { SignedDocument } from '../../shared/protocol/schema/documents.ts';
import { payloadBytes } from '../../shared/protocol/sign.ts';
import { CODES } from '../codes.ts';
import { Ended, nowS, orEnd, show } from '../desk.ts';
import { fillDraft } from '../draft.ts';
import type { Draft } from '../draft.ts';
import { writeNew } from '../files.ts';
import type { Home } from '../home.ts';
import { readLedger } from '../ledger.ts';
import { MESSAGES } from '../messages.ts';
import { openFile, payloadOf } from '../signing.ts';
import { say } from '../terminal.ts';

export async function filledFrom(written: unknown, home: Home): Promise<Draft> {
  const now = nowS();
  const ledger = orEnd(await readLedger(home.folder));
  return orEnd(fillDraft(written, { now, newUlid: ulid(now * 1000), state: home.state, ledger }));
}

export async function keepDraft({ document, filled }: Draft, out: string, home: Home): Promise<void> {
  await keepDocument(document, out, home);
  if (filled.length > 0) say(MESSAGES.filled(summary(filled)), 'faint');
}

/** What was filled in alike in several items is said once. */
function summary(filled: Draft['filled']): string {
  const said = filled.map(
    ({ path, value }) => `${path.replace(/\.\d+\./, '.*.')} = ${JSON.stringify(value)}`,
  );
  return [...new Set(said)].join('; ');
}

export async function keepDocument(document: SignedDocument, out: string, home: Home): Promise<void> {
  const opened = openFile(payloadBytes(document));
  if (typeof opened === 'string') throw new Ended(CODES[opened]);
  orEnd(await writeNew(out, payloadOf(opened)));
  await show(opened, home);
  say(MESSAGES.written(out), 'good');
}
