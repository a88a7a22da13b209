import { appendFile, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { enterLedger, ledgerPath, readLedger } from './ledger.ts';
import type { LedgerEntry } from './ledger.ts';
import { valueOf } from './text.ts';

const hash = (fill: number): string => Buffer.alloc(32, fill).toString('base64url');
const truth = (change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  at: 1_790_000_000,
  prov: 'vn56',
  typ: 'plan',
  id: 'plan:56.22366',
  epoch: 3,
  ver: 7,
  digest: hash(1),
  kid: hash(9),
  ...change,
});

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'loa-sign-'));
});

test('W04 a second truth under one (id, epoch, ver) is refused, in this run and in every later one', async () => {
  expect((await enterLedger(home, truth())).ok).toBe(true);
  expect(await enterLedger(home, truth({ digest: hash(2) }))).toMatchObject({ ok: false });
  expect(await enterLedger(home, truth({ digest: hash(2), kid: hash(8) }))).toMatchObject({ ok: false });
  expect(valueOf(await readLedger(home))).toHaveLength(1);
});

test('the same truth may be signed again, also with the spare key', async () => {
  await enterLedger(home, truth());
  expect((await enterLedger(home, truth({ kid: hash(8) }))).ok).toBe(true);
});

test.each([{ ver: 8 }, { epoch: 4 }, { id: 'plan:56' }, { typ: 'order' }, { prov: 'vn58' }])(
  'another %j is another truth',
  async (change) => {
    await enterLedger(home, truth());
    expect((await enterLedger(home, truth({ ...change, digest: hash(2) }))).ok).toBe(true);
  },
);

test('W04 of many who enter different truths at once, exactly one may sign', async () => {
  const racers = Array.from({ length: 12 }, (_, index) => enterLedger(home, truth({ digest: hash(index) })));
  const allowed = (await Promise.all(racers)).filter(({ ok }) => ok);
  expect(allowed).toHaveLength(1);
});

test('a line torn by a power cut, cut at any byte, harms no line before or after it', async () => {
  await enterLedger(home, truth());
  const whole = await readFile(ledgerPath(home), 'utf8');
  const torn = `\n${JSON.stringify(truth({ ver: 8 }))}`;
  for (let length = 0; length < torn.length; length += 1) {
    await writeFile(ledgerPath(home), whole + torn.slice(0, length));
    expect(await enterLedger(home, truth({ ver: 9 })), `cut at ${length}`).toMatchObject({ ok: true });
    expect(valueOf(await readLedger(home)).map(({ ver }) => ver)).toEqual([7, 9]);
  }
});

test('a ledger with a strange line lets nobody sign until it is restored', async () => {
  await enterLedger(home, truth());
  await appendFile(ledgerPath(home), '{"at":1}\n');
  expect(await enterLedger(home, truth({ ver: 8 }))).toMatchObject({
    ok: false,
    why: { en: expect.stringContaining('line 3') as string },
  });
});

test('the ledger is for its owner alone', async () => {
  await enterLedger(home, truth());
  expect((await stat(ledgerPath(home))).mode & 0o777).toBe(0o600);
});
