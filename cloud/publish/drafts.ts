/** Collects the signatures that people make in loa-sign until there are enough, then hands the envelope to the publisher. */
import { fromBase64url } from '../../shared/protocol/bytes.ts';
import { readDocument, readSignatures } from '../../shared/protocol/envelope.ts';
import { sealEnvelope } from '../../shared/protocol/sign.ts';
import type { Draft, NewSignature, Published } from '../../shared/wire/staff.ts';
import type { CloudDatabase } from '../database.ts';
import { done, refuse } from '../outcome.ts';
import type { Outcome, Refused } from '../outcome.ts';
import { findDraft, keepDraft, keepSignature, openDrafts, rivalsOf } from './draft-rows.ts';
import type { SignedDraft } from './draft-rows.ts';
import { writeDraft } from './draft-text.ts';
import type { DraftText } from './draft-text.ts';
import { asBoxOf } from './live.ts';
import { reviewed } from './progress.ts';
import type { Progress } from './progress.ts';
import { clockOf, refuseCode } from './publisher.ts';
import type { Publisher } from './publisher.ts';
import { wordsOf } from './words.ts';

export type Drafts = {
  add(payload: Readonly<Record<string, unknown>>): Promise<Outcome<Draft>>;
  list(): Promise<readonly Draft[]>;
  find(digest: string): Promise<Outcome<Draft>>;
  /** Publishes by itself as soon as enough people have signed. */
  sign(digest: string, line: NewSignature): Promise<Outcome<Draft>>;
  /** Tries again what was signed but could not be published, a missing recording for instance. */
  publish(digest: string): Promise<Outcome<Published>>;
};

type Office = {
  readonly database: CloudDatabase;
  readonly now: () => number;
  readonly publisher: Publisher;
  readonly changed: (draft: Draft) => void;
};

export function openDraftOffice(office: Office): Drafts {
  return {
    add: (payload) => add(office, payload),
    list: async () => Promise.all((await openDrafts(office.database)).map((each) => viewOf(office, each))),
    find: async (digest) => {
      const found = await findDraft(office.database, digest);
      return found === null ? noSuchDraft : done(await viewOf(office, found));
    },
    sign: (digest, line) => sign(office, digest, line),
    publish: async (digest) => {
      const found = await findDraft(office.database, digest);
      if (found === null) return noSuchDraft;
      // An envelope without any signature is none, but what is missing are people.
      if (found.signatures.length === 0) return refuseCode('THRESHOLD');
      return office.publisher.publish(envelopeOf(found));
    },
  };
}

async function add(office: Office, payload: Readonly<Record<string, unknown>>): Promise<Outcome<Draft>> {
  const written = writeDraft(payload);
  if (!written.ok) return written;
  const refused =
    (await refuseHopeless(office, written.value)) ?? (await refuseTwoTruths(office, written.value));
  if (refused !== null) return refused;
  // Orders go by digest alone: whoever writes a second one under the id of an alert must not make the first vanish.
  const isOrder = written.value.document.typ === 'order';
  const rivals = isOrder ? [] : await rivalsOf(office.database, written.value);
  const replaced = rivals.map(({ row }) => row.digest);
  await keepDraft(office.database, written.value, replaced, office.now());
  return told(office, written.value.digest);
}

/** What signatures, an earlier document or time cannot cure. */
const HOPELESS: ReadonlySet<string> = new Set([
  'WRONG_PROVINCE',
  'BAD_ID',
  'BAD_TIMES',
  'BAD_KID',
  'WEAK_KEY',
  'BAD_GRANT',
  'ESCALATION',
  'TTL_TOO_LONG',
  'OLD_EPOCH',
  'EXPIRED',
  'ROLLBACK',
  'EQUIVOCATION',
  'DUPLICATE',
]);

async function refuseHopeless(office: Office, text: DraftText): Promise<Refused | null> {
  const { document } = text;
  if (document.typ === 'head') return refuseCode('BAD_NONCE');
  const { code } = await reviewText(office, text, []);
  return code !== 'ACCEPTED' && HOPELESS.has(code) ? refuseCode(code) : null;
}

