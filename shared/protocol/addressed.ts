/** Is this document meant for this box, and new to it? protocol V8, before any signature costs time. */
import { covers } from './areas.ts';
import type { Opened } from './envelope.ts';
import type { Order, SignedDocument } from './schema/documents.ts';
import { storedOf } from './state.ts';
import type { BoxState, Rejection } from './state.ts';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** protocol V8 */
export function checkAddress(input: Opened, state: BoxState): Rejection | null {
  if (input.document.prov !== state.prov) return 'WRONG_PROVINCE';
  return isForMe(input.document, state) ? checkIdentity(input, state) : 'NOT_FOR_ME';
}

/** protocol V8 but for the addressee: is the id its own, and do we have these bytes already? */
export function checkIdentity({ document, digest }: Opened, state: BoxState): Rejection | null {
  if (document.typ === 'order') {
    if (!ULID.test(document.id)) return 'BAD_ID';
    return state.orders.has(digest) ? 'REPLAY' : null;
  }
  if (document.id !== idOf(document)) return 'BAD_ID';
  const stored = document.typ === 'trust' ? state.trust : state.docs.get(document.id);
  return stored?.digest === digest ? 'DUPLICATE' : null;
}

/** The area of this box: that of its stored device document, which serves on after its `exp`. */
export const areaOf = (state: BoxState): string | null =>
  storedOf(state, 'device', `device:${state.dev}`)?.document.area ?? null;

function isForMe(document: SignedDocument, state: BoxState): boolean {
  if (document.typ === 'device') return document.dev === state.dev;
  if (document.typ === 'trust' || document.typ === 'head' || document.typ === 'release') return true;
  const areas = document.typ === 'order' ? document.scope : [document.area];
  const mine = areaOf(state);
  return mine !== null && areas.some((area) => covers(area, mine));
}

function idOf(document: Exclude<SignedDocument, Order>): string {
  if (document.typ === 'trust' || document.typ === 'head') return document.typ;
  if (document.typ === 'release') return 'release:agent';
  return `${document.typ}:${document.typ === 'device' ? document.dev : document.area}`;
}
