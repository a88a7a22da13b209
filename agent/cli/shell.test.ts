import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LocalServer } from '../local/server.ts';
import { aSource, TrialsBook } from '../local/trials.fixture.ts';
import { run } from './commands.ts';
import { exits } from './desk.ts';
import { SHELL_COMMANDS, typed } from './shell-line.ts';

const harmless = /^(?:status|why|next|records|devices|doctor|clock|test|tune)$/;
const word =
  /^(?:--(?:limit|seconds|now|mhz|aloud|all)|speaker|sound|relay|tuner|screen|accept|[0-9][0-9 :.-]*)$/;

/** Lines that look like commands, with what shells stumble over in between. */
const odd = fc.constantFrom(
  ...['--socket', '/etc/shadow', '../x', ';', '|', '&&', '$(id)', '`id`', '\u0000', '\u001b[A', '\u0003'],
  ...[
    '--json',
    '--lang',
    '-s',
    '--',
    "'",
    '"',
    '\\',
    '!sh',
    'loa',
    '__proto__',
    'constructor',
    'shell',
    'now',
    '10',
  ],
);
const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc
    .array(
      fc.oneof(odd, fc.constantFrom(...SHELL_COMMANDS, '101.9', 'speaker', '15:00', 'aloud', 'accept')),
      {
        maxLength: 6,
      },
    )
    .map((words) => words.join(' ')),
);

describe('a line at the console', () => {
  test('Invariant: whatever is typed, it runs one of nine commands with words of its own, or nothing', () => {
    fc.assert(
      fc.property(line, (given) => {
        const meant = typed(given, SHELL_COMMANDS);
        if (meant.kind !== 'run') return;
        const [command = '', ...args] = meant.args;
        expect(command).toMatch(harmless);
        for (const each of args) expect(each).toMatch(word);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['status', ['status']],
    ['clock', ['clock']],
    ['clock accept', ['clock', 'accept']],
    ['  why   15:30 ', ['why', '15:30']],
    ['why 2026-11-23 05:30', ['why', '2026-11-23 05:30']],
    ['records 5', ['records', '--limit', '5']],
    ['test speaker', ['test', 'speaker']],
    ['test relay 3 now', ['test', 'relay', '--seconds', '3', '--now']],
    [
      'test tuner 15 now 101.9 aloud',
      ['test', 'tuner', '--seconds', '15', '--now', '--mhz', '101.9', '--aloud'],
    ],
    ['test speaker --now', ['test', 'speaker', '--now']],
    ['test tuner 5 --mhz 101.9', ['test', 'tuner', '--seconds', '5', '--mhz', '101.9']],
    ['loa clock accept', ['clock', 'accept']],
    ['doctor --all', ['doctor', '--all']],
    ['tune 101.9', ['tune', '101.9']],
    ['tune 101,9', ['tune', '101.9']],
    ['tune 54.25 10', ['tune', '54.25', '--seconds', '10']],
  ])('%s is understood', (given, args) => {
    expect(typed(given, SHELL_COMMANDS)).toEqual({ kind: 'run', args });
  });

  test.each([
    'status --socket /tmp/x',
    'records -1',
    'sh',
    'shell',
    'loa shell',
    'loa',
    'clock accept --yes',
    'clock accept yes',
    'exit now',
    'x'.repeat(100),
  ])('%s is not', (given) => {
    expect(typed(given, SHELL_COMMANDS)).toEqual({ kind: 'unknown' });
  });

  test('names no command that this loa does not have', () => {
    expect(typed('doctor', ['status'])).toEqual({ kind: 'unknown' });
  });
});

let folder = '';
let socketPath = '';
let server: LocalServer;
let consoles: string[] = [];
const book = new TrialsBook();

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'loa-shell-'));
  socketPath = path.join(folder, 'loa.sock');
  consoles = [];
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

/** Types these lines one after the other, each once the one before has been answered. */
async function session(lines: readonly string[], args: readonly string[] = []): Promise<string> {
  const input = new PassThrough();
  let out = '';
  const ended = run(['shell', ...args], {
    out: (text) => (out += text),
    err: (text) => (out += text),
    environment: { LOA_SOCKET: socketPath },
    console: { input, output: new PassThrough() },
  });
  for (const each of lines) {
    input.write(`${each}\n`);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  input.end();
  expect(await ended).toBe(exits.well);
  await new Promise((resolve) => setTimeout(resolve, 30));
  return out;
}

describe('loa shell', () => {
  test('opens on Enter and not before, tells the agent, and closes with exit', async () => {
    expect(await session([])).toContain('nhấn Enter');
    expect(consoles).toEqual([]);
    const out = await session(['', 'status', 'exit', 'status']);
    expect(consoles).toEqual(['opened', 'closed']);
    expect(out.split('d-aaaaaaaaaaaaaaaa')).toHaveLength(2);
  });

  test('closes also where the line is cut off', async () => {
    await session(['', 'help']);
    expect(consoles).toEqual(['opened', 'closed']);
  });

  test('answers in the language that was chosen, and lists what there is and no more', async () => {
    const out = await session(['', 'en', 'help', 'publish', 'cat /etc/passwd', 'status --socket /x', 'exit']);
    expect(out).toContain('test speaker|sound|relay|screen [s] [now]');
    expect(out.match(/There is no such command/g)).toHaveLength(3);
    expect(out).not.toContain('root:');
    for (const each of out.split('\n')) expect(Array.from(each).length).toBeLessThanOrEqual(80);
  });

  test('opens without an agent, says that it is not recorded yet, and tells it once it is there', async () => {
    await server.close();
    const late = new Promise<void>((resolve) => {
      setTimeout(() => {
        void server.open().then(resolve);
      }, 100);
    });
    const out = await session(['', 'help', 'help', 'help', 'exit']);
    await late;
    expect(out).toContain('sẽ được ghi khi agent chạy lại');
    expect(consoles).toEqual(['opened', 'closed']);
  });
});
