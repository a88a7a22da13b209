import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BoxStatus } from '../../shared/wire/status.ts';
import type { WhyAnswer } from '../local/protocol.ts';
import { LocalServer } from '../local/server.ts';
import { aRecord, aStatus, NOW_MS } from '../local/status.fixture.ts';
import { run } from './commands.ts';
import { wrapped } from './page.ts';

const why: WhyAnswer = {
  byRadio: null,
  atMs: NOW_MS,
  layers: [
    {
      layer: 'sound',
      winner: 'plan:56/b',
      title: 'Mục b',
      rule: 'priority',
      why: { vi: '“Mục b” (plan:56/b) đứng trên “Mục a” (plan:56/a): mức ưu tiên cao hơn (7 > 5)', en: 'B' },
      untilAtMs: NOW_MS + 60_000,
      losers: [
        {
          name: 'plan:56/a',
          title: 'Mục a',
          rule: 'priority',
          why: { vi: 'mức ưu tiên cao hơn', en: 'higher priority' },
        },
      ],
    },
  ],
  quiet: { on: true, silences: true, untilAtMs: NOW_MS + 3_600_000 },
  passedOver: [{ vi: 'plan:56/c: không đọc được quy tắc lặp, mục này im lặng', en: 'plan:56/c: bad' }],
  silence: null,
};

let folder = '';
let socketPath = '';
let server: LocalServer;
let status: BoxStatus | null = null;
let written = { out: '', err: '' };

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'loa-cli-'));
  socketPath = path.join(folder, 'loa.sock');
  status = aStatus();
  server = new LocalServer(socketPath, {
    nowMs: () => NOW_MS,
    status: () => status,
    why: () => why,
    next: () => aStatus().next,
    devices: () => [],
    records: () => [
      aRecord(),
      aRecord({ seq: 6, startedAtMs: null, endCause: 'skipped', reason: 'QUIET_HOURS' }),
    ],
    trials: () => null,
    clock: () => null,
    settle: () => ({ ok: false, why: null }),
    consoleOpened: () => null,
    log: () => undefined,
  });
  await server.open();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function loa(...args: readonly string[]) {
  written = { out: '', err: '' };
  const exit = await run(args, {
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
    environment: { LOA_SOCKET: socketPath },
  });
  return { exit, ...written };
}

