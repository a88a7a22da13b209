/** What was accepted once is asked again whenever the people who vouch for it may have changed: protocol V18. */
import { authoriseUnder } from './authorise.ts';
import { candidatesFor } from './candidates.ts';
import { openEnvelope } from './envelope.ts';
import { isFmAuthorised } from './fm/order.ts';
import type { DocumentType } from './schema/documents.ts';
import type { BoxState, OrderRow, Stored } from './state.ts';

/** Each stands on those before it: a fallen keyring takes its plans along, a fallen plan its live slots. */
const TURNS: readonly (readonly DocumentType[])[] = [
  ['keyring'],
  ['templates', 'fmplan', 'head', 'release'],
  ['plan'],
];

/**
 * protocol V18, after a trust, keyring or plan was stored and at every boot: the state without what is no longer
 * authorised. The device document stays (the box must know where it is), and so do rows and floors (V17).
 */
export async function reauthorise(state: BoxState): Promise<BoxState> {
  let next = state;
  for (const types of TURNS) next = await dropDocuments(next, types);
  return dropOrders(next);
}

async function dropDocuments(state: BoxState, types: readonly DocumentType[]): Promise<BoxState> {
  const docs = new Map(state.docs);
  for (const [id, stored] of state.docs) {
    if (types.includes(stored.document.typ) && !(await isAuthorised(stored, state))) docs.delete(id);
  }
  return docs.size === state.docs.size ? state : { ...state, docs };
}

async function dropOrders(state: BoxState): Promise<BoxState> {
  const dropped: [string, OrderRow][] = [];
  for (const [digest, row] of state.orders) {
    if (!row.ended && !(await isOrderAuthorised(row, state))) dropped.push([digest, { ...row, ended: true }]);
  }
  return dropped.length === 0 ? state : { ...state, orders: new Map([...state.orders, ...dropped]) };
}

/** In whichever of its two forms it came. */
async function isOrderAuthorised({ stored, fm }: OrderRow, state: BoxState): Promise<boolean> {
  if (stored !== null) return isAuthorised(stored, state);
  return fm !== null && isFmAuthorised(fm, state);
}

/** protocol V11–V14 over the stored bytes, without a look at a keyring's `exp`. */
async function isAuthorised({ bytes }: Stored, state: BoxState): Promise<boolean> {
  const opened = openEnvelope(bytes);
  if (typeof opened === 'string') return false;
  const candidates = candidatesFor(opened.document, state, -Infinity);
  return typeof (await authoriseUnder(candidates, opened)) !== 'string';
}
