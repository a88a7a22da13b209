/** One HTTP exchange with a server that may be slow, endless, broken or hostile: every wait and every size has an end. */
import type http from 'node:http';
import { inWords } from './words.ts';

// An `import` would read everything that these modules export, and so load fetch and WebSocket too: 5 MB for nothing.
const { Agent: PlainAgent, request: requestPlain } = process.getBuiltinModule('node:http');
const { Agent: SecureAgent, request: requestSecure } = process.getBuiltinModule('node:https');

export type Ask = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** Until the connection stands; until the next byte; for all of it. */
  readonly connectMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
  readonly signal: AbortSignal;
};

export type Reply = { readonly status: number; header(name: string): string | null };

/** Where a body goes, or in words why it is not wanted. */
export type Intake =
  { readonly maxBytes: number; write(chunk: Uint8Array): Promise<void> | void } | { readonly refuse: string };

export type Exchange =
  | { readonly kind: 'answered'; readonly reply: Reply }
  /** `code`: of Node or OpenSSL where there is one. `why`: for people. */
  | { readonly kind: 'failed'; readonly code: string | null; readonly why: string };

const GIVEN_UP = 'given up by the box';

/** Keeps a connection for the few requests of a turn, no longer: sockets cost data and memory. */
export class Http {
  readonly #plain = new PlainAgent({ keepAlive: true, maxSockets: 2, maxFreeSockets: 1 });
  readonly #secure = new SecureAgent({ keepAlive: true, maxSockets: 2, maxFreeSockets: 1 });

  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  /** Never throws. `take` sees status and headers before any of the body is read. */
  async ask(ask: Ask, take: (reply: Reply) => Intake): Promise<Exchange> {
    const once = await this.#tryOnce(ask, take);
    // A kept connection may be closed by the server just as we write: that says nothing about the server.
    return once === 'stale-connection' ? await this.#mustAnswer(ask, take) : once;
  }

  async #mustAnswer(ask: Ask, take: (reply: Reply) => Intake): Promise<Exchange> {
    const again = await this.#tryOnce(ask, take);
    return again === 'stale-connection'
      ? { kind: 'failed', code: 'ECONNRESET', why: 'the server closed the connection' }
      : again;
  }

  async #tryOnce(ask: Ask, take: (reply: Reply) => Intake): Promise<Exchange | 'stale-connection'> {
    // Node would still connect, only to hang up.
    if (ask.signal.aborted) return { kind: 'failed', code: null, why: GIVEN_UP };
    const watch = new Watch(ask);
    const request = this.#open(ask, watch);
    let answered = false;
    try {
      const response = await responseOf(request, ask, watch);
      answered = true;
      const reply = replyOf(response);
      await drain(response, take(reply), watch);
      return { kind: 'answered', reply };
    } catch (error) {
      const code = codeOf(error);
      if (!answered && request.reusedSocket && code === 'ECONNRESET') return 'stale-connection';
      return { kind: 'failed', code, why: watch.reason() ?? inWords(error) };
    } finally {
      watch.stop();
      request.destroy();
    }
  }

  #open(ask: Ask, watch: Watch): http.ClientRequest {
    const secure = ask.url.protocol === 'https:';
    const options = {
      method: ask.method,
      // Nothing is inflated here: a small answer stays small.
      headers: { 'accept-encoding': 'identity', ...ask.headers, ...lengthOf(ask.body) },
      signal: watch.signal,
    };
    return secure
      ? requestSecure(ask.url, { ...options, agent: this.#secure })
      : requestPlain(ask.url, { ...options, agent: this.#plain });
  }
}

/** The deadlines of one exchange; whichever comes first ends it and says which it was. */
class Watch {
  readonly signal: AbortSignal;
  readonly #stop = new AbortController();
  readonly #outside: AbortSignal;
  readonly #total: NodeJS.Timeout;
  readonly #idleMs: number;
  #idle: NodeJS.Timeout;

  constructor(ask: Ask) {
    this.#outside = ask.signal;
    this.#idleMs = ask.idleMs;
    this.signal = AbortSignal.any([ask.signal, this.#stop.signal]);
    this.#total = this.#after(ask.totalMs, 'not done after');
    this.#idle = this.#after(ask.connectMs, 'no connection within');
  }

  connected(): void {
    clearTimeout(this.#idle);
    this.#idle = this.#after(this.#idleMs, 'no byte for');
  }

  moved(): void {
    this.#idle.refresh();
  }

  /** Why it was ended from here or from outside; null where it was neither. */
  reason(): string | null {
    if (this.#stop.signal.aborted) return inWords(this.#stop.signal.reason);
    return this.#outside.aborted ? GIVEN_UP : null;
  }

  stop(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#total);
  }

  #after(ms: number, what: string): NodeJS.Timeout {
    return setTimeout(() => {
      this.#stop.abort(new Error(`${what} ${ms} ms`));
    }, ms);
  }
}

function responseOf(request: http.ClientRequest, ask: Ask, watch: Watch): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', resolve);
    request.on('socket', (socket) => {
      if (!socket.connecting) watch.connected();
      else
        socket.once(ask.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
          watch.connected();
        });
    });
    request.end(ask.body ?? undefined);
  });
}

async function drain(response: http.IncomingMessage, intake: Intake, watch: Watch): Promise<void> {
  watch.moved();
  if ('refuse' in intake) throw new Error(intake.refuse);
  const announced = Number(response.headers['content-length'] ?? 0);
  if (announced > intake.maxBytes)
    throw new Error(`${announced} bytes announced, ${intake.maxBytes} allowed`);
  let taken = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    watch.moved();
    taken += chunk.length;
    if (taken > intake.maxBytes) throw new Error(`more than ${intake.maxBytes} bytes`);
    await intake.write(chunk);
  }
}

const replyOf = (response: http.IncomingMessage): Reply => ({
  status: response.statusCode ?? 0,
  header: (name) => {
    const value = response.headers[name];
    return typeof value === 'string' ? value : null;
  },
});

const lengthOf = (body: Uint8Array | null): Record<string, string> =>
  body === null ? {} : { 'content-length': String(body.length), 'content-type': 'application/json' };

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
