import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SignedDocument } from '../../shared/protocol/schema/documents.ts';
import { filesIn } from '../app.ts';
import {
  aDevice,
  aKeyring,
  anAlert,
  anItem,
  aPlan,
  aTrust,
  COMMUNE,
  officers,
  openWorld,
  publishers,
  publishGround,
  registrars,
  roots,
  sealed,
  soundOf,
} from '../province.fixture.ts';
import type { Person, World } from '../province.fixture.ts';
import { run } from './program.ts';

const dev = 'd-abcdefghijklmnop';
const folder = mkdtempSync(join(tmpdir(), 'loa-cli-'));
let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

type Ran = { exit: number; out: string; err: string };

async function loaCloud(...args: string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const exit = await run(args, { write: (line) => out.push(line), warn: (line) => err.push(line) });
  return { exit, out: out.join('\n'), err: err.join('\n') };
}

/** With the address and token of the running cloud. */
const staff = (...args: string[]): Promise<Ran> =>
  loaCloud(...args, '--url', world.url, '--token-file', filesIn(world.config.folder).staffToken);

function fileOf(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}
const signedFile = async (
  name: string,
  document: SignedDocument,
  people: readonly Person[],
): Promise<string> => fileOf(name, await sealed(document, people));

describe('loa-cloud publish', () => {
  it('publishes files in the order in which they stand on each other, whatever order they are given in', async () => {
    const trust = aTrust(world.headJwk);
    const files = [
      await signedFile('a-plan.json', aPlan(), publishers),
      await signedFile('b-keyring.json', aKeyring(), registrars),
      await signedFile('c-trust-3.json', { ...trust, ver: 3, iat: trust.iat + 2 }, roots),
      await signedFile('d-trust-2.json', { ...trust, ver: 2, iat: trust.iat + 1 }, roots),
    ];
    const ran = await staff('publish', ...files);
    expect(ran).toMatchObject({ exit: 0, err: '' });
    expect(ran.out).toContain(`plan:${COMMUNE}`);
    const again = await staff('publish', files[0] ?? '');
    expect(again.exit, 'what is live already is what was wanted').toBe(0);
  });

  it('ends with 3 and names who signed where signatures are missing', async () => {
    await publishGround(world, [dev]);
    const ran = await staff('publish', await signedFile('half.json', aPlan(), [publishers[0]]));
    expect(ran.exit).toBe(3);
    expect(ran.err).toContain('Võ Tác Giả');
  });

  it('ends with 1 and the reason where the server refuses', async () => {
    const ran = await staff('publish', await signedFile('early.json', aPlan(), publishers));
    expect(ran.exit).toBe(1);
    expect(ran.err).toContain('NO_GRANT');
  });

  it('sends nothing where one of the files is no signed document', async () => {
    const good = await signedFile('keyring.json', aKeyring(), registrars);
    const ran = await staff('publish', good, fileOf('draft.json', aPlan()));
    expect(ran.exit).toBe(2);
    expect(ran.err).toContain('loa-sign sign');
    expect((await fetch(`${world.url}/v1/doc/keyring:${COMMUNE}`)).status).toBe(404);
  });

  it('prints JSON for machines', async () => {
    const ran = await staff('publish', await signedFile('k.json', aKeyring(), registrars), '--json');
    expect(JSON.parse(ran.out)).toMatchObject([{ typ: 'keyring', id: `keyring:${COMMUNE}`, ver: 1 }]);
  });
});

describe('loa-cloud order', () => {
  it('sends an alert to everybody it is for', async () => {
    const ran = await staff('order', await signedFile('alert.json', anAlert(), officers));
    expect(ran.exit).toBe(0);
    expect(await (await fetch(`${world.url}/v1/orders?area=${COMMUNE}`)).json()).toHaveLength(1);
  });

  it('refuses what is no order before anything is sent', async () => {
    const ran = await staff('order', await signedFile('kr.json', aKeyring(), registrars));
    expect(ran.exit).toBe(2);
    expect(ran.err).toContain('loa-cloud publish');
  });
});

