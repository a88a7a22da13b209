/** The cloud over HTTP and HTTPS (protocol.md §8): paths, size limits, Retry-After, and plain HTTP where TLS fails for reasons of time. */
import { decodeUtf8, parseJson } from '../../shared/protocol/bytes.ts';
import { MAX_ENVELOPE_BYTES, TYPES } from '../../shared/protocol/schema/documents.ts';
import type { Media } from '../../shared/protocol/schema/media.ts';
import { boxPaths, refusal } from '../../shared/wire/carrier.ts';
import type { Receiving } from '../store/store.ts';
import type { Cloud, Got, MediaGot, NotGot } from './cloud.ts';
import { Http } from './http.ts';
import type { Ask, Exchange, Intake, Reply } from './http.ts';
import { mediaIntake } from './media-intake.ts';
import { inWords } from './words.ts';
import type { Waits } from './waits.ts';

/** A list of orders: as many of the largest as one area could ever have in force. */
const MAX_ORDERS_BYTES = 64 * TYPES.order.maxBytes;
const MAX_ANSWER_BYTES = 16 * 1024;
/** What OpenSSL says when the certificate may be good and our clock is not (protocol C4). */
const TLS_TIME = new Set(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']);

export type HttpCloudOptions = {
  /** `https://loa.example.vn` or `http://…`, without a path. */
  readonly baseUrl: string;
  /** The same cloud without TLS, for what proves itself (protocol C4); null where there is none. */
  readonly plainUrl: string | null;
  readonly waits: Waits;
  /** Monotonic milliseconds. */
  readonly upMs: () => number;
};

type Request = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly totalMs?: number;
  readonly signal?: AbortSignal;
};

export class HttpCloud implements Cloud {
  readonly #options: HttpCloudOptions;
  readonly #http = new Http();
  readonly #closing = new AbortController();
  /** By kind of request: not before this time, because the server asked so. */
  readonly #notBefore = new Map<string, number>();

  constructor(options: HttpCloudOptions) {
    this.#options = options;
  }

  trust(n: number): Promise<Got> {
    return this.#whole({ method: 'GET', path: boxPaths.trust(n) }, MAX_ENVELOPE_BYTES);
  }

  doc(id: string, held: string | null): Promise<Got> {
    const headers: Record<string, string> = held === null ? {} : { 'if-none-match': `"${held}"` };
    return this.#whole({ method: 'GET', path: boxPaths.doc(id), headers }, MAX_ENVELOPE_BYTES);
  }

  orders(area: string): Promise<Got> {
    return this.#whole({ method: 'GET', path: boxPaths.orders(area) }, MAX_ORDERS_BYTES);
  }

  head(nonce: string, ids: readonly string[]): Promise<Got> {
    return this.#whole({ method: 'GET', path: boxPaths.head(nonce, ids) }, TYPES.head.maxBytes);
  }

  records(envelope: Uint8Array): Promise<Got> {
    return this.#whole({ method: 'POST', path: boxPaths.records, body: envelope }, MAX_ANSWER_BYTES);
  }

  async media(
    media: Media,
    into: Pick<Receiving, 'offset' | 'write'>,
    signal: AbortSignal,
  ): Promise<MediaGot> {
    const { slowestBytesPerS, exchangeMs } = this.#options.waits;
    const request: Request = {
      method: 'GET',
      path: boxPaths.media(media.sha256),
      headers: into.offset === 0 ? {} : { range: `bytes=${into.offset}-` },
      totalMs: exchangeMs + Math.ceil(((media.size - into.offset) / slowestBytesPerS) * 1000),
      signal: AbortSignal.any([signal, this.#closing.signal]),
    };
    const intake = mediaIntake(media.size, into);
    const answer = await this.#exchange(request, (reply) => intake.take(reply));
    if (answer.kind !== 'answered') return answer;
    if (answer.status === 404 || answer.status === 410) return { kind: 'absent' };
    if (answer.status !== 200 && answer.status !== 206) return refused(answer.status, new Uint8Array());
    return intake.missing() === 0
      ? { kind: 'complete' }
      : { kind: 'failed', why: `${intake.missing()} bytes are missing at the end` };
  }

  /** Ends every request that is under way. */
  close(): void {
    this.#closing.abort();
    this.#http.close();
  }

  async #whole(request: Request, maxBytes: number): Promise<Got> {
    const chunks: Uint8Array[] = [];
    const write = (chunk: Uint8Array): void => void chunks.push(chunk);
    const answer = await this.#exchange(request, ({ status }) => ({
      maxBytes: status === 200 ? maxBytes : MAX_ANSWER_BYTES,
      write,
    }));
    if (answer.kind !== 'answered') return answer;
    return gotOf(answer.status, Buffer.concat(chunks));
  }

  /** Retry-After before and after, and the way round TLS. */
  async #exchange(request: Request, take: (reply: Reply) => Intake): Promise<NotGot | Answered> {
    const lane = request.path.split(/[/?]/)[2] ?? '';
    const wait = (this.#notBefore.get(lane) ?? 0) - this.#options.upMs();
    if (wait > 0) return { kind: 'later', afterMs: wait };
    const exchange = await this.#anyWay(request, take);
    if (exchange.kind === 'failed') return { kind: 'failed', why: exchange.why };
    const { status } = exchange.reply;
    if (status !== 429 && status !== 503) return { kind: 'answered', status };
    const afterMs = this.#retryAfter(exchange.reply);
    this.#notBefore.set(lane, this.#options.upMs() + afterMs);
    return { kind: 'later', afterMs };
  }

  async #anyWay(request: Request, take: (reply: Reply) => Intake): Promise<Exchange> {
    const first = await this.#http.ask(this.#askOf(this.#options.baseUrl, request), take);
    const { plainUrl } = this.#options;
    const clockless = first.kind === 'failed' && first.code !== null && TLS_TIME.has(first.code);
    // protocol C4: records say when they were made, and are no help to find the time: they wait for TLS.
    if (!clockless || plainUrl === null || request.method === 'POST') return first;
    return await this.#http.ask(this.#askOf(plainUrl, request), take);
  }

  #askOf(baseUrl: string, request: Request): Ask {
    const { connectMs, idleMs, exchangeMs } = this.#options.waits;
    return {
      method: request.method,
      url: new URL(request.path, baseUrl),
      headers: request.headers ?? {},
      body: request.body ?? null,
      connectMs,
      idleMs,
      totalMs: request.totalMs ?? exchangeMs,
      signal: request.signal ?? this.#closing.signal,
    };
  }

  /** Whole seconds; the form with a date would want a clock, and counts as none. */
  #retryAfter(reply: Reply): number {
    const { retryMs, retryAfterMostMs } = this.#options.waits;
    const text = reply.header('retry-after');
    const asked = text !== null && /^\d{1,9}$/.test(text) ? Number(text) * 1000 : retryMs;
    return Math.min(asked, retryAfterMostMs);
  }
}

type Answered = { readonly kind: 'answered'; readonly status: number };

function gotOf(status: number, bytes: Uint8Array): Got {
  if (status === 200) return { kind: 'got', bytes };
  if (status === 304) return { kind: 'unchanged' };
  if (status === 404 || status === 410) return { kind: 'absent' };
  return refused(status, bytes);
}

const refused = (status: number, bytes: Uint8Array): NotGot => {
  const said = refusal.safeParse(parseJson(decodeUtf8(bytes) ?? ''));
  const words = said.success ? `${said.data.code}: ${said.data.text.en}` : 'and says nothing of use';
  return { kind: 'refused', status, why: inWords(`the server answers ${status}, ${words}`) };
};
