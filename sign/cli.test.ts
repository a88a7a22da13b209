import { execFile } from 'node:child_process';
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armor } from 'age-encryption';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { canonicalJson } from '../shared/protocol/bytes.ts';
import type { SignedDocument } from '../shared/protocol/schema/documents.ts';
import { payloadBytes } from '../shared/protocol/sign.ts';
import { pin, openHome, pinFirstTrust } from './home.ts';
import { openKey, publicPart, sealKey } from './keys.ts';
import { clockAt, DAY_S, item, keyringOf, newCast, planOf, signed, trustOf } from './a-cast.fixture.ts';
import type { Cast } from './a-cast.fixture.ts';
import { valueOf } from './text.ts';

type Run = { readonly code: number; readonly out: string; readonly err: string };
const PASSPHRASE = 'bốn từ không liên quan';
const nowS = (): number => Math.floor(Date.now() / 1000);

/** Nobody at the keyboard, as in a script. */
const loaSign = (...args: readonly string[]): Promise<Run> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, 'main.ts'), ...args],
      { cwd: folder, env: { ...process.env, XDG_CONFIG_HOME: folder, NO_COLOR: '1' } },
      (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, out, err });
      },
    );
    child.stdin?.end();
  });

let cast: Cast;
let folder: string;
beforeAll(async () => {
  cast = await newCast();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-sign-'));
  await writeFile(join(folder, 'pw'), `${PASSPHRASE}\n`);
});

const keep = (name: string, content: string | Uint8Array): Promise<void> =>
  writeFile(join(folder, name), content);
const kept = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

/** Keys on the disk, sealed quickly, and a machine that knows trust and keyring. */
async function prepared(): Promise<void> {
  for (const [name, key] of Object.entries(cast)) {
    await keep(`${name}.key`, await sealKey(key, PASSPHRASE, 2));
    await keep(`${name}.key.pub.json`, JSON.stringify(publicPart(key)));
  }
  const at = { iat: nowS() - 60, exp: nowS() + 300 * DAY_S };
  let home = valueOf(await openHome(join(folder, 'loa-sign')));
  home = valueOf(
    await pinFirstTrust(home, await signed<'trust'>({ ...trustOf(cast), ...at }, [cast.an, cast.binh])),
  );
  if (home.state === null) throw new Error('nothing is pinned');
  const keyring = await signed<'keyring'>({ ...keyringOf(cast), ...at }, [cast.an, cast.binh]);
  valueOf(await pin(home, home.state, keyring, clockAt(nowS())));
}

const plan = (change: Partial<Extract<SignedDocument, { typ: 'plan' }>> = {}) =>
  planOf([item()], { iat: nowS(), exp: nowS() + DAY_S, ...change });
const sign = (file: string, who: string, ...more: readonly string[]): Promise<Run> =>
  loaSign('sign', file, '--key', `${who}.key`, '--passphrase-file', 'pw', '--yes', ...more);

const noTrace = ({ out, err }: Run): void => {
  expect(out + err).not.toMatch(/^\s+at /m);
  expect(out + err).not.toContain('node:internal');
};

test('keygen makes a sealed key and a public file for their owner alone, and never replaces one', async () => {
  const args = ['keygen', '--holder', 'Nguyễn Văn A', '--out', 'a.key', '--passphrase-file', 'pw'];
  const made = await loaSign(...args);
  expect(made.code).toBe(0);
  for (const name of ['a.key', 'a.key.pub.json'])
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  const sealed = await kept('a.key');
  expect(Buffer.from(armor.decode(sealed)).toString('latin1')).toMatch(/^-> scrypt \S+ 18$/m);
  const key = valueOf(await openKey(sealed, PASSPHRASE));
  expect(JSON.parse(await kept('a.key.pub.json'))).toEqual(publicPart(key));
  expect(made.out + made.err).not.toContain(key.secret.d);
  expect(await loaSign(...args)).toMatchObject({
    code: 1,
    err: expect.stringContaining('replaces nothing') as string,
  });
  expect(await kept('a.key')).toBe(sealed);
});

