/**
 * What this machine has signed or handed out, so that nobody is tricked into two truths under one version (protocol.md §9,
 * attack W04): one line of JSON per truth, appended, on the disk before the signature is made.
 */
import { open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../shared/protocol/bytes.ts';
import { digest, epoch, instant, kid, province, version } from '../shared/protocol/schema/primitives.ts';
import type { SignedDocument } from '../shared/protocol/schema/documents.ts';
import { syncFolder } from './files.ts';
import { done, refused } from './text.ts';
import type { Outcome } from './text.ts';

const entry = z.strictObject({
  at: instant,
  prov: province,
  typ: z.string(),
  id: z.string(),
  epoch,
  ver: version,
  digest,
  kid: kid.nullable(),
});
/** `at` in UTC seconds; `kid` is the key that was about to sign, null for seeds that a station was given. */
export type LedgerEntry = z.infer<typeof entry>;

export const ledgerPath = (home: string): string => join(home, 'ledger.jsonl');

const sameVersion = (a: LedgerEntry, b: LedgerEntry): boolean =>
  a.prov === b.prov && a.typ === b.typ && a.id === b.id && a.epoch === b.epoch && a.ver === b.ver;

export function entryOf(
  document: SignedDocument,
  signed: { digest: string; kid: string; at: number },
): LedgerEntry {
  const { prov, typ, id, epoch: under, ver } = document;
  return { ...signed, prov, typ, id, epoch: under, ver };
}

export async function readLedger(home: string): Promise<Outcome<readonly LedgerEntry[]>> {
  let text: string;
  try {
    text = await readFile(ledgerPath(home), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return done([]);
    throw error;
  }
  return readLines(text, ledgerPath(home));
}

function readLines(text: string, path: string): Outcome<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const read = entry.safeParse(parseJson(line)).data;
    if (read !== undefined) entries.push(read);
    // A power cut may tear a line: it then has no end, or the next append gave it one. Nothing was signed
    // under it, for the signature waits for the line to be on the disk.
    else if (line !== '' && !isTorn(line)) return damaged(path, index + 1);
  }
  return done(entries);
}

const isTorn = (line: string): boolean => !line.endsWith('}');

const damaged = (path: string, line: number): Outcome<never> =>
  refused(
    `Sổ ký bị hỏng ở dòng ${line}: ${path}. Không ký gì thêm trên máy này cho đến khi khôi phục sổ từ bản sao.`,
    `The ledger is damaged at line ${line}: ${path}. Sign nothing on this machine until it is restored from a copy.`,
  );

/** The first truth that was written down under this version, if it is not the one of `wanted`. */
function otherTruth(entries: readonly LedgerEntry[], wanted: LedgerEntry): LedgerEntry | undefined {
  const first = entries.find((each) => sameVersion(each, wanted));
  return first === undefined || first.digest === wanted.digest ? undefined : first;
}

/**
 * Writes `wanted` down, or refuses because another truth stands under its version. Two loa-sign at once may
 * both append; the file has one order, and only the one whose line came first may sign.
 */
export async function enterLedger(home: string, wanted: LedgerEntry): Promise<Outcome<LedgerEntry>> {
  const before = await readLedger(home);
  if (!before.ok) return before;
  const other = otherTruth(before.value, wanted);
  if (other !== undefined) return twoTruths(other);
  await append(home, wanted);
  const after = await readLedger(home);
  if (!after.ok) return after;
  const earlier = otherTruth(after.value, wanted);
  return earlier === undefined ? done(wanted) : twoTruths(earlier);
}

async function append(home: string, wanted: LedgerEntry): Promise<void> {
  await using file = await open(ledgerPath(home), 'a', 0o600);
  // The leading line feed ends whatever a power cut left without one.
  await file.write(`\n${JSON.stringify(wanted)}\n`);
  await file.sync();
  await syncFolder(dirname(ledgerPath(home)));
}

function twoTruths(other: LedgerEntry): Outcome<never> {
  const day = new Date(other.at * 1000).toISOString().slice(0, 10);
  return refused(
    `Máy này đã ký một nội dung khác cho ${other.id}, epoch ${other.epoch}, phiên bản ${other.ver} (ngày ${day}). Không ký hai nội dung cho cùng một phiên bản: hãy tăng ver.`,
    `This machine signed something else as ${other.id}, epoch ${other.epoch}, version ${other.ver} (on ${day}). It signs no two truths under one version: raise ver.`,
  );
}