/** Of two unsigned drafts the later one is a correction; a signed one is a truth already. Orders go by digest alone (protocol V16). */
async function refuseTwoTruths(office: Office, text: DraftText): Promise<Refused | null> {
  if (text.document.typ === 'order') return null;
  const rivals = await rivalsOf(office.database, text);
  return rivals.some(({ signatures }) => signatures.length > 0) ? refuseCode('EQUIVOCATION') : null;
}

async function sign(office: Office, digest: string, line: NewSignature): Promise<Outcome<Draft>> {
  const found = await findDraft(office.database, digest);
  if (found === null) return noSuchDraft;
  const signer = await checkLine(office, found, line);
  if (!signer.ok) return signer;
  await keepSignature(office.database, digest, signer.value, line, office.now());
  // Read anew: of two people who sign at once, the later one sees both signatures.
  const signed = (await findDraft(office.database, digest)) ?? found;
  const { code } = await standingOf(office, signed);
  if (code === 'ACCEPTED') await office.publisher.publish(envelopeOf(signed));
  return told(office, digest);
}

/** The kid of a signature that counts by itself: one that does not would only fill the envelope. */
async function checkLine(office: Office, found: SignedDraft, line: NewSignature): Promise<Outcome<string>> {
  if (found.row.publishedAtMs !== null) return refuseCode('DUPLICATE');
  const read = readSignatures([...found.signatures, line]);
  if (typeof read === 'string') return refuse(400, read, wordsOf[read]);
  const kid = read.at(-1)?.kid ?? '';
  const { code, holders } = await reviewText(office, textOf(found), [line]);
  if (code === 'TYPE_MISMATCH') return refuse(400, code, wordsOf[code]);
  return holders.length === 0 ? signsNothing(kid) : done(kid);
}

async function told(office: Office, digest: string): Promise<Outcome<Draft>> {
  const found = await findDraft(office.database, digest);
  if (found === null) return noSuchDraft;
  const draft = await viewOf(office, found);
  office.changed(draft);
  return done(draft);
}

async function viewOf(office: Office, signed: SignedDraft): Promise<Draft> {
  const { row, signatures } = signed;
  const text = textOf(signed);
  const { code, holders, missing } = await standingOf(office, signed);
  return {
    digest: row.digest,
    typ: row.typ,
    id: row.id,
    epoch: row.epoch,
    ver: row.ver,
    iat: text.document.iat,
    exp: text.document.exp,
    payload: row.payload,
    signatures: [...signatures],
    progress: { code, holders: [...holders], missing },
    createdAtMs: row.createdAtMs,
    publishedAtMs: row.publishedAtMs,
  };
}

/** What is live has been judged; a second look would only say DUPLICATE. */
async function standingOf(office: Office, signed: SignedDraft): Promise<Progress> {
  const { holders } = signed.row;
  if (holders === null) return reviewText(office, textOf(signed), signed.signatures);
  return { code: 'ACCEPTED', holders: JSON.parse(holders) as string[], missing: 0 };
}

function reviewText(office: Office, text: DraftText, lines: readonly NewSignature[]): Promise<Progress> {
  const state = asBoxOf(office.publisher.live(), text.document, false, text.digest);
  return reviewed(text.payload, lines, state, clockOf(office.now()));
}

function textOf({ row }: SignedDraft): DraftText {
  const payload = fromBase64url(row.payload) ?? new Uint8Array();
  const document = readDocument(payload, 0);
  if (typeof document === 'string') throw new Error(`draft ${row.digest} is damaged: ${document}`);
  return { payload, digest: row.digest, document };
}

const envelopeOf = (signed: SignedDraft): Uint8Array =>
  sealEnvelope(textOf(signed).payload, signed.signatures);

const noSuchDraft = refuse(
  404,
  'NO_SUCH_DRAFT',
  {
    vi: 'Không có bản thảo này. Hãy tạo bản thảo trước.',
    en: 'There is no such draft. Make the draft first.',
  },
  'digest',
);

const signsNothing = (kid: string) =>
  refuse(
    409,
    'SIGNATURE_COUNTS_NOT',
    {
      vi: `Chữ ký của khóa ${kid} không tính: sai, hoặc người này không được ký loại văn bản này cho khu vực này.`,
      en: `The signature of key ${kid} does not count: it is wrong, or its holder may not sign this for this area.`,
    },
    'signature',
  );