test('keygen without a person and without a passphrase file is wrong usage, and makes nothing', async () => {
  const run = await loaSign('keygen', '--holder', 'A', '--out', 'a.key');
  expect(run).toMatchObject({ code: 2, err: expect.stringContaining('--passphrase-file') as string });
  await expect(stat(join(folder, 'a.key'))).rejects.toThrow('ENOENT');
});

test('a short passphrase makes no key', async () => {
  await keep('pw', 'ngắn');
  expect((await loaSign('keygen', '--holder', 'A', '--out', 'a.key', '--passphrase-file', 'pw')).code).toBe(
    1,
  );
  await expect(stat(join(folder, 'a.key'))).rejects.toThrow('ENOENT');
});

test('the ceremony, from public keys to a pinned trust, a keyring and a plan signed by author and approver', async () => {
  await prepared();
  const home = ['--home', 'fresh'];
  const people = [cast.an.holder, cast.binh.holder];
  const keys = ['an.key.pub.json', 'binh.key.pub.json', 'dung.key.pub.json'];
  const two = (role: string) => ({ role, area: '56', threshold: 2, people });
  await keep('c.json', JSON.stringify({ province: 'vn56', keys, grants: [two('root'), two('registrar')] }));
  expect((await loaSign('trust', 'new', '--plan', 'c.json', '--out', 't.json', ...home)).code).toBe(0);
  expect((await sign('t.json', 'an', '--place', '56', '--out', 't-an.json', ...home)).code).toBe(0);
  expect((await sign('t.json', 'dung', '--place', '56', '--out', 't-no.json', ...home)).err).toContain(
    'no right',
  );
  expect((await loaSign('pin', 't-an.json', '--yes', ...home)).code).toBe(1);
  expect((await sign('t.json', 'binh', '--place', '56', '--out', 't-binh.json', ...home)).code).toBe(0);
  expect((await loaSign('merge', 't-an.json', 't-binh.json', '--out', 't2.json', ...home)).out).toContain(
    '2 people, enough',
  );
  expect((await loaSign('pin', 't2.json', ...home)).err).toContain('--yes');
  expect((await loaSign('pin', 't2.json', '--yes', ...home)).code).toBe(0);

  const publisher = {
    role: 'publisher',
    area: '56.1',
    threshold: 2,
    people: [cast.an.holder, cast.dung.holder],
  };
  await keep('k.json', JSON.stringify({ area: '56.1', keys, grants: [publisher] }));
  expect((await loaSign('keyring', 'new', '--plan', 'k.json', '--out', 'kr.json', ...home)).code).toBe(0);
  await sign('kr.json', 'an', ...home);
  await sign('kr.signed-1.json', 'binh', ...home);
  expect((await loaSign('pin', 'kr.signed-2.json', ...home)).code).toBe(0);

  await keep('p.json', JSON.stringify({ typ: 'plan', area: '56.1', items: [item()] }));
  expect((await loaSign('draft', 'p.json', '--out', 'plan.json', ...home)).code).toBe(0);
  await sign('plan.json', 'an', ...home);
  expect((await sign('plan.signed-1.json', 'dung', ...home)).out).toContain('Valid and complete');
  expect((await loaSign('pin', 'plan.signed-2.json', ...home)).code).toBe(0);
  // Some twenty programs one after the other.
}, 240_000);

test('W01 two outsides around one content show the same, and the same outside around another shows another', async () => {
  await prepared();
  const first = await signed<'plan'>(plan({ items: [item({ title: 'Bản tin thật' })] }), [cast.an]);
  const second = await signed<'plan'>(plan({ items: [item({ title: 'Bản tin khác' })] }), [cast.an]);
  await keep('ban-tin-that.json', second.bytes);
  await keep('x.json', first.bytes);
  const seen = await loaSign('inspect', 'ban-tin-that.json');
  expect(seen.out).toContain('Bản tin khác');
  expect(seen.out).not.toContain('Bản tin thật');
  expect((await loaSign('inspect', 'x.json')).out).toContain('Bản tin thật');
});

