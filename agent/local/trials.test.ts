import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { text } from '../../shared/messages/text.ts';
import { LocalServer } from './server.ts';
import { aSource, aTest, TrialsBook } from './trials.fixture.ts';

let folder = '';
let socketPath = '';
let server: LocalServer;
let book: TrialsBook;
const consoles: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'loa-trials-'));
  socketPath = path.join(folder, 'loa.sock');
  book = new TrialsBook();
  consoles.length = 0;
  server = new LocalServer(socketPath, {
    ...aSource(book),
    consoleOpened: () => {
      consoles.push('opened');
      return () => consoles.push('closed');
    },
  });
  await server.open();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

type Client = { readonly ask: (asked: unknown) => Promise<unknown>; readonly hangUp: () => Promise<void> };

function client(): Client {
  const socket = net.connect(socketPath);
  socket.setEncoding('utf8');
  return {
    ask: (asked) => {
      socket.write(`${JSON.stringify(asked)}\n`);
      return new Promise((resolve) => {
        socket.once('data', (line: string) => {
          resolve(JSON.parse(line));
        });
      });
    },
    hangUp: async () => {
      socket.destroy();
      await new Promise((resolve) => setTimeout(resolve, 50));
    },
  };
}

describe('a test over the socket', () => {
  test('begins, tells how far it is, and ends when the connection that asked for it ends', async () => {
    const technician = client();
    expect(await technician.ask(aTest())).toEqual({ ok: true, answer: { id: 't1' } });
    expect(await technician.ask({ ask: 'trial', id: 't1' })).toMatchObject({
      ok: true,
      answer: { over: false },
    });
    expect(book.cancelled).toEqual([]);
    await technician.hangUp();
    expect(book.cancelled).toEqual(['t1']);
  });

  test('is not ended by another connection that looks at it', async () => {
    const [technician, other] = [client(), client()];
    await technician.ask(aTest());
    await other.ask({ ask: 'trial', id: 't1' });
    await other.hangUp();
    expect(book.cancelled).toEqual([]);
    await technician.hangUp();
  });

  test('is refused in the words of the box, and unknown where there was none', async () => {
    book.refusal = text('đang bận', 'busy');
    const technician = client();
    expect(await technician.ask(aTest())).toMatchObject({ ok: false, code: 'NOT_NOW', text: { en: 'busy' } });
    expect(await technician.ask({ ask: 'trial', id: 'x' })).toMatchObject({ ok: false, code: 'NOT_NOW' });
    await technician.hangUp();
    expect(book.cancelled).toEqual([]);
  });

  test.each([
    ['61 seconds', { seconds: 61 }],
    ['no length', { seconds: 0 }],
    ['a frequency that is not FM', { frequencyKhz: 120_000 }],
    ['a device that is none', { work: 'siren' }],
    ['more than is asked about', { volume: 100 }],
  ])('with %s is malformed', async (_, more) => {
    const technician = client();
    expect(await technician.ask({ ...aTest(), ...more })).toMatchObject({ ok: false, code: 'BAD_REQUEST' });
    expect(book.begun).toEqual([]);
    await technician.hangUp();
  });
});

describe('a console', () => {
  test('is opened once for a connection and closed with it, however it ends', async () => {
    const shell = client();
    expect(await shell.ask({ ask: 'console' })).toEqual({ ok: true, answer: { recorded: true } });
    await shell.ask({ ask: 'console' });
    expect(consoles).toEqual(['opened']);
    await shell.hangUp();
    expect(consoles).toEqual(['opened', 'closed']);
  });
});
