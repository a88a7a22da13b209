import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { trialMessages } from '../../shared/messages/trial.ts';
import { LocalServer } from '../local/server.ts';
import { aSeen, aSource, TrialsBook } from '../local/trials.fixture.ts';
import { run } from './commands.ts';
import { inLanguage } from './page.ts';
import { trialPage } from './trial-page.ts';

const record = {
  ...{ seq: 412, endCause: 'window', reason: null, playedMs: 8512, peakDbfs: -7 },
  ...{ amplifierMilliamps: 640, output: 'alsa/plughw:CARD=Device,DEV=0' },
};
const relay = { closedAfterMs: 12, openedAfterMs: 2130, isWanted: false };
const tuner = {
  ...{ frequencyKhz: 101_900, tuned: true, failure: null, rssiDbuv: 45, stereo: true, pi: 'd3c1' },
  ...{ programme: 'KH FM101', text: 'Đài Phát thanh – Truyền hình Khánh Hòa, tần số 101,9 MHz', pty: 1 },
  groupsPerSecond: 11.4,
};

let folder = '';
let server: LocalServer;
let book: TrialsBook;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'loa-trial-'));
  book = new TrialsBook();
  server = new LocalServer(path.join(folder, 'loa.sock'), aSource(book));
  await server.open();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function loa(...args: readonly string[]) {
  const written = { out: '', err: '' };
  const exit = await run(args, {
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
    environment: { LOA_SOCKET: path.join(folder, 'loa.sock') },
  });
  return { exit, ...written };
}

describe('loa test', () => {
  test('asks for ten seconds by day, waits until it is over, and shows what was measured', async () => {
    book.told = [aSeen(), aSeen({ over: true, passed: true, relay, record })];
    const { exit, out } = await loa('test', 'speaker');
    expect(book.begun).toEqual([
      { ask: 'test', work: 'speaker', seconds: 10, now: false, aloud: false, frequencyKhz: null },
    ]);
    expect([exit, out]).toMatchInlineSnapshot(`
      [
        0,
        "Loa: thử trong 10 giây. Ctrl-C để dừng.
      Loa: ĐẠT
        đồng hồ âm thanh chạy 8.5 s, mức cao nhất -7 dBFS, âm ly 640 mA, ra
          alsa/plughw:CARD=Device,DEV=0
        Có nghe thấy ở loa không? Chỉ người đứng đó biết.
        rơle đóng sau 12 ms, mở lại 2130 ms sau khi thử xong
        Đã ghi nhật ký số 412 (hết khung giờ)
      ",
      ]
    `);
  });

  test('ends with 1 where the box saw that it failed, or refuses', async () => {
    book.told = [
      aSeen({
        work: 'relay',
        over: true,
        passed: false,
        relay: { closedAfterMs: null, openedAfterMs: null, isWanted: false },
      }),
    ];
    expect(await loa('test', 'relay', '--lang', 'en')).toMatchObject({ exit: 1 });
    book.refusal = trialMessages.quiet;
    const { exit, err } = await loa('test', 'speaker');
    expect([exit, err.includes('--now')]).toEqual([1, true]);
  });

  test.each([
    [['test', 'siren'], 'siren'],
    [['test', 'speaker', '--seconds', '61'], '1 to 60'],
    [['test', 'tuner', '--mhz', '150'], '50 to 108'],
    [['tune', '1019'], '101.9'],
    [['tune'], 'MHz'],
  ])('%j is wrong usage', async (args, hint) => {
    const { exit, err } = await loa(...args);
    expect([exit, err]).toEqual([2, expect.stringContaining(hint)]);
    expect(book.begun).toEqual([]);
  });
});

describe('loa tune', () => {
  test('takes megahertz with a point or a comma and shows what the station says', async () => {
    book.told = [aSeen({ work: 'tune', over: true, passed: true, tuner })];
    const { exit, out } = await loa('tune', '101,9', '--lang', 'en');
    expect([exit, book.begun]).toEqual([0, [{ ask: 'tune', frequencyKhz: 101_900, seconds: 5 }]]);
    expect(out).toContain(
      '101.9 MHz, level 45 dBµV, stereo\n  PI d3c1, PS “KH FM101”, PTY 1, 11.4 RDS groups/s',
    );
  });
});

test('every page of a test fits eighty columns in both languages', () => {
  for (const work of ['speaker', 'sound', 'relay', 'tuner', 'screen', 'tune'] as const)
    for (const language of ['vi', 'en'] as const) {
      const seen = aSeen({ work, over: true, passed: false, relay, record, tuner });
      const lines = trialPage(seen, inLanguage(language));
      expect(Math.max(...lines.map((each) => Array.from(each).length))).toBeLessThanOrEqual(80);
    }
});
