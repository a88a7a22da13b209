/** What every command of loa-sign works with: its home, its files, the clock, and a way to end with a sentence. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isOpened } from '../shared/protocol/envelope.ts';
import type { Opened } from '../shared/protocol/envelope.ts';
import { review } from '../shared/protocol/review.ts';
import type { Review } from '../shared/protocol/review.ts';
import type { BoxState, Clock } from '../shared/protocol/state.ts';
import { readBytes, readText } from './files.ts';
import { reviewFirst } from './first-trust.ts';
import { openHome } from './home.ts';
import type { Home } from './home.ts';
import { MESSAGES } from './messages.ts';
import { documentLines } from './render/document.ts';
import { unreadableLines } from './render/unreadable.ts';
import { passphraseFault } from './seal.ts';
import { openFile, payloadOf } from './signing.ts';
import { ask, askSecret, isAttended, print } from './terminal.ts';
import type { Text } from '../shared/messages/text.ts';
import type { Outcome } from './text.ts';

/** Ends the command: 1 where loa-sign refuses, 2 where it was called wrongly. */
export class Ended extends Error {
  override readonly name = 'Ended';
  readonly why: Text;
  readonly exitCode: 1 | 2;

  constructor(why: Text, exitCode: 1 | 2 = 1) {
    super(why.en);
    this.why = why;
    this.exitCode = exitCode;
  }
}

export function orEnd<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Ended(outcome.why);
}

export const nowS = (): number => Math.floor(Date.now() / 1000);

/** A signer's clock is set by hand or by the network: a minute is what it may be off. */
const CLOCK_DOUBT_S = 60;
export const signersClock = (): Clock => ({ state: 'SYNCED', now: nowS(), u: CLOCK_DOUBT_S });

export const defaultHome = (): string =>
  join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'loa-sign');

export const homeAt = async (folder: string): Promise<Home> => orEnd(await openHome(folder));

/** Null where nothing is pinned that could judge; a first trust is judged by its own word. */
export async function reviewed(opened: Opened, state: BoxState | null): Promise<Review | null> {
  if (state !== null) return review(payloadOf(opened), [...opened.signatures], state, signersClock());
  return isOpened(opened, 'trust') ? reviewFirst(opened) : null;
}

/** Shows what stands in the bytes; the answer is what `review` said of them. */
export async function show(opened: Opened, { state, places }: Home): Promise<Review | null> {
  const judged = await reviewed(opened, state);
  print(documentLines(opened, judged, { now: nowS(), state, places }));
  return judged;
}

/** A document or envelope; what is neither is shown as far as that is safe, and ends the command. */
export async function documentIn(path: string): Promise<Opened> {
  const bytes = orEnd(await readBytes(path));
  const opened = openFile(bytes);
  if (typeof opened !== 'string') return opened;
  print(unreadableLines(bytes, opened));
  throw new Ended(MESSAGES.notADocument(path));
}

/** From the file that a scripted ceremony names, else from the person, never shown. */
export async function passphraseFrom(file: string | undefined, question: Text): Promise<string> {
  if (file !== undefined) return orEnd(await readText(file)).replace(/\r?\n$/, '');
  if (!isAttended()) throw new Ended(MESSAGES.nobodyToAsk('--passphrase-file'), 2);
  const typed = await askSecret(question);
  if (typed === null) throw new Ended(MESSAGES.gaveUp);
  return typed;
}

/** A passphrase for a new key, typed twice. */
export async function newPassphrase(file: string | undefined): Promise<string> {
  const first = orEnd(passphraseFault(await passphraseFrom(file, MESSAGES.newPassphrase)));
  if (file !== undefined) return first;
  const again = await passphraseFrom(undefined, MESSAGES.passphraseAgain);
  if (again.normalize('NFC') !== first) throw new Ended(MESSAGES.passphrasesDiffer);
  return first;
}

/** The last word before a signature. */
export async function confirmSigning(): Promise<void> {
  if (!isAttended()) throw new Ended(MESSAGES.nobodyToAsk('--yes'), 2);
  const typed = await ask(MESSAGES.confirm);
  if (typed === null || !['ký', 'ky'].includes(typed.normalize('NFC').trim().toLowerCase())) {
    throw new Ended(MESSAGES.gaveUp);
  }
}