describe('loa', () => {
  test('status shows what is on, until when, why, what comes next and how the link is, in Vietnamese', async () => {
    const { exit, out } = await loa('status');
    expect(exit).toBe(0);
    expect(out).toContain('Loa       Bản tin chiều – đang phát, đến 15:30:00');
    expect(out).toContain('mức ưu tiên cao hơn (7 > 5)');
    expect(out).toContain('15:30:00  Loa       Nhạc hiệu');
    expect(out).toContain('MQTT nối, liên lạc 15:11:50, chưa gửi 0 bản ghi, tệp 12/12');
    expect(out).toContain('plan:56.22366 1.4 (cũ)');
    expect(out).toContain('Không có vấn đề nào.');
  });

  test('status ends with 1 and the remedy when something is wrong, worst first; information is no problem', async () => {
    status = aStatus({
      conditions: [
        { code: 'LINK_DOWN', sinceMs: NOW_MS },
        { code: 'NO_TIME', sinceMs: NOW_MS },
      ],
    });
    const { exit, out } = await loa('status', '--lang', 'en');
    expect(exit).toBe(1);
    expect(out.indexOf('!! NO_TIME')).toBeLessThan(out.indexOf('! LINK_DOWN'));
    expect(out).toContain('→ Check the network');
    status = aStatus({ conditions: [{ code: 'BROKER_DOWN', sinceMs: NOW_MS }] });
    expect((await loa('status')).exit).toBe(0);
  });

  test('every page fits eighty columns and a status fits twenty-four lines', async () => {
    status = aStatus({ conditions: [{ code: 'LINK_DOWN', sinceMs: NOW_MS }] });
    for (const args of [['status'], ['why'], ['next'], ['records'], ['--help']]) {
      const lines = (await loa(...args)).out.trimEnd().split('\n');
      expect(Math.max(...lines.map((line) => Array.from(line).length))).toBeLessThanOrEqual(80);
      if (['status', '--help'].includes(args[0] ?? '')) expect(lines.length).toBeLessThanOrEqual(24);
    }
  });

  test('why names the winner, the rule, each loser, quiet hours and what was passed over', async () => {
    const { exit, out } = await loa('why', '15:12');
    expect(exit).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'Loa: “Mục b” (plan:56/b) đứng trên “Mục a” (plan:56/a): mức ưu tiên cao hơn (7 > 5) (đến 15:13:07)',
    );
    expect(out).toContain('thua: Mục a [plan:56/a] – mức ưu tiên cao hơn');
    expect(out).toContain('Giờ yên tĩnh đến 16:12:07, nên loa im lặng.');
    expect(out).toContain('plan:56/c: không đọc được quy tắc lặp');
  });

  test('records tell causes in words', async () => {
    const { out } = await loa('records', '--limit', '2');
    expect(out).toMatch(/7 {4}2026-11-23 15:12:07 {2}Loa {7}60.0 s {4}Bản tin chiều/);
    expect(out).toContain('đúng giờ → bỏ qua (giờ yên tĩnh)');
  });

  test('--json prints the answer for machines', async () => {
    expect(JSON.parse((await loa('status', '--json')).out)).toEqual(aStatus());
    expect(JSON.parse((await loa('why', '--json')).out)).toEqual(why);
    expect(JSON.parse((await loa('next', '--json')).out)).toEqual(aStatus().next);
    expect(JSON.parse((await loa('records', '--json')).out)).toHaveLength(2);
  });

  test('L02 a title with control characters is shown and not obeyed, in text and in JSON', async () => {
    status = aStatus({
      next: [{ layer: 'sound', atMs: NOW_MS, winner: 'x', title: '\u001b]0;owned\u0007\u202E' }],
    });
    for (const { out } of [await loa('status'), await loa('status', '--json')]) {
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(out).toContain('owned');
    }
  });

  test.each([
    [['stauts']],
    [['status', '--quiet']],
    [['records', '-n', '0']],
    [['status', '--lang', 'fr']],
    [[]],
  ])('wrong usage %j ends with 2 and words in both languages', async (args) => {
    const { exit, err, out } = await loa(...args);
    expect(exit).toBe(2);
    expect(err + out).toMatch(args.length === 0 ? /Mã thoát/ : /Gõ sai lệnh: [\s\S]*Wrong usage: /);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test.each([
    [['stauts'], 'không có lệnh "stauts". Ý là "status"?'],
    [['status', '--quiet'], 'không có tùy chọn "--quiet".'],
    [['status', '--socket'], 'sau "--socket <path>" phải có giá trị.'],
    [['status', 'now'], 'thừa từ sau lệnh "status".'],
    [['test'], 'còn thiếu <device>.'],
    [['test', 'horn'], '"horn" không có trong: speaker, sound, relay, tuner, screen.'],
    [['tune', '200'], '"200" không phải tần số FM từ 50 đến 108 MHz. Ví dụ: 101.9'],
  ])('what is wrong with %j is told in Vietnamese alone on the first line', async (args, said) => {
    const { err } = await loa(...args);
    expect(err.split('\n')[0]).toBe(`Gõ sai lệnh: ${said}`);
  });

  test('help is no fault, and names the exit codes', async () => {
    const { exit, out } = await loa('--help');
    expect(exit).toBe(0);
    expect(out).toContain('Exit codes: 0 well, 1 problems, 2 wrong usage, 3 the agent does not run');
  });

  test('a time that is none is the fault of the person, an agent that starts is not', async () => {
    const { exit, err } = await loa('why', '99:99');
    expect(exit).toBe(2);
    expect(err).toContain('"99:99" is no time');
    status = null;
    expect(await loa('status')).toMatchObject({ exit: 1, out: '' });
    expect(written.err).toContain('The agent is starting');
  });

  test('an agent that does not run, or talks nonsense, ends with 3 and says what to do', async () => {
    const nobody = await loa('status', '--socket', path.join(folder, 'none.sock'));
    expect(nobody).toMatchObject({ exit: 3, out: '' });
    expect(nobody.err).toContain('"sudo systemctl restart loa-agent"');

    const other = path.join(folder, 'other.sock');
    const strange = net.createServer((socket) => socket.end('{"ok":true,"answer":{}}\n'));
    await new Promise<void>((resolve) => strange.listen(other, resolve));
    const nonsense = await loa('status', '--socket', other);
    strange.close();
    expect(nonsense).toMatchObject({ exit: 3, out: '' });
    expect(nonsense.err).toContain('different versions');
  });

  test('runs as a program: exit code, no stack trace', () => {
    const program = path.resolve(import.meta.dirname, 'main.ts');
    const { status: exit, stderr } = spawnSync(program, ['status', '--socket', '/nowhere/x.sock'], {
      encoding: 'utf8',
    });
    expect(exit).toBe(3);
    expect(stderr).toMatch(/^Agent không chạy [^]*^The agent does not run /m);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

test('a line is broken at spaces, keeps its indent, and a long word or a quoted command stays whole', () => {
  expect(wrapped('  aa bb cc', 4, 7)).toEqual(['  aa bb', '    cc']);
  expect(wrapped('xxxxxxxxxx y', 2, 5)).toEqual(['xxxxxxxxxx', '  y']);
  expect(wrapped('run "loa clock" now', 2, 12)).toEqual(['run', '  "loa clock"', '  now']);
});
