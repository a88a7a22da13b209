/** The first half of a turn: trust, head, documents and orders, fetched in the order of protocol U2 and handed to `admit`. */
import { decodeUtf8, digestOf, parseJson } from '../../shared/protocol/bytes.ts';
import { readStored } from '../../shared/protocol/envelope.ts';
import { storedOf } from '../../shared/protocol/state.ts';
import { ordersAnswer } from '../../shared/wire/carrier.ts';
import { followedIds } from '../../shared/wire/follow.ts';
import type { Turn, Version } from './turn.ts';
import { isNewer } from './versions.ts';

/** protocol T10: a chain of trust has no end that a box could see; the next turn goes on. */
const TRUSTS_PER_TURN = 64;
const MAX_ORDERS = 256;

/** Fetches n+1, n+2, … while they are accepted; answers how many were. */
export async function followTrust(turn: Turn): Promise<number> {
  let taken = 0;
  while (taken < TRUSTS_PER_TURN && turn.worthTrying() && (await takeNextTrust(turn))) taken += 1;
  return taken;
}

async function takeNextTrust(turn: Turn): Promise<boolean> {
  const n = turn.state().trust.document.ver + 1;
  const key = `trust/${n}`;
  if (turn.memory.documents.holds(key, turn.upMs())) return false;
  const got = turn.heard(key, await turn.deps.cloud.trust(n));
  return got.kind === 'got' && book(turn, key, (await turn.deps.admit(got.bytes, 'http')).code);
}

/** Of a head: said after its signature was checked (protocol V12), so the cloud did tell this time. */
const REFUSED_FOR_ITS_TIME: ReadonlySet<string> = new Set([
  'EXPIRED',
  'ROLLBACK',
  'TIME_JUMP',
  'TIME_DISPUTE',
]);

/** UTC seconds; null where these bytes are no head that repeats what we asked. */
function timeIn(bytes: Uint8Array, asked: string): number | null {
  const read = readStored(bytes);
  if (typeof read === 'string' || read.document.typ !== 'head') return null;
  return read.document.nonce === asked ? read.document.iat : null;
}

/** Ids that the head now stored was asked about; empty where none was accepted. */
export async function askHead(turn: Turn): Promise<ReadonlySet<string>> {
  const { cloud, nonce, clock, admit } = turn.deps;
  const ids = followedIds(turn.state().dev, turn.area());
  const asked = nonce.ask();
  try {
    const sentUpMs = clock.read().upMs;
    const got = turn.heard('head', await cloud.head(asked, ids));
    const receivedUpMs = clock.read().upMs;
    if (got.kind !== 'got') return new Set();
    const roundTripMs = receivedUpMs - sentUpMs;
    const { code, sync } = await admit(got.bytes, 'http', clock.confirmed(roundTripMs));
    const iat = REFUSED_FOR_ITS_TIME.has(code) ? timeIn(got.bytes, asked) : null;
    if (iat !== null) clock.dispute(iat, roundTripMs, receivedUpMs);
    if (!book(turn, null, code)) return new Set();
    if (sync !== null) clock.sync(sync, roundTripMs, receivedUpMs);
    turn.report.headAccepted = true;
    return new Set(ids);
  } finally {
    nonce.close();
  }
}

/** The device document comes first and may bring an area, and with it more to follow. */
export async function fetchDocuments(turn: Turn, known: ReadonlySet<string>): Promise<void> {
  const { dev } = turn.state();
  await fetchDocument(turn, `device:${dev}`, known);
  for (const id of followedIds(dev, turn.area()).slice(1)) await fetchDocument(turn, id, known);
}

/** `known`: what a fresh head was asked about. Of the rest nobody knows, so it is asked for by digest. */
async function fetchDocument(turn: Turn, id: string, known: ReadonlySet<string>): Promise<void> {
  const held = turn.state().docs.get(id);
  const newest = announced(turn, id);
  const isSpokenOf = known.has(id) || turn.errand.nudged.has(id);
  if (isSpokenOf && (newest === null || (held !== undefined && !isNewer(newest, held.document)))) return;
  // Another version is another question: a refusal of the last one must not hold it up.
  const key = newest === null ? id : `${id}@${newest.epoch}.${newest.ver}`;
  if (!turn.worthTrying() || turn.memory.documents.holds(key, turn.upMs())) return;
  const got = turn.heard(id, await turn.deps.cloud.doc(id, held?.digest ?? null));
  if (got.kind === 'got') await offer(turn, key, got.bytes);
}

/** The highest version that the head or a nudge speaks of. Neither is believed: it only says what to ask for. */
function announced(turn: Turn, id: string): Version | null {
  const latest = storedOf(turn.state(), 'head', 'head')?.document.latest ?? {};
  const byHead = Object.hasOwn(latest, id) ? latest[id] : undefined;
  const byNudge = turn.errand.nudged.get(id);
  if (byHead === undefined || byNudge === undefined) return byHead ?? byNudge ?? null;
  return isNewer(byNudge, byHead) ? byNudge : byHead;
}

/** protocol §8: whatever came while nobody was connected is asked for here. */
export async function fetchOrders(turn: Turn): Promise<void> {
  const area = turn.area();
  if (area === null || !turn.worthTrying()) return;
  const got = turn.heard('orders', await turn.deps.cloud.orders(area));
  if (got.kind !== 'got') return;
  const list = ordersAnswer.safeParse(parseJson(decodeUtf8(got.bytes) ?? ''));
  if (!list.success) {
    turn.trouble('orders: the answer is no list of envelopes');
    return;
  }
  turn.report.ordersHeard = true;
  for (const envelope of list.data.slice(0, MAX_ORDERS)) {
    const digest = digestOf(Buffer.from(envelope.payload, 'base64url'));
    // Handed in once: the table of `accept` would only answer REPLAY, and count it as an attack.
    if (turn.state().orders.has(digest)) continue;
    const bytes = Buffer.from(JSON.stringify(envelope));
    // Not by digest: with another signature the same order may be good.
    const key = `order/${digestOf(bytes)}`;
    if (!turn.memory.documents.holds(key, turn.upMs())) await offer(turn, key, bytes);
  }
}

/** Newer epoch, type or GAP: keep, fetch trust, retry once (protocol §4). */
async function offer(turn: Turn, key: string, bytes: Uint8Array): Promise<void> {
  const first = await turn.deps.admit(bytes, 'http');
  const again = first.retryAfterTrust && (await followTrust(turn)) > 0;
  const { code } = again ? await turn.deps.admit(bytes, 'http') : first;
  book(turn, key, code);
}

/** Counts an answer of `admit`; true where it was taken. `key`: under which a refusal is remembered; null for a head, which comes anew each time. */
function book(turn: Turn, key: string | null, code: string): boolean {
  const { report, memory } = turn;
  if (code === 'ACCEPTED') {
    if (key === null) return true;
    report.accepted += 1;
    // With other keys or another area, what was refused may be good.
    memory.documents.forgetAll();
    return true;
  }
  report.refused[code] = (report.refused[code] ?? 0) + 1;
  if (code !== 'DUPLICATE' && code !== 'REPLAY') turn.trouble(`${key ?? 'head'}: refused, ${code}`);
  if (key !== null) memory.documents.failed(key, turn.upMs());
  return false;
}
