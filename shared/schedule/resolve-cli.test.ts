import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { itemWith, planWith, utc } from './a-schedule.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'loa-resolve-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(...args: string[]): { status: number | null; lines: string[]; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    'node',
    [new URL('resolve-cli.ts', import.meta.url).pathname, ...args],
    {
      encoding: 'utf8',
    },
  );
  return { status, lines: stdout.trim().split('\n'), stderr };
}

function runOn(question: unknown): ReturnType<typeof run> {
  const file = join(folder, 'question.json');
  writeFileSync(file, typeof question === 'string' ? question : JSON.stringify(question));
  return run(file);
}

const at = utc('2026-03-01T05:10:00+07:00');
const box = { area: '56.22366', tags: [] };
const plan = planWith({ items: [itemWith({ id: 'tin' })] });

describe('resolve FILE', () => {
  test('prints one line of JSON for each instant, in the order asked', () => {
    const { status, lines } = runOn({ plans: [plan], box, at: [at, at - 3600] });
    expect(status).toBe(0);
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        at,
        sound: {
          winner: 'plan:56.22366/tin',
          until: utc('2026-03-01T05:30:00+07:00'),
          rule: '“Bản tin sáng” (plan:56.22366/tin): nothing else is due',
        },
        screen: { winner: null, until: plan.exp, rule: 'nothing is due' },
        ticker: { winner: null, until: plan.exp, rule: 'nothing is due' },
      },
      {
        at: at - 3600,
        sound: { winner: null, until: utc('2026-03-01T05:00:00+07:00'), rule: 'nothing is due' },
        screen: { winner: null, until: plan.exp, rule: 'nothing is due' },
        ticker: { winner: null, until: plan.exp, rule: 'nothing is due' },
      },
    ]);
  });

  test('refuses two plans of one id and names them', () => {
    const { status, stderr } = runOn({ plans: [plan, planWith({ ver: 2 })], box, at: [at] });
    expect(status).toBe(1);
    expect(stderr).toContain('plans[1].id: "plan:56.22366" is that of plans[0] too; leave one of them');
  });

  test('names the field of each fault', () => {
    const bad = { ...plan, items: [{ ...itemWith({}), startAt: '25:00:00' }] };
    const { status, stderr } = runOn({ plans: [bad], box: { area: '56' }, at: ['now'] });
    expect(status).toBe(1);
    expect(stderr).toContain('plans[0].items[0].startAt: ');
    expect(stderr).toContain('box.tags: ');
    expect(stderr).toContain('at[0]: ');
    expect(stderr).not.toContain('    at ');
  });

  test('says what to do about a file that is no JSON or is not there', () => {
    expect(runOn('{').stderr).toContain('JSON');
    const absent = run(join(folder, 'absent.json'));
    expect(absent.status).toBe(1);
    expect(absent.stderr).toContain('give the path of a readable file');
  });

  test('tells how it is called', () => {
    expect(run()).toMatchObject({ status: 2 });
    expect(run().stderr).toContain('npm run resolve -- FILE');
  });
});
