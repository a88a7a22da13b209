/** Takes a signed envelope live: checked as a box would check it, kept on the disk, then announced. It makes nothing sound: boxes check again. */
import { accept } from '../../shared/protocol/accept.ts';
import { fromBase64url } from '../../shared/protocol/bytes.ts';
import { openEnvelope } from '../../shared/protocol/envelope.ts';
import type { Opened } from '../../shared/protocol/envelope.ts';
import { mediaOf } from '../../shared/protocol/media-of.ts';
import type { Clock, Rejection } from '../../shared/protocol/state.ts';
import type { Published } from '../../shared/wire/staff.ts';
import type { CloudDatabase } from '../database.ts';
import { done, refuse } from '../outcome.ts';
import type { Outcome, Refused } from '../outcome.ts';
import { keepPublication } from './keep.ts';
import type { Publication } from './keep.ts';
import { applied, asBoxOf } from './live.ts';
import type { Live } from './live.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { reviewed } from './progress.ts';
import { wordsOf } from './words.ts';

export type Publisher = {
  live(): Live;
  /** The whole envelope, all its signatures in it. */
  publish(envelope: Uint8Array): Promise<Outcome<Published>>;
  /** Called after the commit of each publication. */
  listen(listener: (publication: Publication) => void): void;
};

export type Desk = {
  readonly database: CloudDatabase;
  /** UTC milliseconds. */
  readonly now: () => number;
  readonly hasMedia: (sha256: string) => boolean;
};

/** The cloud's own clock as `accept` wants it: an NTP-kept server, two seconds either way. */
export const clockOf = (nowMs: number): Clock => ({ state: 'SYNCED', now: Math.floor(nowMs / 1000), u: 2 });

export const refuseCode = (code: Rejection): Refused => refuse(409, code, wordsOf[code]);

export function openPublisher(desk: Desk, start: Live): Publisher {
  const inTurn = oneAtATime();
  const listeners: ((publication: Publication) => void)[] = [];
  let live = start;
  const goLive = async (envelope: Uint8Array): Promise<Outcome<Published>> => {
    const judged = await judge(desk, live, envelope);
    if (!judged.ok) return judged;
    await keepPublication(desk.database, judged.value);
    live = judged.value.change.live;
    for (const listener of listeners) listener(judged.value);
    return done(publishedOf(judged.value));
  };
  return {
    live: () => live,
    publish: (envelope) => inTurn(() => goLive(envelope)),
    listen: (listener) => {
      listeners.push(listener);
    },
  };
}

async function judge(desk: Desk, live: Live, envelope: Uint8Array): Promise<Outcome<Publication>> {
  const opened = openEnvelope(envelope);
  if (typeof opened === 'string') return refuse(400, opened, wordsOf[opened]);
  const { document, digest } = opened;
  if (document.typ === 'head') return refuseCode('BAD_NONCE');
  const unready = refuseUnready(desk, opened);
  if (unready !== null) return unready;
  const atMs = desk.now();
  const state = asBoxOf(live, document, await isKnownOrder(desk.database, opened), digest);
  const payload = fromBase64url(opened.payload) ?? new Uint8Array();
  const { holders, missing } = await reviewed(payload, opened.signatures, state, clockOf(atMs));
  const answer = await accept(envelope, state, clockOf(atMs), null);
  if (answer.code === 'THRESHOLD') return refuseThreshold(holders, missing);
  if (answer.code !== 'ACCEPTED') return refuseCode(answer.code);
  const stored = { bytes: envelope, digest, document };
  return done({ stored, change: applied(live, document, state, answer.state), holders, atMs });
}

/** An order must get out whatever is missing: a box without its recording sounds the attention tone (protocol §4). */
function refuseUnready({ hasMedia }: Desk, { document }: Opened): Refused | null {
  if (document.typ === 'order') return null;
  const missing = mediaOf(document).find(({ sha256 }) => !hasMedia(sha256));
  if (missing === undefined) return null;
  return refuse(409, 'MEDIA_MISSING', {
    vi: `Chưa có tệp ${missing.sha256} (${missing.mime}) trên máy chủ. Hãy gửi lên trước: loa-cloud media TỆP.`,
    en: `File ${missing.sha256} (${missing.mime}) is not on the server. Send it first: loa-cloud media FILE.`,
  });
}

async function isKnownOrder(database: CloudDatabase, { document, digest }: Opened): Promise<boolean> {
  if (document.typ !== 'order') return false;
  const row = await database
    .selectFrom('order')
    .select('digest')
    .where('digest', '=', digest)
    .executeTakeFirst();
  return row !== undefined;
}

function refuseThreshold(holders: readonly string[], missing: number | null): Refused {
  const names = holders.length === 0 ? '–' : holders.join(', ');
  return refuse(409, 'THRESHOLD', {
    vi: `${wordsOf.THRESHOLD.vi} Đã ký: ${names}. Còn thiếu: ${missing ?? '?'} người.`,
    en: `${wordsOf.THRESHOLD.en} Signed: ${names}. Still missing: ${missing ?? '?'}.`,
  });
}

const publishedOf = ({ stored: { document, digest }, atMs }: Publication): Published => ({
  typ: document.typ,
  id: document.id,
  epoch: document.epoch,
  ver: document.ver,
  digest,
  publishedAtMs: atMs,
});