test('W03 one person cannot sign twice, nor somebody without the right', async () => {
  await prepared();
  await keep('p.json', payloadBytes(plan()));
  expect((await sign('p.json', 'an')).code).toBe(0);
  expect(await sign('p.signed-1.json', 'an')).toMatchObject({
    code: 1,
    err: expect.stringContaining('signed already') as string,
  });
  expect(await sign('p.signed-1.json', 'binh')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no right') as string,
  });
});

test('W04 the second truth under one version is refused, and no signature is written', async () => {
  await prepared();
  await keep('a.json', payloadBytes(plan()));
  await keep('b.json', payloadBytes(plan({ items: [item({ volume: 71 })] })));
  expect((await sign('a.json', 'an')).code).toBe(0);
  expect(await sign('b.json', 'an')).toMatchObject({
    code: 1,
    err: expect.stringContaining('two truths') as string,
  });
  await expect(stat(join(folder, 'b.signed-1.json'))).rejects.toThrow('ENOENT');
  expect((await sign('a.json', 'an', '--out', 'again.json')).code).toBe(0);
});

test('a wrong passphrase and a key file with a changed byte are refused before the ledger is touched', async () => {
  await prepared();
  await keep('p.json', payloadBytes(plan()));
  await keep('wrong', 'một câu khác hẳn nào đó');
  const wrong = await loaSign('sign', 'p.json', '--key', 'an.key', '--passphrase-file', 'wrong', '--yes');
  expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('Wrong passphrase') as string });
  // The last line but one is the end of the ciphertext itself.
  const lines = (await kept('an.key')).trimEnd().split('\n');
  const last = lines.at(-2) ?? '';
  await keep('an.key', lines.with(-2, (last.startsWith('A') ? 'B' : 'A') + last.slice(1)).join('\n'));
  const tampered = await sign('p.json', 'an');
  expect(tampered).toMatchObject({ code: 1, err: expect.stringContaining('damaged') as string });
  noTrace(tampered);
  await expect(stat(join(folder, 'loa-sign', 'ledger.jsonl'))).rejects.toThrow('ENOENT');
});

test('what is wider than a commune wants its place named, by name where it is known', async () => {
  await prepared();
  await keep('order.json', payloadBytes(halt('56')));
  expect(await sign('order.json', 'an')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--place') as string,
  });
  await keep('places.json', '{"56": "Khánh Hòa"}');
  expect((await loaSign('places', 'places.json')).code).toBe(0);
  expect((await sign('order.json', 'an', '--place', '56')).code).toBe(1);
  expect((await sign('order.json', 'an', '--place', 'Phú Yên')).code).toBe(1);
  expect((await sign('order.json', 'an', '--place', 'khanh hoà')).code).toBe(0);
  await keep('small.json', payloadBytes(halt('56.22366')));
  expect((await sign('small.json', 'an')).code).toBe(0);
});

const halt = (area: string): Extract<SignedDocument, { kind: 'halt' }> => ({
  typ: 'order',
  v: 1,
  prov: 'vn56',
  id: `01KAVTESTTESTTESTTESTTEST${area.length > 2 ? 1 : 0}`,
  epoch: 1,
  ver: 1,
  iat: nowS(),
  exp: nowS() + 1800,
  kind: 'halt',
  scope: [area],
  play: null,
  plays: 1,
  repeatS: null,
  ends: [],
  text: null,
});

test('any alert wants its place named, however small the place', async () => {
  await prepared();
  const drafted = [
    'order',
    'new',
    '--kind',
    'alert',
    '--scope',
    '56.22366',
    '--text',
    'Nước lũ',
    '--out',
    'a.json',
  ];
  expect((await loaSign(...drafted)).code).toBe(0);
  expect((await sign('a.json', 'an')).code).toBe(2);
  expect((await sign('a.json', 'an', '--place', '56.22366')).out).toContain('1 of 2 missing');
});

test.each<[string, () => SignedDocument, string]>([
  [
    'A13 too loud',
    () => plan({ items: [item({ volume: 100, night: true, startAt: '02:00:00' })] }),
    'POLICY',
  ],
  ['another province', () => plan({ prov: 'vn58' }), 'WRONG_PROVINCE'],
  ['A04 a keyring that grants alerts', () => escalating(), 'ESCALATION'],
])('sign refuses %s', async (_, document, code) => {
  await prepared();
  await keep('p.json', payloadBytes(document()));
  const run = await sign('p.json', 'an', '--place', '56');
  expect(run).toMatchObject({ code: 1, err: expect.stringContaining(`(${code})`) as string });
  noTrace(run);
});

