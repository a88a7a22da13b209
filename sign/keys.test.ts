import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readBytes, writeNew } from './files.ts';
import { newKey, openKey, publicPart, readPublicKey, sealKey } from './keys.ts';
import type { SigningKey } from './keys.ts';
import { passphraseFault } from './seal.ts';
import { valueOf } from './text.ts';

const quick = 2;
const passphrase = 'bốn từ không liên quan';
let key: SigningKey;
beforeAll(async () => {
  key = valueOf(await newKey('Nguyễn Văn A'));
});

test.each(['Ed25519', 'ES256'] as const)(
  'a sealed %s key opens with its passphrase and is the same key',
  async (alg) => {
    const made = valueOf(await newKey('Nguyễn Văn A', alg));
    expect(await openKey(await sealKey(made, passphrase, quick), passphrase)).toEqual({
      ok: true,
      value: made,
    });
  },
);

test('a passphrase typed with combining marks opens what was sealed with composed letters', async () => {
  const opened = await openKey(await sealKey(key, passphrase, quick), passphrase.normalize('NFD'));
  expect(opened.ok).toBe(true);
});

test('a wrong passphrase is refused with words', async () => {
  const opened = await openKey(await sealKey(key, passphrase, quick), `${passphrase}!`);
  expect(opened).toMatchObject({
    ok: false,
    why: { en: expect.stringContaining('Wrong passphrase') as string },
  });
});

test('a key file with any line changed is refused and never half read', async () => {
  const lines = (await sealKey(key, passphrase, quick)).trimEnd().split('\n');
  for (const [index, line] of lines.entries()) {
    const middle = line.length >> 1;
    const other = line[middle] === 'A' ? 'B' : 'A';
    const changed = lines.with(index, line.slice(0, middle) + other + line.slice(middle + 1)).join('\n');
    expect(await openKey(changed, passphrase), `line ${index}`).toMatchObject({ ok: false });
  }
});

test('an age file that holds something else is no key', async () => {
  expect(await openKey('-----BEGIN AGE ENCRYPTED FILE-----\n', passphrase)).toMatchObject({ ok: false });
  expect(await openKey('{"jwk":{}}', passphrase)).toMatchObject({ ok: false });
});

test('the sealed file shows neither the secret nor the holder', async () => {
  const file = await sealKey(key, passphrase, quick);
  expect(file).not.toContain(key.secret.d);
  expect(Buffer.from(file.split('\n').slice(1, -2).join(''), 'base64').toString()).not.toContain('Nguyễn');
});

test('the public file names holder, key and kid, no secret, and is refused with the kid of another key', async () => {
  const open = publicPart(key);
  expect(Object.keys(open)).toEqual(['jwk', 'holder', 'kid']);
  expect(JSON.stringify(open)).not.toContain(key.secret.d);
  expect(readPublicKey(JSON.stringify(open))).toEqual({ ok: true, value: open });
  const other = valueOf(await newKey('Trần Thị B'));
  expect(readPublicKey(JSON.stringify({ ...open, kid: other.kid }))).toMatchObject({ ok: false });
});

test.each(['', ' Nguyễn Văn A', 'Nguyễn\u200bVăn A', 'A\u001b[31m', 'x'.repeat(65)])(
  'S19 the holder name %j is refused at keygen',
  async (name) => {
    expect(await newKey(name)).toMatchObject({ ok: false });
  },
);

test('a short passphrase is refused, counted in letters and not in bytes', () => {
  expect(passphraseFault('ngắn quá rồ').ok).toBe(false);
  expect(passphraseFault('ngắn quá rồi')).toEqual({ ok: true, value: 'ngắn quá rồi' });
});

test('a file is written for its owner alone, and never over another', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'loa-sign-')), 'a.key');
  expect((await writeNew(path, 'one')).ok).toBe(true);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await writeNew(path, 'two')).toMatchObject({ ok: false });
  expect(Buffer.from(valueOf(await readBytes(path))).toString()).toBe('one');
});

test('a file that is too long, a device and a missing file are refused with words', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'loa-sign-')), 'big');
  await writeFile(path, Buffer.alloc(1024 * 1024 + 1));
  for (const each of [path, '/dev/zero', join(path, 'x'), `${path}.none`]) {
    expect(await readBytes(each), each).toMatchObject({ ok: false });
  }
});
