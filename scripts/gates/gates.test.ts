/** Gates that cannot fail are decoration: each one sees a violation planted in a small copy of this repository, and says so. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runStage } from './stage.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const configs = [
  '.dependency-cruiser.config.mjs',
  'eslint.config.ts',
  'tsconfig.json',
  'package.json',
  '.prettierrc.json',
];

let copy = '';
beforeEach(() => {
  copy = mkdtempSync(path.join(os.tmpdir(), 'loa-gates-'));
  for (const config of configs) copyFileSync(path.join(repository, config), path.join(copy, config));
  symlinkSync(path.join(repository, 'node_modules'), path.join(copy, 'node_modules'));
  for (const folder of ['shared', 'agent', 'cloud', 'sign', 'scripts']) mkdirSync(path.join(copy, folder));
  plant('shared/wire/topic.ts', "export const topic = 'loa';\n");
  plant('cloud/main.ts', "import { topic } from '../shared/wire/topic.ts';\n\nexport const heard = topic;\n");
});
afterEach(() => {
  rmSync(copy, { recursive: true, force: true });
});

function plant(file: string, text: string): void {
  mkdirSync(path.join(copy, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(copy, file), text);
}

function gate(...command: [string, ...string[]]) {
  const [program, ...args] = command;
  const run = spawnSync(program, args, {
    cwd: copy,
    encoding: 'utf8',
    timeout: 50_000,
    env: { ...process.env, PATH: `${repository}/node_modules/.bin:${process.env['PATH'] ?? ''}` },
  });
  return { passed: run.status === 0, output: run.stdout + run.stderr };
}

const layers = () => gate(process.execPath, path.join(repository, 'scripts/gates/layers.ts'), copy);
const lint = () => gate('eslint', '--max-warnings', '0', '--format', 'json', '.');

test('a repository without faults passes the layers, lint, types and format', () => {
  expect(layers()).toMatchObject({ passed: true, output: '2 modules, 0 faults\n' });
  expect(lint()).toMatchObject({ passed: true });
  expect(gate('tsc', '-p', '.')).toMatchObject({ passed: true });
  expect(gate('prettier', '--check', 'shared', 'cloud')).toMatchObject({ passed: true });
});

describe('the layers fail', () => {
  const planted: readonly [string, string, string, string][] = [
    ['the agent imports the cloud', 'agent/x.ts', "export { heard } from '../cloud/main.ts';\n", 'agent'],
    ['two files import each other', 'shared/wire/b.ts', "export * from './b2.ts';\n", 'no-cycle'],
    ['shared reads a file', 'shared/wire/c.ts', "export { readFileSync } from 'node:fs';\n", 'pure-shared'],
    ['sync sees a device', 'agent/sync/d.ts', "export { d } from '../devices/relay/d.ts';\n", 'sync'],
    [
      'one driver sees another',
      'agent/devices/tuner/e.ts',
      "export { d } from '../relay/d.ts';\n",
      'devices-apart',
    ],
    [
      'a second file speaks MQTT',
      'agent/sync/f.ts',
      "export { connect } from 'mqtt';\n",
      'one-importer-of-mqtt',
    ],
    ['plan takes a package', 'agent/plan/g.ts', "export { z } from 'zod';\n", 'plan-packages'],
    ['an import leads nowhere', 'shared/wire/h.ts', "export * from './gone.ts';\n", 'unresolvable'],
  ];

  test(`where ${planted.map(([where]) => where).join(', where ')}`, () => {
    plant('agent/devices/relay/d.ts', 'export const d = 1;\n');
    plant('shared/wire/b2.ts', "export * from './b.ts';\n");
    for (const [, file, text] of planted) plant(file, text);
    const { passed, output } = layers();
    expect(passed).toBe(false);
    for (const [, file, , rule] of planted) expect(output).toContain(`${rule}: ${file} → `);
  });

  test('where fewer modules were cruised than there are, or none', () => {
    const config = path.join(copy, '.dependency-cruiser.config.mjs');
    writeFileSync(config, "export default { forbidden: [], options: { exclude: { path: '^cloud/' } } };\n");
    const { passed, output } = layers();
    expect(output).toContain('not cruised: cloud/main.ts');
    expect(passed).toBe(false);

    for (const file of ['shared/wire/topic.ts', 'cloud/main.ts']) rmSync(path.join(copy, file));
    expect(layers().passed).toBe(false);
  });
});

describe('lint fails', () => {
  const long = `export const lines = [\n${'  1,\n'.repeat(300)}];\n`;
  const planted: readonly [string, string, string, string][] = [
    [
      'pure code reads the clock',
      'agent/plan/a.ts',
      'export const now = () => Date.now();\n',
      'Time is an argument',
    ],
    ['a catch is empty', 'cloud/b.ts', 'try {\n  JSON.parse("");\n} catch {}\n', 'Empty block'],
    ['a value is any', 'cloud/c.ts', 'export const f = (x: any): unknown => x;\n', 'Unexpected any'],
    [
      'null is waved away',
      'cloud/d.ts',
      'export const f = (x: string | null) => x!;\n',
      'non-null assertion',
    ],
    ['a promise is forgotten', 'cloud/e.ts', 'Promise.resolve(1);\n', 'Promises must be awaited'],
    [
      'a name says nothing',
      'cloud/g.ts',
      'export class PlanManager {\n  readonly a = 1;\n}\n',
      'says nothing',
    ],
    [
      'a module is mocked',
      'cloud/h.test.ts',
      "import { vi } from 'vitest';\n\nvi.mock('x');\n",
      'a seam is missing',
    ],
    [
      'a file argues with the rules',
      'cloud/i.ts',
      '// eslint-disable-next-line no-empty\nexport const a = 1;\n',
      'noInlineConfig',
    ],
    ['a file is too long', 'cloud/j.ts', long, 'too many lines'],
    ['work is left for later', 'cloud/k.ts', '// todo: finish\nexport const a = 1;\n', "Unexpected 'todo'"],
  ];

  test(`where ${planted.map(([where]) => where).join(', where ')}`, () => {
    for (const [, file, text] of planted) plant(file, text);
    const { passed, output } = lint();
    expect(passed).toBe(false);
    const files = JSON.parse(output) as { filePath: string; messages: { message: string }[] }[];
    for (const [, file, , message] of planted) {
      const said = files.find((result) => result.filePath === path.join(copy, file))?.messages ?? [];
      expect(said.map((one) => one.message).join('\n')).toContain(message);
    }
  });

  test('where a warning is all there is to say', () => {
    plant('cloud/i.ts', '// eslint-disable-next-line no-empty\nexport const a = 1;\n');
    expect(lint().passed).toBe(false);
  });
});

test('types and format fail on what they are for', () => {
  plant('cloud/a.ts', 'export const first = ([] as string[])[0].length;\nenum E { a }\n');
  const types = gate('tsc', '-p', '.');
  expect(types.output).toMatch(/TS2532[\s\S]*TS1294/);
  expect(types.passed).toBe(false);
  expect(gate('prettier', '--check', 'cloud').passed).toBe(false);
});

describe('a stage', () => {
  const sh = (script: string, limitS: number) =>
    runStage({ name: 's', command: ['sh', '-c', script], limitS, note: /n=(\d)/ }, os.tmpdir());

  test('passes and fails by the exit code of its command', async () => {
    expect(await sh('echo n=1', 10)).toMatchObject({ ok: true, output: 'n=1\n', note: '1' });
    expect(await sh('echo no >&2; exit 3', 10)).toMatchObject({ ok: false, output: 'no\n', note: '' });
  });

  test('fails when its time is up, and takes its children with it', async () => {
    const result = await sh('sleep 47 & wait', 1);
    expect(result.ok).toBe(false);
    expect(result.output).toContain('more than 1 s');
    // The stage ends only when nobody holds its output any more: the child is gone.
    expect(result.elapsedMs).toBeLessThan(20_000);
  });

  test('takes with it, out of time or asked to stop, what has left its group', async () => {
    const command = ['sh', '-c', 'timeout 47 sh -c "trap : TERM; echo up; sleep 46; sleep 45"'] as const;
    const over = new AbortController();
    const hear = () => {
      over.abort();
    };
    const stage = { name: 's', command, limitS: 30 };
    const result = await runStage(stage, os.tmpdir(), { over: over.signal, hear });
    expect(result).toMatchObject({ ok: false });
    expect(result.output).toMatch(/^up\n[^]*Stopped: asked to/);
    expect(result.elapsedMs).toBeLessThan(20_000);
  });

  test('fails where its command does not exist', async () => {
    const result = await runStage({ name: 's', command: ['no-such-gate'], limitS: 5 }, os.tmpdir());
    expect(result).toMatchObject({ ok: false });
    expect(result.output).toContain('no-such-gate cannot start');
  });
});
