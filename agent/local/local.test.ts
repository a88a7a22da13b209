import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../shared/protocol/schema/documents.ts';
import type { Item } from '../../shared/protocol/schema/item.ts';
import { resolve } from '../../shared/schedule/resolve.ts';
import { answers, MAX_REQUEST_BYTES } from './protocol.ts';
import { LocalServer, type LocalSource } from './server.ts';
import { aRecord, aStatus, NOW_MS } from './status.fixture.ts';
import { instantOf } from './when.ts';
import { whyOf } from './why.ts';

const item = (id: string, priority: number): Item => ({
  id,
  title: `Mục ${id}`,
  surface: 'sound',
  priority,
  language: 'vi',
  author: '',
  topic: 'tin',
  firstDay: '2026-11-01',
  lastDay: null,
  startAt: '15:00:00',
  lengthS: 1800,
  recur: { kind: 'rrule', rule: 'FREQ=DAILY' },
  except: [],
  also: [],
  start: 'exact',
  late: 'join',
  afterCut: 'resume',
  volume: 50,
  night: false,
  only: null,
  source: { kind: 'stream', url: 'http://x.vn/', orElse: null },
});
const plan: Plan = {
  typ: 'plan',
  v: 1,
  prov: 'vn56',
  id: 'plan:56',
  epoch: 1,
  ver: 1,
  iat: 1_700_000_000,
  exp: 1_900_000_000,
  area: '56',
  zone: 'Asia/Ho_Chi_Minh',
  items: [item('a', 5), item('b', 7), { ...item('c', 9), recur: { kind: 'rrule', rule: 'FREQ=NEVER' } }],
};
const intentAt = (at: number) =>
  resolve(
    {
      plans: [plan],
      box: { area: '56.22366', tags: [], quiet: null, can: { sound: ['stream'], screen: [] } },
      orders: [],
      localTest: null,
    },
    at,
  );

let folder = '';
let socketPath = '';
let server: LocalServer;
let logged: string[] = [];
const source: LocalSource = {
  nowMs: () => NOW_MS,
  status: () => aStatus(),
  why: (at) => whyOf(intentAt(at), null),
  next: () => null,
  devices: () => null,
  records: (limit) => {
    if (limit === 13) throw new Error('disk');
    return [aRecord()];
  },
  trials: () => null,
  clock: () => null,
  settle: () => ({ ok: false, why: null }),
  consoleOpened: () => null,
  log: (line) => logged.push(line),
};

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'loa-local-'));
  socketPath = path.join(folder, 'loa.sock');
  logged = [];
  server = new LocalServer(socketPath, source);
  await server.open();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Sends it and resolves with everything that came until `lines` lines were there or the server hung up. */
function exchange(sent: string, lines = 1): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketPath, () => socket.write(sent));
    let got = '';
    socket.on('data', (chunk) => {
      got += chunk.toString();
      if (got.split('\n').length > lines) socket.destroy();
    });
    socket.on('close', () => {
      resolve(got);
    });
    socket.on('error', reject);
  });
}
const ask = async (asked: unknown): Promise<unknown> =>
  JSON.parse(await exchange(`${JSON.stringify(asked)}\n`)) as unknown;

