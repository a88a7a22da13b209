/** The local socket: answers the technician's command from the functions that it was given, and decides nothing. */
import net from 'node:net';
import { lstatSync, rmSync } from 'node:fs';
import { loaMessages } from '../../shared/messages/loa.ts';
import { StartFault } from '../../shared/messages/start-fault.ts';
import type { Text } from '../../shared/messages/text.ts';
import type { PlayRecord } from '../../shared/records/record.ts';
import type { BoxStatus, ComingUp } from '../../shared/wire/status.ts';
import { trialMessages } from '../../shared/messages/trial.ts';
import { MAX_REQUEST_BYTES, request, type Refusal, type Request, type WhyAnswer } from './protocol.ts';
import type { TrialAsked, TrialBegun, TrialSeen } from './trial-protocol.ts';
import type { ClockNow, SettleBegun } from './clock-protocol.ts';
import type { DeviceNow } from './devices-answer.ts';
import { instantOf } from './when.ts';

/** Null: the agent has not made its first turn yet. */
export type LocalSource = {
  readonly nowMs: () => number;
  readonly status: () => BoxStatus | null;
  readonly why: (at: number) => WhyAnswer | null;
  readonly next: () => readonly ComingUp[] | null;
  readonly devices: () => readonly DeviceNow[] | null;
  readonly clock: () => ClockNow | null;
  /** A person at the box takes the time of the cloud. */
  readonly settle: (aheadMs: number) => SettleBegun;
  readonly records: (limit: number) => readonly PlayRecord[] | null;
  /** Null before the box is open. */
  readonly trials: () => {
    begin(asked: TrialAsked): TrialBegun;
    seen(id: string): TrialSeen | null;
    cancel(id: string): void;
  } | null;
  /** A restricted shell was opened; the answer closes it again. Null before the box is open. */
  readonly consoleOpened: () => (() => void) | null;
  readonly log: (line: string) => void;
};

/** What ends with a connection: the tests that it began, and the console that it is. */
type Connection = { readonly begun: Set<string>; closeConsole: (() => void) | null };

const MAX_CONNECTIONS = 8;
const IDLE_MS = 10_000;
/** Who asks and does not read gets no more. */
const UNREAD_MOST_BYTES = 8_000_000;
/** More in one breath is nobody who waits for answers: each is worked out on the thread that also ticks. */
const MOST_AT_ONCE = 16;
/** Owner and group `loa`, nobody else: what the box plays and when is not for every process. */
const UMASK = 0o117;

export class LocalServer {
  readonly #path: string;
  readonly #source: LocalSource;
  readonly #sockets = new Set<net.Socket>();
  #server: net.Server | null = null;

  constructor(path: string, source: LocalSource) {
    this.#path = path;
    this.#source = source;
  }

  /** Throws where another agent answers there, or where the folder cannot be written. */
  async open(): Promise<void> {
    if (await isAnswered(this.#path)) throw new StartFault(loaMessages.socketTaken(this.#path));
    clearAway(this.#path);
    const server = net.createServer((socket) => {
      this.#serve(socket);
    });
    server.maxConnections = MAX_CONNECTIONS;
    await listen(server, this.#path);
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
  }

  #serve(socket: net.Socket): void {
    this.#sockets.add(socket);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    const connection: Connection = { begun: new Set(), closeConsole: null };
    socket.on('close', () => {
      this.#sockets.delete(socket);
      for (const id of connection.begun) this.#source.trials()?.cancel(id);
      connection.closeConsole?.();
    });
    // A client that goes away while it is answered is its own business.
    socket.on('error', () => socket.destroy());
    socket.setEncoding('utf8');
    let rest = '';
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_REQUEST_BYTES) {
        socket.end(line(refuse('BAD_REQUEST', loaMessages.requestTooLong)));
        socket.removeAllListeners('data').resume();
        return;
      }
      if (lines.length > MOST_AT_ONCE) {
        socket.destroy();
        return;
      }
      for (const given of lines) socket.write(line(this.#answer(given, connection)));
      // A console stays open however little is typed; its own time-out ends it.
      if (connection.closeConsole !== null) socket.setTimeout(0);
      if (socket.writableLength > UNREAD_MOST_BYTES) socket.destroy();
    });
  }

  #answer(given: string, connection: Connection): unknown {
    const asked = given.length <= MAX_REQUEST_BYTES ? request.safeParse(parsed(given)) : null;
    if (asked?.success !== true) return refuse('BAD_REQUEST', loaMessages.badRequest);
    try {
      return answerTo(asked.data, this.#source, connection);
    } catch (cause) {
      this.#source.log(
        `local socket, ${asked.data.ask}: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
      return refuse('FAULT', loaMessages.fault);
    }
  }
}

function answerTo(asked: Request, source: LocalSource, connection: Connection): unknown {
  switch (asked.ask) {
    case 'status':
      return answerOrWait(source.status());
    case 'next':
      return answerOrWait(source.next());
    case 'devices':
      return answerOrWait(source.devices());
    case 'records':
      return answerOrWait(source.records(asked.limit));
    case 'clock':
      return answerOrWait(source.clock());
    case 'settle':
      return beginSettling(source.settle(asked.aheadMs));
    case 'why': {
      const nowMs = source.nowMs();
      const at = asked.at === null ? Math.floor(nowMs / 1000) : instantOf(asked.at, nowMs);
      return at === null
        ? refuse('BAD_TIME', loaMessages.badTime(asked.at ?? ''))
        : answerOrWait(source.why(at));
    }
    case 'test':
    case 'tune':
      return beginTrial(source.trials()?.begin(asked) ?? { ok: false, why: null }, connection);
    case 'trial': {
      const seen = source.trials()?.seen(asked.id) ?? null;
      return seen === null ? refuse('NOT_NOW', trialMessages.unknown) : { ok: true, answer: seen };
    }
    case 'console':
      connection.closeConsole ??= source.consoleOpened();
      return { ok: true, answer: { recorded: connection.closeConsole !== null } };
  }
}

function beginTrial(begun: TrialBegun, connection: Connection): unknown {
  if (!begun.ok)
    return begun.why === null ? refuse('NOT_READY', loaMessages.notReady) : refuse('NOT_NOW', begun.why);
  connection.begun.add(begun.id);
  return { ok: true, answer: { id: begun.id } };
}

function beginSettling(begun: SettleBegun): unknown {
  if (begun.ok) return { ok: true, answer: { opened: true } };
  return begun.why === null ? refuse('NOT_READY', loaMessages.notReady) : refuse('NOT_NOW', begun.why);
}

const answerOrWait = (answer: unknown): unknown =>
  answer === null ? refuse('NOT_READY', loaMessages.notReady) : { ok: true, answer };

const refuse = (code: Refusal['code'], text: Text): Refusal => ({ ok: false, code, text });

const line = (answer: unknown): string => `${JSON.stringify(answer)}\n`;

function parsed(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** Nobody answers, so a socket there is what a kill left behind; anything else is not ours to remove. */
function clearAway(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket())
    throw new Error(`${path} is no socket: move it away, or set localSocket to another path`);
  rmSync(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.connect(path);
    probe.on('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => {
      resolve(false);
    });
  });
}

/** The mode is there with the file: a `chmod` afterwards would leave a moment in which everybody may connect. */
function listen(server: net.Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const before = process.umask(UMASK);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(before);
    }
  });
}
