import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseJson } from '../shared/protocol/bytes.ts';
import { checkBeat } from '../shared/protocol/fm/beat.ts';
import { fmplan as fmplanSchema } from '../shared/protocol/schema/documents.ts';
import type { Fmplan } from '../shared/protocol/schema/documents.ts';
import { clockAt, DAY_S, newCast, signed, trustOf } from './a-cast.fixture.ts';
import type { Cast } from './a-cast.fixture.ts';
import { openHome, pin, pinFirstTrust } from './home.ts';
import { openFile } from './signing.ts';
import { valueOf } from './text.ts';

const PASSPHRASE = 'bốn từ không liên quan';
const nowS = (): number => Math.floor(Date.now() / 1000);
const main = join(import.meta.dirname, 'main.ts');
type Run = { readonly code: number; readonly out: string; readonly err: string };

let folder: string;
let cast: Cast;
const options = () => ({ cwd: folder, env: { ...process.env, XDG_CONFIG_HOME: folder, NO_COLOR: '1' } });

const beats = (...args: readonly string[]): Promise<Run> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [main, 'fm-beats', ...args], options(), (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out, err });
    });
    child.stdin?.end();
  });
const withPassphrase = (...args: readonly string[]) => beats(...args, '--passphrase-file', 'pw');
const path = (name: string): string => join(folder, name);
const kept = (name: string): Promise<string> => readFile(path(name), 'utf8');
const draftIn = async (name: string): Promise<Fmplan> => fmplanSchema.parse(parseJson(await kept(name)));

/** As `sign`, `merge` and `pin` would. */
async function pinSigned(draft: Fmplan): Promise<void> {
  const home = valueOf(await openHome(path('loa-sign')));
  const envelope = await signed<'fmplan'>(draft, [cast.an, cast.binh]);
  valueOf(await pin(home, home.state ?? expect.unreachable(), envelope, clockAt(nowS())));
}

const written = {
  ...{ typ: 'fmplan', area: '56', mode: 'beat', windows: [], dailyMaxMin: 30, volume: 60 },
  stations: [{ frequencyKhz: 101_900, pi: 'd3c1', rssiMin: 20, rssiMax: 80 }],
};

beforeAll(async () => {
  cast = await newCast();
  folder = await mkdtemp(join(tmpdir(), 'loa-sign-beats-'));
  await writeFile(path('pw'), `${PASSPHRASE}\n`);
  await writeFile(path('fmplan.json'), JSON.stringify(written));
  const at = { iat: nowS() - 60, exp: nowS() + 300 * DAY_S };
  const home = valueOf(await openHome(path('loa-sign')));
  valueOf(
    await pinFirstTrust(home, await signed<'trust'>({ ...trustOf(cast), ...at }, [cast.an, cast.binh])),
  );
});

