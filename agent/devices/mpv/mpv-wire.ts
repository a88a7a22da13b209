/**
 * Speaks to one running mpv through node-mpv, the only importer of it, and guards against what node-mpv 2.0.0-beta.2
 * leaves open: no time-out, rejects that are no Error, messages split between chunks, polling that can take the
 * process down, and starting an mpv of its own where ours does not answer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import nodeMpv from 'node-mpv';

export type MpvValue = unknown;
/** As mpv sends it: `event` and what belongs to it. */
export type MpvEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** A command as a list, or with named arguments (`name` among them), which do not change place between versions. */
export type MpvCommand = readonly MpvValue[] | Readonly<Record<string, unknown>>;

export type MpvAnswer =
  | { readonly ok: true; readonly value: MpvValue }
  /** `refused`: mpv said no. `hung`: no answer in time. `closed`: no connection (any more). */
  | { readonly ok: false; readonly why: 'refused' | 'hung' | 'closed'; readonly detail: string };

export type MpvWire = {
  request(command: MpvCommand): Promise<MpvAnswer>;
  close(): void;
};

/** What we use of node-mpv: its index.d.ts claims a default export that is not there and hides the socket. */
type NodeMpv = {
  start(): Promise<void>;
  timepositionListenerId?: NodeJS.Timeout;
  readonly socket: NodeMpvSocket;
};
type NodeMpvSocket = {
  send(command: MpvCommand): Promise<unknown>;
  quit(): void;
  dataHandler(chunk: Buffer | string): void;
  on(event: 'message', listener: (message: Record<string, unknown>) => void): void;
  readonly socket: NodeJS.EventEmitter;
};
type NodeMpvOptions = {
  readonly socket: string;
  readonly auto_restart: false;
  readonly audio_only: true;
  readonly binary: string;
};
const NodeMpvClient = nodeMpv as unknown as new (options: NodeMpvOptions) => NodeMpv;

/** node-mpv starts a player of its own where no mpv answers: this path makes it refuse instead. */
const noBinary = '/nonexistent/loa-starts-mpv-itself';

/** node-mpv rejects with plain objects; the words of mpv are in `errmessage`. */
const textOf = (reason: unknown): string => {
  if (reason instanceof Error) return reason.message;
  if (typeof reason === 'object' && reason !== null && 'errmessage' in reason)
    return String(reason.errmessage);
  return String(reason);
};

/**
 * Hands whole lines to node-mpv, whose own handler parses each chunk as if messages never broke. A line that it
 * cannot take (no JSON, or the answer to nothing asked) is dropped: whoever waits for it times out.
 */
const wholeLines = (socket: NodeMpvSocket, onHeard: () => void): void => {
  const take = socket.dataHandler.bind(socket);
  let rest: Buffer = Buffer.alloc(0);
  socket.dataHandler = (chunk) => {
    onHeard();
    rest = Buffer.concat([rest, Buffer.from(chunk)]);
    const end = rest.lastIndexOf(0x0a);
    if (end < 0) return;
    const lines = rest.subarray(0, end).toString().split('\n');
    rest = rest.subarray(end + 1);
    for (const line of lines) ignoringBadLines(take, line);
  };
};

const ignoringBadLines = (take: (line: string) => void, line: string): void => {
  try {
    take(line);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
};

const isEvent = (message: Record<string, unknown>): message is MpvEvent =>
  typeof message['event'] === 'string';

const closed: MpvAnswer = { ok: false, why: 'closed', detail: 'the connection to mpv is gone' };

/** The answers still waited for: each ends by mpv's answer, with the connection, or when nothing at all is heard for too long. */
class Waiting {
  readonly #timeoutMs: number;
  readonly #settlers = new Set<(answer: MpvAnswer) => void>();
  #heardAtMs = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** mpv lives: a queue of ten thousand answers takes its time without anything being wrong. */
  heard(): void {
    this.#heardAtMs = performance.now();
  }

  for(sent: Promise<unknown>): Promise<MpvAnswer> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (answer: MpvAnswer): void => {
        clearTimeout(timer);
        this.#settlers.delete(settle);
        resolve(answer);
      };
      const wait = (ms: number): void => {
        timer = setTimeout(() => {
          lookAgain();
        }, ms);
      };
      // A timer that is late because this process was busy fires before the socket is read: one more turn first.
      const lookAgain = (): void => {
        setImmediate(() => {
          const leftMs = this.#heardAtMs + this.#timeoutMs - performance.now();
          if (!this.#settlers.has(settle)) return;
          if (leftMs > 0) wait(leftMs);
          else settle({ ok: false, why: 'hung', detail: `no answer after ${this.#timeoutMs} ms` });
        });
      };
      this.#settlers.add(settle);
      wait(this.#timeoutMs);
      sent.then(
        (value) => {
          settle({ ok: true, value });
        },
        (reason: unknown) => {
          settle({ ok: false, why: 'refused', detail: textOf(reason) });
        },
      );
    });
  }

  closeAll(): void {
    for (const settle of this.#settlers) settle(closed);
  }
}

/** Property observations that node-mpv starts with (time-pos and ten more); each would cost an event per change. */
const observedByNodeMpv = 11;

export type MpvWireOptions = {
  readonly socketPath: string;
  readonly requestTimeoutMs: number;
  readonly onEvent: (event: MpvEvent) => void;
};

const newClient = (socketPath: string): NodeMpv => {
  const client = new NodeMpvClient({
    socket: socketPath,
    auto_restart: false,
    audio_only: true,
    binary: noBinary,
  });
  // node-mpv listens for errors only once it is connected; an unheard one would end this process.
  client.socket.socket.on('error', () => undefined);
  return client;
};

const connectOnce = async (options: MpvWireOptions): Promise<MpvWire | null> => {
  const client = newClient(options.socketPath);
  const waiting = new Waiting(options.requestTimeoutMs);
  wholeLines(client.socket, () => {
    waiting.heard();
  });
  client.socket.on('message', (message) => {
    // Later, so that whoever waits for an answer of the same chunk hears it before the event that followed it.
    if (isEvent(message)) setImmediate(options.onEvent, message);
  });
  let open = true;
  client.socket.socket.on('close', () => {
    open = false;
    waiting.closeAll();
  });
  const request = (command: MpvCommand): Promise<MpvAnswer> =>
    open ? waiting.for(client.socket.send(command)) : Promise.resolve(closed);
  const close = (): void => {
    waiting.closeAll();
    client.socket.quit();
  };
  const started = await waiting.for(client.start());
  // It asks for `pause` each second, and a rejection of that would end this process.
  clearInterval(client.timepositionListenerId);
  for (let id = 1; started.ok && id <= observedByNodeMpv; id += 1) await request(['unobserve_property', id]);
  if (started.ok) return { request, close };
  close();
  return null;
};

const attempts = 5;

/**
 * Connects to an mpv that already listens; null where it does not answer as one. node-mpv takes it for something
 * else when an event comes in the same breath as its answer, so it is asked more than once.
 */
export const connectMpv = async (options: MpvWireOptions): Promise<MpvWire | null> => {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const wire = await connectOnce(options);
    if (wire !== null) return wire;
    await sleep(20);
  }
  return null;
};