describe('loa-cloud draft and collect', () => {
  it('collect what two people signed on two machines until it is live', async () => {
    await publishGround(world, [dev]);
    const drafted = await staff('draft', fileOf('plan.json', aPlan()));
    expect(drafted.exit).toBe(3);
    expect((await staff('drafts')).out).toContain(`plan:${COMMUNE}`);
    const one = await staff('collect', await signedFile('one.json', aPlan(), [publishers[0]]));
    expect(one).toMatchObject({ exit: 3 });
    expect(one.out).toContain('Võ Tác Giả');
    const two = await staff('collect', await signedFile('two.json', aPlan(), publishers));
    expect(two).toMatchObject({ exit: 0, err: '' });
    expect((await staff('documents')).out).toContain(`plan:${COMMUNE}`);
  });

  it('names the field of a draft that is wrong', async () => {
    const bad = fileOf('bad.json', { ...aPlan(), items: [{ ...anItem(), volume: 101 }] });
    const ran = await staff('draft', bad);
    expect(ran.exit).toBe(1);
    expect(ran.err).toContain('items.0.volume');
  });

  it('say what keeps a fully signed draft from going live', async () => {
    await publishGround(world, [dev]);
    const media = { sha256: 'A'.repeat(43), size: 10, mime: 'audio/ogg', durMs: 1000 } as const;
    const plan = aPlan({ items: [anItem(soundOf(media))] });
    const ran = await staff('collect', await signedFile('sound.json', plan, publishers));
    expect(ran.exit).toBe(1);
    const digest = /publish-draft (\S{43})/.exec(ran.err)?.[1] ?? '';
    const again = await staff('publish-draft', digest);
    expect(again).toMatchObject({ exit: 1 });
    expect(again.err).toContain('MEDIA_MISSING');
  });
});

describe('loa-cloud get', () => {
  it('hands the second person the very bytes that the first one signed, and replaces no file', async () => {
    await publishGround(world, [dev]);
    await staff('draft', fileOf('plan.json', aPlan()));
    const digest = /\S{43}$/.exec((await staff('drafts')).out)?.[0] ?? '';
    const out = join(mkdtempSync(join(tmpdir(), 'loa-get-')), 'draft.json');
    expect(await staff('get', digest, '--out', out)).toMatchObject({ exit: 0, err: '' });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(aPlan());
    expect((await staff('get', digest, '--out', out)).exit).toBe(2);
    const one = await signedFile('first.json', aPlan(), [publishers[0]]);
    await staff('collect', one);
    const signed = `${out}.signed`;
    expect((await staff('get', digest, '--out', signed)).exit).toBe(0);
    expect(JSON.parse(readFileSync(signed, 'utf8'))).toEqual(JSON.parse(readFileSync(one, 'utf8')));
  });

  it.each([
    [`keyring:${COMMUNE}`, 0],
    ['trust/1', 0],
    ['plan:none', 1],
    ['trust/9', 1],
  ])('%s ends with %i', async (name, exit) => {
    await publishGround(world, [dev]);
    const out = join(mkdtempSync(join(tmpdir(), 'loa-get-')), 'got.json');
    const ran = await staff('get', name, '--out', out);
    expect(ran.exit).toBe(exit);
    if (exit === 0) expect(JSON.parse(readFileSync(out, 'utf8'))).toHaveProperty('signatures');
  });
});

describe('loa-cloud media', () => {
  it('sends files and prints the hash by which plans name them', async () => {
    const file = join(folder, 'chime.ogg');
    writeFileSync(file, Buffer.concat([Buffer.from('OggS'), Buffer.alloc(100_000, 7)]));
    const ran = await staff('media', file);
    expect(ran).toMatchObject({ exit: 0, err: '' });
    const [sha256 = ''] = ran.out.split(' ');
    const served = await fetch(`${world.url}/v1/media/${sha256}`);
    expect(Buffer.from(await served.arrayBuffer()).equals(readFileSync(file))).toBe(true);
  });

  it('refuses what no box plays, and a file that is not there', async () => {
    const text = fileOf('song.mp3', 'this is no music');
    expect(await staff('media', text)).toMatchObject({ exit: 1 });
    expect(await staff('media', join(folder, 'none.ogg'))).toMatchObject({ exit: 2 });
  });
});

