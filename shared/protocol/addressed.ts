/** Is this document meant for this box, and new to it? protocol V8, before any signature costs time. */
import { covers } from './areas.ts';
import type { Opened } from './envelope.ts';
import type { SignedDocument } from './schema/documents.ts';
import { storedOf } from './state.ts';
import type { BoxState, Rejection } from './state.ts';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** protocol V8 */
export function checkAddress(input: Opened, state: BoxState): Rejection | null {
  const { document } = input;
  if (document.prov !== state.prov) return 'WRONG_PROVINCE';
  if (!isForMe(document, state)) return 'NOT_FOR_ME';
  return checkIdentity(input, state);
}

/** protocol V8 without the addressee: the id, and whether we have it already. */
export function checkIdentity({ document, digest }: Opened, state: BoxState): Rejection | null {
  if (!hasDerivedId(document)) return 'BAD_ID';
  if (document.typ === 'order') return state.orders.has(digest) ? 'REPLAY' : null;
  const stored = document.typ === 'trust' ? state.trust : state.docs.get(document.id);
  return stored?.digest === digest ? 'DUPLICATE' : null;
}

/** The area of this box: that of its stored device document, which serves on after its `exp`. */
export const areaOf = (state: BoxState): string | null =>
  storedOf(state, 'device', `device:${state.dev}`)?.document.area ?? null;

function isForMe(document: SignedDocument, state: BoxState): boolean {
  const mine = areaOf(state);
  switch (document.typ) {
    case 'trust':
    case 'head':
    case 'release':
      return true;
    case 'device':
      return document.dev === state.dev;
    case 'order':
      return mine !== null && document.scope.some((area) => covers(area, mine));
    case 'keyring':
    case 'plan':
    case 'templates':
    case 'fmplan':
      return mine !== null && covers(document.area, mine);
  }
}

function hasDerivedId(document: SignedDocument): boolean {
  switch (document.typ) {
    case 'trust':
    case 'head':
      return document.id === document.typ;
    case 'release':
      return document.id === 'release:agent';
    case 'device':
      return document.id === `device:${document.dev}`;
    case 'order':
      return ULID.test(document.id);
    case 'keyring':
    case 'plan':
    case 'templates':
    case 'fmplan':
      return document.id === `${document.typ}:${document.area}`;
  }
}
