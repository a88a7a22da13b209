/** node-mpv behind its guards, against an mpv of our own making that misbehaves on request. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MpvEvent } from './mpv-wire.ts';
import { connectMpv } from './mpv-wire.ts';

type Request = { readonly command: readonly unknown[]; readonly request_id: number };

/** Answers every command with success and the command itself, unless `odd` takes it. */
class FakeMpv {
  readonly socketPath: string;
  readonly #server: Server;
  readonly sockets: Socket[] = [];
  odd: (request: Request, socket: Socket) => boolean = () => false;

  constructor(folder: string) {
    this.socketPath = join(folder, 's');
    this.#server = createServer((socket) => {
      this.sockets.push(socket);
      socket.on('error', () => undefined);
      let rest = '';
      socket.on('data', (chunk) => {
        const lines = (rest + chunk.toString()).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const request = JSON.parse(line) as Request;
          if (!this.odd(request, socket)) socket.write(answerTo(request));
        }
      });
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.socketPath, resolve));
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }
}

const answerTo = ({ command, request_id }: Request): string =>
  `${JSON.stringify({ data: command, request_id, error: 'success' })}\n`;

describe('the wire to mpv', () => {
  let folder: string;
  let fake: FakeMpv;
  const events: MpvEvent[] = [];
  const connect = () =>
    connectMpv({
      socketPath: fake.socketPath,
      requestTimeoutMs: 300,
      onEvent: (event) => events.push(event),
    });
  const connected = async () => {
    const wire = await connect();
    if (wire === null) throw new Error('not connected');
    return wire;
  };
  const isAsked = (word: string) => (request: Request) => request.command.includes(word);

  beforeEach(async () => {
    events.length = 0;
    folder = await mkdtemp(join(tmpdir(), 'wire-'));
    fake = new FakeMpv(folder);
    await fake.listen();
  });
  afterEach(async () => {
    await fake.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('takes an answer that comes in pieces, cut inside a letter of several bytes', async () => {
    const asked = isAsked('tiếng Việt');
    fake.odd = (request, socket) => {
      if (!asked(request)) return false;
      const bytes = Buffer.from(`{"event":"idle"}\n${answerTo(request)}`);
      const cut = bytes.indexOf(0xe1) + 1;
      socket.write(bytes.subarray(0, cut));
      setTimeout(() => socket.write(bytes.subarray(cut)), 60);
      return true;
    };
    const wire = await connected();
    expect(await wire.request(['echo', 'tiếng Việt'])).toEqual({ ok: true, value: ['echo', 'tiếng Việt'] });
    wire.close();
  });

  it('takes several messages in one chunk and hands events on after the answers before them', async () => {
    const order: string[] = [];
    fake.odd = (request, socket) => {
      if (!request.command.includes('both')) return false;
      socket.write(`${answerTo(request)}{"event":"start-file","playlist_entry_id":7}\n`);
      return true;
    };
    const wire = await connectMpv({
      socketPath: fake.socketPath,
      requestTimeoutMs: 300,
      onEvent: ({ event }) => order.push(event),
    });
    await wire?.request(['both']);
    order.push('answer');
    await sleep(20);
    expect(order).toEqual(['answer', 'start-file']);
    wire?.close();
  });

  it('survives lines that are no JSON and answers to nothing that was asked', async () => {
    const wire = await connected();
    for (const socket of fake.sockets)
      socket.write('{"broken\n{"request_id":99999,"error":"success"}\nnull\n');
    await sleep(20);
    expect(await wire.request(['still', 'here'])).toMatchObject({ ok: true });
    wire.close();
  });

  it('gives up on an answer that does not come', async () => {
    fake.odd = isAsked('silence');
    const wire = await connected();
    expect(await wire.request(['silence'])).toMatchObject({ ok: false, why: 'hung' });
    expect(await wire.request(['again'])).toMatchObject({ ok: true });
    wire.close();
  });

  it('passes on a refusal in the words of mpv', async () => {
    fake.odd = ({ command, request_id }, socket) => {
      if (!command.includes('bad')) return false;
      socket.write(`{"request_id":${request_id},"error":"property not found"}\n`);
      return true;
    };
    const wire = await connected();
    expect(await wire.request(['bad'])).toEqual({ ok: false, why: 'refused', detail: 'property not found' });
    wire.close();
  });

  it('tells everybody who waits when the connection goes, and whoever asks later', async () => {
    fake.odd = isAsked('silence');
    const wire = await connected();
    const waiting = wire.request(['silence']);
    for (const socket of fake.sockets) socket.destroy();
    expect(await waiting).toMatchObject({ ok: false, why: 'closed' });
    expect(await wire.request(['later'])).toMatchObject({ ok: false, why: 'closed' });
  });

  it('never lets node-mpv start a player of its own where nothing listens', async () => {
    const nowhere = { socketPath: join(folder, 'nobody'), requestTimeoutMs: 5_000, onEvent: () => undefined };
    expect(await connectMpv(nowhere)).toBeNull();
  });

  it('connects also where an event comes in the same breath as the first answer', async () => {
    let first = true;
    fake.odd = (request, socket) => {
      if (!first) return false;
      first = false;
      socket.write(`{"event":"idle"}\n${answerTo(request)}`);
      return true;
    };
    const wire = await connected();
    expect(await wire.request(['here'])).toMatchObject({ ok: true });
    wire.close();
  });

  it('leaves no timer behind that would ask on its own', async () => {
    const asked: unknown[] = [];
    const wire = await connected();
    fake.odd = ({ command }) => asked.push(command) < 0;
    await sleep(1_500);
    expect(asked).toEqual([]);
    wire.close();
  });
});