describe('loa-cloud fleet and records', () => {
  it('show the boxes by the names of their places, and what they lack', async () => {
    await publishGround(world, [dev]);
    const ran = await staff('fleet');
    expect(ran.out).toContain('Xã Diên Khánh');
    expect(ran.out).toContain(`keyring:${COMMUNE}`);
    const json = JSON.parse((await staff('fleet', '--json')).out) as { boxes: unknown[] };
    expect(json.boxes).toHaveLength(1);
    expect((await staff('records', '--box', dev)).exit).toBe(0);
    expect((await staff('breaks', '--json')).out).toBe('[]');
  });

  it('need no token on the machine itself; changes do', async () => {
    expect((await loaCloud('fleet', '--url', world.url)).exit).toBe(0);
    const file = await signedFile('k2.json', aKeyring(), registrars);
    const ran = await loaCloud('publish', file, '--url', world.url);
    expect(ran.exit).toBe(5);
    expect(ran.err).toContain('staff.token');
  });
});

describe('loa-cloud', () => {
  it.each([
    [['flet'], 2],
    [['records', '--limit', '0'], 2],
    [['records', '--since', 'gestern'], 2],
    [['fleet', '--url', 'http://127.0.0.1:1'], 4],
    [['fleet', '--url', 'nowhere'], 2],
    [['fleet', '--token-file', '/nowhere'], 5],
    [['fleet', '--token-file', import.meta.filename], 5],
    [['publish', '/nowhere.json'], 2],
    [['--help'], 0],
    [['publish', '--help'], 0],
  ])('%j ends with %i, with a sentence and without a stack', async (args, exit) => {
    const ran = await loaCloud(...args);
    expect(ran.exit).toBe(exit);
    expect(ran.err + ran.out).not.toBe('');
    expect(ran.err).not.toMatch(/\n\s+at /);
  });

  it('head-key makes the key once and prints it for the ceremony', async () => {
    const data = mkdtempSync(join(tmpdir(), 'loa-head-'));
    const first = await loaCloud('head-key', '--folder', data);
    expect(JSON.parse(first.out)).toMatchObject({ holder: 'Máy chủ tỉnh', jwk: { kty: 'OKP' } });
    expect(await loaCloud('head-key', '--folder', data)).toEqual(first);
  });

  it('serve runs until it is asked to stop, and says why where it cannot start', async () => {
    const data = mkdtempSync(join(tmpdir(), 'loa-serve-'));
    const head = JSON.parse((await loaCloud('head-key', '--folder', data)).out) as {
      jwk: typeof world.headJwk;
    };
    const config = {
      prov: 'vn56',
      trustFile: await signedFile('trust-1.json', aTrust(head.jwk), roots),
      folder: data,
      http: { port: 0 },
      mqtt: { port: 0 },
    };
    const served = await serveWith(fileOf('loa-cloud.json', config), 'http://');
    expect(served).toMatchObject({ exit: 0, err: '' });
    const faulty = await serveWith(fileOf('faulty.json', { ...config, prov: 'x', folde: 1 }), null);
    expect(faulty.exit).toBe(1);
    expect(faulty.err).toContain('prov');
    expect(faulty.err).toContain('folder');
    const taken = { ...config, http: { port: world.cloud.http.port } };
    const blocked = await serveWith(fileOf('taken.json', taken), null);
    expect(blocked.exit).toBe(1);
    expect(blocked.err).toContain('http.port');
  });
});

/** Starts the program itself, asks it to stop once it says `until`, and waits for its end. */
function serveWith(config: string, until: string | null): Promise<Ran> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), 'serve', '--config', config]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    const asked = until !== null && out.includes(until);
    out += chunk.toString();
    if (!asked && until !== null && out.includes(until)) child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ exit: code ?? -1, out, err });
    });
  });
}

it('a device document published by command shows its box in the fleet', async () => {
  const file = await signedFile('device.json', aDevice(dev), registrars);
  expect((await staff('publish', file)).exit).toBe(0);
  expect((await staff('fleet')).out).toContain(dev);
});