describe('fm-beats, from a draft to what a station sends', () => {
  test('new puts anchors into the draft and a sealed secret into the home, and shows neither secret nor seed', async () => {
    const made = await withPassphrase('new', 'fmplan.json', '--days', '3', '--out', 'draft.json');
    expect(made).toMatchObject({ code: 0 });
    const draft = await draftIn('draft.json');
    const { beat } = draft.stations[0] ?? expect.unreachable();
    expect(Object.keys(beat?.anchors ?? {})).toEqual(['0', '1', '2']);
    expect(new Date(((beat?.t0 ?? 0) + 7 * 3600) * 1000).toISOString()).toMatch(/T00:00:00.000Z$/);
    const [file = ''] = await readdir(path('loa-sign/beats'));
    expect(file).toBe(`${beat?.chain ?? ''}.age`);
    expect((await stat(path(`loa-sign/beats/${file}`))).mode & 0o777).toBe(0o600);
    expect(made.out).toContain('ENDS at');
    expect(openFile(Buffer.from(await kept('draft.json')))).toMatchObject({ document: draft });
    await pinSigned(draft);
  });

  test('seeds writes a week at most, for its owner alone, into the ledger and not on the screen', async () => {
    const eight = await withPassphrase('seeds', '--area', '56', '--days', '8', '--out', 'no.json');
    expect(eight).toMatchObject({ code: 2, err: expect.stringContaining('between 1 and 7') as string });
    const given = await withPassphrase('seeds', '--area', '56', '--out', 'seeds.json');
    expect(given).toMatchObject({ code: 0, out: expect.stringContaining('expiring at') as string });
    expect(given.out).toContain('for 3 days only');
    expect(given.out).toContain('have it signed now');
    expect((await stat(path('seeds.json'))).mode & 0o777).toBe(0o600);
    const seeds = parseJson(await kept('seeds.json')) as { days: { seed: string }[]; chain: string };
    expect(seeds.days).toHaveLength(3);
    for (const { seed } of seeds.days) expect(given.out + given.err).not.toContain(seed);
    expect(await kept('loa-sign/ledger.jsonl')).toContain(`"id":"fm-seeds:${seeds.chain}:0-2"`);
    await expect(stat(path('no.json'))).rejects.toThrow('ENOENT');
  });

  test('groups prints what a box takes in this half minute, without key and home', async () => {
    const at = nowS() - 30;
    const run = await beats(
      'groups',
      '--seeds',
      'seeds.json',
      '--at',
      new Date(at * 1000).toISOString().slice(0, 19) + 'Z',
    );
    expect(run.code).toBe(0);
    expect(run.err).toContain('The seeds end at');
    const [frame = '', ...groups] = run.out.trim().split('\n');
    expect(groups.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(
      [0, 1, 2, 3, 4].map((n) => `6A ${n}`),
    );
    expect(groups.map((line) => line.split(' ').slice(2).join('')).join('')).toBe(frame);
    const { beat } = (await draftIn('draft.json')).stations[0] ?? expect.unreachable();
    expect(checkBeat(Buffer.from(frame, 'hex'), beat ?? expect.unreachable(), clockAt(at), null).code).toBe(
      'OK',
    );
  });

  test('groups shows no beat of a time to come unasked, none outside its days, and says who else reads the file', async () => {
    const ahead = new Date((nowS() + 3600) * 1000).toISOString().slice(0, 19) + 'Z';
    const hidden = await beats('groups', '--seeds', 'seeds.json', '--at', ahead);
    expect(hidden).toMatchObject({ code: 2, out: '' });
    expect((await beats('groups', '--seeds', 'seeds.json', '--at', ahead, '--yes')).code).toBe(0);
    const over = await beats('groups', '--seeds', 'seeds.json', '--at', '2099-01-01T00:00', '--yes');
    expect(over).toMatchObject({ code: 1, out: '', err: expect.stringContaining('ended at') as string });
    expect((await beats('groups', '--seeds', 'seeds.json', '--at', 'noon')).code).toBe(2);
    await chmod(path('seeds.json'), 0o644);
    expect((await beats('groups', '--seeds', 'seeds.json')).err).toContain('chmod 600');
  });

  test('groups --follow prints the frame of now at once and goes on until its reader goes', async () => {
    const child = spawn(
      process.execPath,
      [main, 'fm-beats', 'groups', '--seeds', 'seeds.json', '--follow'],
      options(),
    );
    const ended = once(child, 'exit');
    let out = '';
    for await (const chunk of child.stdout) {
      out += String(chunk);
      if (out.endsWith('\n\n')) break;
    }
    expect(out).toMatch(/^[0-9A-F]{40}\n(6A [0-4] [0-9A-F]{4} [0-9A-F]{4}\n){5}\n/);
    child.kill();
    await ended;
  });

  test('extend drafts the next version under the same chain, whose old anchors stay and whose life is the same', async () => {
    const run = await withPassphrase('extend', '--area', '56', '--days', '20', '--out', 'longer.json');
    expect(run).toMatchObject({ code: 0 });
    const [before, after] = [await draftIn('draft.json'), await draftIn('longer.json')];
    expect(after.ver).toBe(before.ver + 1);
    expect(after.exp - after.iat).toBe(before.exp - before.iat);
    const [old, longer] = [before.stations[0]?.beat, after.stations[0]?.beat];
    expect(longer).toMatchObject({ chain: old?.chain, t0: old?.t0, anchors: { '2': old?.anchors['2'] } });
    expect(Object.keys(longer?.anchors ?? {})).toContain('19');
    // What changed is told by days, not by 17 lines that nobody could judge.
    expect(run.out).toMatch(/\+ stations\.101900\.beat\.anchors: 17 ngày · days, 3–19/);
    await pinSigned(after);
    const week = await withPassphrase(
      'seeds',
      '--area',
      '56',
      '--station',
      '101.9',
      '--tomorrow',
      '--out',
      'week.json',
    );
    expect(week.code).toBe(0);
    expect((parseJson(await kept('week.json')) as { days: unknown[] }).days).toHaveLength(7);
  });

  test('new makes nothing where all stations beat, the file is no fmplan, or its days are none of these', async () => {
    expect((await withPassphrase('new', 'longer.json', '--out', 'x')).err).toContain('fm-beats extend');
    expect((await withPassphrase('new', 'pw', '--out', 'x')).code).toBe(1);
    expect((await withPassphrase('new', 'fmplan.json', '--days', '93', '--out', 'x')).code).toBe(2);
    expect((await withPassphrase('new', 'fmplan.json', '--from', '2020-01-01', '--out', 'x')).code).toBe(2);
    expect(await readdir(path('loa-sign/beats'))).toHaveLength(1);
  });

  test('what has no such station or the wrong passphrase makes nothing', async () => {
    expect((await withPassphrase('seeds', '--area', '57', '--out', 'x')).code).toBe(1);
    expect((await withPassphrase('extend', '--area', '56', '--station', '99.9', '--out', 'x')).code).toBe(1);
    await writeFile(path('wrong'), 'một mật khẩu khác hẳn\n');
    const wrong = await beats('seeds', '--area', '56', '--out', 'x', '--passphrase-file', 'wrong');
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('Wrong passphrase') as string });
    await expect(stat(path('x'))).rejects.toThrow('ENOENT');
  });
});