describe('the local socket', () => {
  test('answers what the agent says, in the shapes that it promises', async () => {
    expect(answers.status.parse(await ask({ ask: 'status' }))).toEqual({ ok: true, answer: aStatus() });
    const records = await ask({ ask: 'records', limit: 5 });
    expect(answers.records.parse(records)).toEqual({ ok: true, answer: [aRecord()] });
    expect(await ask({ ask: 'next' })).toMatchObject({ ok: false, code: 'NOT_READY' });
  });

  test('tells of each layer the winner, the rule and the losers, at a time on the wall of the box', async () => {
    const why = answers.why.parse(await ask({ ask: 'why', at: '15:10' }));
    expect(why).toMatchObject({
      ok: true,
      answer: {
        atMs: Date.UTC(2026, 10, 23, 8, 10),
        layers: [
          {
            layer: 'sound',
            winner: 'plan:56/b',
            title: 'Mục b',
            rule: 'priority',
            untilAtMs: Date.UTC(2026, 10, 23, 8, 30),
            losers: [{ name: 'plan:56/a', title: 'Mục a', rule: 'priority' }],
          },
          { layer: 'screen', winner: null, rule: 'nothing-due', losers: [] },
          { layer: 'ticker', winner: null },
        ],
        passedOver: [{ en: expect.stringContaining('plan:56/c') as string }],
      },
    });
  });

  test('refuses what is malformed, unknown, out of bounds or no time, and goes on', async () => {
    const refused = { ok: false, code: 'BAD_REQUEST' };
    for (const bad of [
      '{',
      'null',
      '{"ask":"reboot"}',
      '{"ask":"status","x":1}',
      '{"ask":"records","limit":1001}',
    ])
      expect(JSON.parse(await exchange(`${bad}\n`))).toMatchObject(refused);
    expect(await ask({ ask: 'why', at: 'trưa nay' })).toMatchObject({ ok: false, code: 'BAD_TIME' });
    expect(await ask({ ask: 'status' })).toMatchObject({ ok: true });
  });

  test('hangs up on a line that does not end', async () => {
    const got = await exchange('x'.repeat(MAX_REQUEST_BYTES + 1), 2);
    expect(JSON.parse(got)).toMatchObject({ ok: false, code: 'BAD_REQUEST' });
    expect(await ask({ ask: 'status' })).toMatchObject({ ok: true });
  });

  test('answers several lines of one connection in order', async () => {
    const got = await exchange('{"ask":"records","limit":1}\n{"ask":"next"}\n', 2);
    expect(
      got
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { ok: boolean }).ok),
    ).toEqual([true, false]);
  });

  test('L01 lets nobody keep the agent from its ticks with ten thousand questions in one breath', async () => {
    let answered = 0;
    const busy = new LocalServer(`${socketPath}-2`, {
      ...source,
      status: () => ((answered += 1), aStatus()),
    });
    await busy.open();
    const socket = net.connect(`${socketPath}-2`);
    const closed = new Promise((resolve) => {
      socket.on('error', () => undefined).on('close', resolve);
    });
    socket.resume().write('{"ask":"status"}\n'.repeat(10_000));
    await closed;
    expect(answered).toBeLessThanOrEqual(16);
    await busy.close();
  });

  test('logs a failure of the agent, and tells no more than that there was one', async () => {
    const answer = await ask({ ask: 'records', limit: 13 });
    expect(answer).toMatchObject({ ok: false, code: 'FAULT' });
    expect(JSON.stringify(answer)).not.toContain('disk');
    expect(logged).toEqual(['local socket, records: disk']);
  });

  test('is open to its owner and group alone', () => {
    expect(statSync(socketPath).mode & 0o777).toBe(0o660);
  });

  test('is not taken from an agent that answers, and is taken over from one that was killed', async () => {
    await expect(new LocalServer(socketPath, source).open()).rejects.toThrow('Another agent');
    // A socket file without anybody behind it, as a kill leaves it.
    const dead = path.join(folder, 'dead.sock');
    const program = `require('net').createServer().listen(${JSON.stringify(dead)}, () => process.kill(process.pid, 'SIGKILL'))`;
    expect(spawnSync(process.execPath, ['-e', program]).signal).toBe('SIGKILL');
    expect(statSync(dead).isSocket()).toBe(true);
    const next = new LocalServer(dead, source);
    await next.open();
    await next.close();
  });

  test('removes nothing that is no socket', async () => {
    const file = path.join(folder, 'letter.txt');
    writeFileSync(file, 'dear');
    chmodSync(file, 0o600);
    await expect(new LocalServer(file, source).open()).rejects.toThrow('is no socket');
    expect(statSync(file).size).toBe(4);
  });
});

test.each([
  ['05:30', '2026-11-22T22:30:00Z'],
  ['5:30:15', '2026-11-22T22:30:15Z'],
  ['23:59', '2026-11-23T16:59:00Z'],
  ['2027-02-05 00:00', '2027-02-04T17:00:00Z'],
  ['2026-11-23T15:00', '2026-11-23T08:00:00Z'],
])('%s on the wall is %s', (typed, utc) => {
  expect(new Date((instantOf(typed, NOW_MS) ?? 0) * 1000).toISOString().replace('.000', '')).toBe(utc);
});

test.each(['', '25:00', '12:60', '2026-02-30 10:00', '2026-13-01 10:00', 'now'])('%j is no time', (typed) => {
  expect(instantOf(typed, NOW_MS)).toBeNull();
});
