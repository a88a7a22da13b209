/** From what a person wrote to the canonical document that people sign: fills what can be known, and says so. */
import { nestsAtMost } from '../shared/protocol/bytes.ts';
import { candidatesFor } from '../shared/protocol/candidates.ts';
import type { CandidateGrant } from '../shared/protocol/candidates.ts';
import { TYPES } from '../shared/protocol/schema/documents.ts';
import type { DocumentType, SignedDocument } from '../shared/protocol/schema/documents.ts';
import type { BoxState } from '../shared/protocol/state.ts';
import type { LedgerEntry } from './ledger.ts';
import { done, refused, parsedAs } from './text.ts';
import type { Outcome } from './text.ts';

const DAY_S = 86_400;
/** Short, so that an order held back inside its life does little (attack R17). */
export const ORDER_LIFE_S = 1800;

/** How long documents live unless their draft says otherwise, in seconds; never longer than their grant allows. */
const LIFE_S: Readonly<Record<DocumentType, number>> = {
  trust: 365 * DAY_S,
  keyring: 365 * DAY_S,
  plan: 45 * DAY_S,
  order: ORDER_LIFE_S,
  templates: 365 * DAY_S,
  fmplan: 365 * DAY_S,
  device: 365 * DAY_S,
  head: DAY_S,
  release: 365 * DAY_S,
};

/** `now` in UTC seconds; `id` is a new ULID for the case that the draft is an order. */
export type Known = {
  readonly now: number;
  readonly newUlid: string;
  readonly state: BoxState | null;
  readonly ledger: readonly LedgerEntry[];
};

/** A field that the draft left out, and what it was filled with. */
type Filled = { readonly path: string; readonly value: unknown };
export type Draft = { readonly document: SignedDocument; readonly filled: readonly Filled[] };

type Fields = Record<string, unknown>;

export function fillDraft(written: unknown, known: Known): Outcome<Draft> {
  // protocol V6: nothing deeper is a document, and deeper things would exhaust the stack.
  const fields = nestsAtMost(written, 32) ? composed(written) : null;
  if (!isFields(fields) || typeof fields['typ'] !== 'string' || !Object.hasOwn(TYPES, fields['typ'])) {
    return refused(
      `Bản nháp phải là một đối tượng JSON có "typ" là một trong: ${Object.keys(TYPES).join(', ')}.`,
      `A draft is a JSON object whose "typ" is one of: ${Object.keys(TYPES).join(', ')}.`,
    );
  }
  const typ = fields['typ'] as DocumentType;
  const filled: Filled[] = [];
  fillInto(fields, contentDefaults(typ, fields, known), '', filled);
  fillItems(typ, fields, filled);
  const candidate = candidateFor(typ, fields, known);
  fillInto(fields, standing(typ, fields, known, candidate), '', filled);
  const read = parsedAs<SignedDocument>(TYPES[typ].schema, fields);
  return read.ok ? done({ document: read.value, filled }) : read;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same value with every text in NFC, as the protocol wants it and some keyboards do not type it. */
function composed(value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFC');
  if (Array.isArray(value)) return value.map(composed);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, composed(inner)]));
}

function fillInto(fields: Fields, defaults: Fields, path: string, filled: Filled[]): void {
  for (const [name, value] of Object.entries(defaults)) {
    if (Object.hasOwn(fields, name)) continue;
    fields[name] = value;
    filled.push({ path: path + name, value });
  }
}

/** What can be said of the content without looking at who signs it. */
function contentDefaults(typ: DocumentType, fields: Fields, { state, newUlid }: Known): Fields {
  const common = { v: 1, ...(state === null ? {} : { prov: state.prov }), id: idOf(typ, fields, newUlid) };
  switch (typ) {
    case 'plan':
      return { ...common, zone: 'Asia/Ho_Chi_Minh' };
    case 'order':
      return { ...common, ver: 1, play: null, plays: 1, repeatS: null, ends: [], text: null };
    case 'device':
      return { ...common, state: 'active', tags: [], volumeMax: 90, quiet: null, clockless: 'silent' };
    case 'fmplan':
      return { ...common, orderKeys: [] };
    case 'trust':
      return { ...common, epoch: 0, floorReset: null };
    case 'keyring':
    case 'templates':
    case 'head':
    case 'release':
      return common;
  }
}

function idOf(typ: DocumentType, { area, dev }: Fields, newUlid: string): string {
  if (typ === 'order') return newUlid;
  if (typ === 'trust' || typ === 'head') return typ;
  if (typ === 'release') return 'release:agent';
  const place = typ === 'device' ? dev : area;
  return `${typ}:${typeof place === 'string' ? place : '?'}`;
}

const ITEM: Fields = {
  priority: 5,
  language: 'vi',
  author: '',
  topic: 'chung',
  lastDay: null,
  recur: null,
  except: [],
  also: [],
  start: 'exact',
  late: 'join',
  afterCut: 'resume',
  volume: 70,
  night: false,
  only: null,
};
const TEMPLATE: Fields = { warning: false, plays: 1, volume: 80 };

function fillItems(typ: DocumentType, fields: Fields, filled: Filled[]): void {
  const { items } = fields;
  if ((typ !== 'plan' && typ !== 'templates') || !Array.isArray(items)) return;
  for (const [index, item] of items.entries()) {
    if (!isFields(item)) continue;
    const defaults = typ === 'templates' ? TEMPLATE : { ...ITEM, surface: surfaceOf(item) };
    fillInto(item, structuredClone(defaults), `items.${index}.`, filled);
  }
}

/** Pages and tickers are shown; everything else is heard unless the draft says otherwise. */
function surfaceOf({ source }: Fields): 'sound' | 'screen' {
  const kind = isFields(source) ? source['kind'] : null;
  return kind === 'page' || kind === 'ticker' ? 'screen' : 'sound';
}

/** Who may sign it tells its epoch and how long it may live; asked of the document as it would be. */
function candidateFor(typ: DocumentType, fields: Fields, { state, now }: Known): CandidateGrant | undefined {
  if (state === null) return undefined;
  const provisional = { epoch: 0, ver: 1, iat: now, exp: now + 60, ...fields };
  const document = TYPES[typ].schema.safeParse(provisional).data;
  return document === undefined ? undefined : candidatesFor(document, state, now)[0];
}

function standing(
  typ: DocumentType,
  fields: Fields,
  known: Known,
  candidate: CandidateGrant | undefined,
): Fields {
  const epoch = typeof fields['epoch'] === 'number' ? fields['epoch'] : (candidate?.epoch ?? 0);
  const iat = typeof fields['iat'] === 'number' ? fields['iat'] : known.now;
  const lifeS = Math.min(LIFE_S[typ], candidate?.maxTtlS ?? Infinity);
  return { epoch, ver: nextVersion(String(fields['id']), epoch, typ, known), iat, exp: iat + lifeS };
}

/** One more than the highest version that this machine knows of or has signed. */
function nextVersion(id: string, epoch: number, typ: DocumentType, { state, ledger }: Known): number {
  const pinned = typ === 'trust' ? state?.trust.document : state?.docs.get(id)?.document;
  const signed = ledger.filter(
    (each) => each.typ === typ && each.id === id && each.epoch === epoch && each.prov === state?.prov,
  );
  const versions = signed.map(({ ver }) => ver);
  if (pinned?.epoch === epoch) versions.push(pinned.ver);
  return Math.max(0, ...versions) + 1;
}