function escalating(): SignedDocument {
  const keyring = keyringOf(cast);
  const [grant] = keyring.grants;
  if (grant === undefined) throw new Error('no grant');
  return { ...keyring, ver: 2, grants: [{ ...grant, role: 'emergency', kinds: ['alert'], maxTtlS: 3600 }] };
}

const HOSTILE = '\u001b[2J\u001b]0;x\u0007\u009b31m\u202E';

test.each<[string, () => string | Uint8Array]>([
  ['a title', () => canonicalJson(plan({ items: [item({ title: HOSTILE })] })) ?? ''],
  ['an unknown type', () => `{"typ":"${HOSTILE}"}`],
  ['no JSON at all', () => HOSTILE.repeat(2000)],
  ['bytes that are no text', () => Buffer.from([0x1b, 0x5b, 0xff, 0xfe, 0x9b, 0x31, 0x6d])],
  [
    'an envelope around it',
    () =>
      JSON.stringify({
        payload: Buffer.from(`{"typ":"plan","x":"${HOSTILE}"}`).toString('base64url'),
        signatures: [{ protected: HOSTILE, signature: '' }],
      }),
  ],
  ['brackets a hundred thousand deep', () => '['.repeat(100_000)],
])('S17 L02 inspect shows a hostile file without obeying it: %s', async (_, content) => {
  await prepared();
  await keep('evil.json', content());
  for (const run of [
    await loaSign('inspect', 'evil.json'),
    await loaSign('inspect', '--json', 'evil.json'),
  ]) {
    expect(run.code).toBe(1);
    expect(run.out + run.err).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
    noTrace(run);
  }
  expect((await sign('evil.json', 'an')).code).toBe(1);
});

test('a hostile file is not signed, and makes no harmful JSON either', async () => {
  await prepared();
  await keep('evil.json', canonicalJson({ ...plan(), [HOSTILE]: 1 }) ?? '');
  for (const run of [await sign('evil.json', 'an'), await loaSign('inspect', '--json', 'evil.json')]) {
    expect(run.code).toBe(1);
    expect(run.out + run.err).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
  }
});

test('inspect --json gives the document, its judgement and nothing else on the output', async () => {
  await prepared();
  await keep('p.json', (await signed<'plan'>(plan(), [cast.dung])).bytes);
  const run = await loaSign('inspect', 'p.json', '--json');
  expect(JSON.parse(run.out)).toMatchObject({
    code: 'ACCEPTED',
    document: { typ: 'plan' },
    signatures: [{ kid: cast.dung.kid }],
    quorums: [{ missing: 1, counted: [{ holder: cast.dung.holder }] }],
    faults: [],
  });
});

test.each([
  [[]],
  [['sing', 'x']],
  [['sign', 'x']],
  [['merge', 'a', '--out', 'b']],
  [['order', 'new', '--kind', 'song']],
])('wrong usage ends with 2 and says what is wrong: %j', async (args) => {
  const run = await loaSign(...args);
  expect(run.code).toBe(2);
  noTrace(run);
});

test('a missing file, a folder and a broken ledger end with a sentence', async () => {
  await prepared();
  await keep('p.json', payloadBytes(plan()));
  await keep('loa-sign/ledger.jsonl', 'nonsense}\n');
  const runs = [
    await loaSign('inspect', 'none.json'),
    await loaSign('inspect', '.'),
    await sign('p.json', 'an'),
  ];
  for (const run of runs) {
    expect(run.code).toBe(1);
    expect(run.err).not.toBe('');
    noTrace(run);
  }
});

test('help is in both languages and ends with 0', async () => {
  for (const args of [['--help'], ['trust', 'new', '--help']]) {
    const run = await loaSign(...args);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).toMatch(/[ăâđêôơư]/);
  }
});
