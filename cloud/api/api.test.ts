import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../../shared/protocol/accept.ts';
import { utf8 } from '../../shared/protocol/bytes.ts';
import { documentsAnswer, liveOrdersAnswer, placesAnswer } from '../../shared/wire/staff.ts';
import { refusal } from '../../shared/wire/carrier.ts';
import { fleetAnswer, fleetEvent } from '../../shared/wire/fleet.ts';
import { filesIn, openCloud } from '../app.ts';
import { clockOf } from '../publish/publisher.ts';
import { asBoxOf } from '../publish/live.ts';
import { loadLive } from '../publish/keep.ts';
import { openDatabase } from '../database.ts';
import {
  aDevice,
  aKeyring,
  anAlert,
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
  START_S,
} from '../province.fixture.ts';
import type { World } from '../province.fixture.ts';

const dev = 'd-abcdefghijklmnop';
let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(world.url + path, { headers });

describe('/v1/head', () => {
  const nonce = 'AAECAwQFBgcICQoLDA0ODw';

  it('answers a nonce with a head that a box accepts and takes the time from', async () => {
    await publishGround(world, [dev]);
    const answer = await get(`/v1/head?nonce=${nonce}&ids=keyring:${COMMUNE},plan:${COMMUNE}`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const bytes = utf8(await answer.text());
    const database = await openDatabase(filesIn(world.config.folder).database);
    const live = await loadLive(database, world.config.prov, world.config.trustFile);
    await database.destroy();
    const box = asBoxOf(live, aDevice(dev), false, '');
    const taken = await accept(bytes, box, clockOf(world.clock.nowMs), nonce);
    expect(taken).toMatchObject({ code: 'ACCEPTED', sync: START_S });
    expect(taken.state.docs.get('head')?.document).toMatchObject({
      ver: 1,
      nonce,
      latest: { trust: { epoch: 0, ver: 1 }, [`keyring:${COMMUNE}`]: { epoch: 1, ver: 1 } },
    });
  });

  it('names nothing that is not published', async () => {
    const head = await payloadOf(await get(`/v1/head?ids=plan:56,release:agent`));
    expect(head).toMatchObject({ nonce: null, latest: { trust: { epoch: 0, ver: 1 } } });
  });

  it('says 503 and what to do while no trust grants its key', async () => {
    const trust = aTrust(world.headJwk);
    const grants = trust.grants.filter(({ role }) => role !== 'head');
    const without = { ...trust, ver: 2, iat: trust.iat + 1, grants };
    expect((await world.post('/api/envelopes', await sealed(without, roots))).status).toBe(200);
    const answer = await get('/v1/head');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'HEAD_NOT_GRANTED' });
  });

  it.each([
    ['a nonce of another length', 'nonce=AAAA'],
    ['65 ids', `ids=${Array.from({ length: 65 }, (_, n) => `plan:${n}`).join(',')}`],
    ['an id with a slash', 'ids=plan/56'],
    ['an unknown parameter', 'x=1'],
  ])('refuses %s, naming the field', async (_what, query) => {
    const answer = await get(`/v1/head?${query}`);
    expect(answer.status).toBe(400);
    expect(refusal.parse(await answer.json()).code).toBe('BAD_REQUEST');
  });
});

describe('/v1/doc', () => {
  it('answers 304 to whoever holds it already', async () => {
    await publishGround(world, [dev]);
    const first = await get(`/v1/doc/device:${dev}`);
    const tag = first.headers.get('etag') ?? '';
    expect(first.headers.get('content-type')).toContain('application/json');
    const again = await get(`/v1/doc/device:${dev}`, { 'if-none-match': tag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  it('refuses an id that is none, and does not look below its folder', async () => {
    expect((await get('/v1/doc/..%2F..%2Fetc%2Fpasswd')).status).toBe(400);
    expect((await get('/v1/doc/plan:99')).status).toBe(404);
    expect((await get('/v1/trust/zwei')).status).toBe(400);
    expect((await get('/v1/trust/0')).status).toBe(400);
  });
});

describe('media', () => {
  const ogg = Buffer.concat([Buffer.from('OggS'), randomBytes(5000)]);
  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64url');
  const put = (sha256: string, body: Buffer, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${world.url}/api/media/${sha256}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${world.token}`, ...headers },
      body,
    });
  const kept = (): string[] =>
    readdirSync(filesIn(world.config.folder).media, { recursive: true })
      .map(String)
      .filter((name) => name !== 'incoming');

  it('is served whole, by ranges and for good, under its hash', async () => {
    const answer = await put(hash(ogg), ogg);
    expect(await answer.json()).toEqual({ sha256: hash(ogg), size: ogg.length, mime: 'audio/ogg' });
    const whole = await get(`/v1/media/${hash(ogg)}`);
    expect(Buffer.from(await whole.arrayBuffer()).equals(ogg)).toBe(true);
    expect(whole.headers.get('cache-control')).toContain('immutable');
    expect(whole.headers.get('content-type')).toBe('audio/ogg');
    const part = await get(`/v1/media/${hash(ogg)}`, { range: 'bytes=1000-1999' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 1000-1999/${ogg.length}`);
    expect(Buffer.from(await part.arrayBuffer()).equals(ogg.subarray(1000, 2000))).toBe(true);
    const rest = await get(`/v1/media/${hash(ogg)}`, { range: 'bytes=5000-' });
    expect(Buffer.from(await rest.arrayBuffer()).equals(ogg.subarray(5000))).toBe(true);
    expect((await get(`/v1/media/${hash(ogg)}`, { range: 'bytes=9999-' })).status).toBe(416);
  });

  it('of another hash than said leaves nothing behind', async () => {
    const answer = await put('A'.repeat(43), ogg);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'MEDIA_WRONG_HASH', field: 'sha256' });
    expect(kept()).toEqual([]);
  });

  it('U05 that is a playlist under the name of a recording is refused by its first bytes', async () => {
    const playlist = Buffer.from('#EXTM3U\nhttp://example.net/evil.mp3\n');
    const answer = await put(hash(playlist), playlist, { 'content-type': 'audio/mpeg' });
    expect(answer.status).toBe(415);
    expect(kept()).toEqual([]);
  });

  it('whose upload breaks off leaves nothing behind', async () => {
    const broken = request(`${world.url}/api/media/${hash(ogg)}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${world.token}`, 'content-length': ogg.length },
    });
    broken.on('error', () => undefined);
    broken.write(ogg.subarray(0, 1000));
    await new Promise((resolve) => setTimeout(resolve, 200));
    broken.destroy();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(kept()).toEqual([]);
    expect((await get(`/v1/media/${hash(ogg)}`)).status).toBe(404);
  });

  it('is found again after a restart', async () => {
    await put(hash(ogg), ogg);
    world = await world.restarted();
    expect((await get(`/v1/media/${hash(ogg)}`)).status).toBe(200);
  });
});

describe('who may ask', () => {
  const plan = { payload: {} };

  it('changes want the token, also from this machine', async () => {
    for (const [method, path] of [
      ['POST', '/api/envelopes'],
      ['POST', '/api/drafts'],
      ['POST', `/api/drafts/${'A'.repeat(43)}/signatures`],
      ['POST', `/api/drafts/${'A'.repeat(43)}/publish`],
      ['PUT', `/api/media/${'A'.repeat(43)}`],
    ] as const) {
      for (const authorization of ['', 'Bearer ', 'Bearer wrong', `Basic ${world.token}`]) {
        const headers = { authorization, 'content-type': 'application/json' };
        const answer = await fetch(world.url + path, { method, headers, body: JSON.stringify(plan) });
        expect(answer.status, `${method} ${path} with «${authorization}»`).toBe(401);
        expect(await answer.json()).toMatchObject({ code: 'TOKEN' });
      }
    }
  });

  it('looking is free on this machine, but neither through a proxy nor under another name', async () => {
    expect((await get('/api/fleet')).status).toBe(200);
    expect((await get('/api/fleet', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(401);
    expect(await statusWithHost('evil.example.net')).toBe(401);
    expect(await statusWithHost('localhost:8080')).toBe(200);
    const { server } = world.cloud;
    expect((await server.inject({ url: '/api/fleet', remoteAddress: '203.0.113.9' })).statusCode).toBe(401);
    const authorization = `Bearer ${world.token}`;
    const known = await server.inject({
      url: '/api/fleet',
      remoteAddress: '203.0.113.9',
      headers: { authorization },
    });
    expect(known.statusCode).toBe(200);
  });

  it('the secrets are made at the first start, for this user alone, and differ between clouds', async () => {
    const other = await openWorld();
    expect(other.token).not.toBe(world.token);
    for (const file of [filesIn(world.config.folder).staffToken, filesIn(world.config.folder).headKey]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    await other.close();
  });

  /** fetch sets Host by itself. */
  const statusWithHost = (host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      request(`${world.url}/api/fleet`, { headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
});

describe('bad input', () => {
  it.each([
    ['no JSON', '{', 'application/json', 400, 'BAD_JSON'],
    ['another type', 'a=b', 'application/x-www-form-urlencoded', 415, 'BAD_TYPE'],
    ['too much', JSON.stringify({ payload: 'x'.repeat(1_100_000) }), 'application/json', 413, 'TOO_BIG'],
    ['a wrong shape', '{"payload":5,"signatures":[]}', 'application/json', 400, 'BAD_REQUEST'],
    ['a prototype', '{"__proto__":{"x":1}}', 'application/json', 400, 'BAD_JSON'],
  ])('%s is answered with a code and words in both languages', async (_what, body, type, status, code) => {
    const answer = await fetch(`${world.url}/api/envelopes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.token}`, 'content-type': type },
      body,
    });
    expect(answer.status).toBe(status);
    const said = refusal.parse(await answer.json());
    expect(said.code).toBe(code);
    expect(said.text.vi).not.toBe('');
  });

  it('an unknown path says where the paths are listed', async () => {
    const answer = await get('/v1/nothing');
    expect(answer.status).toBe(404);
    expect(refusal.parse(await answer.json()).text.en).toContain('/openapi.json');
  });
});

describe('what people look at', () => {
  it('has the shape that shared/wire promises', async () => {
    await publishGround(world, [dev]);
    await world.post('/api/envelopes', await sealed(aPlan(), publishers));
    await world.post('/api/envelopes', await sealed(anAlert(), officers));
    const json = async (path: string): Promise<unknown> => (await world.get(path)).json();
    const fleet = fleetAnswer.parse(await json('/api/fleet'));
    expect(fleet.boxes[0]?.behind.toSorted()).toEqual([
      `device:${dev}`,
      `keyring:${COMMUNE}`,
      `plan:${COMMUNE}`,
      'trust',
    ]);
    const orders = liveOrdersAnswer.parse(await json('/api/orders'));
    expect(orders).toMatchObject([{ kind: 'alert', holders: ['Lê Chi', 'Phạm Dũng'], scope: [COMMUNE] }]);
    const documents = documentsAnswer.parse(await json('/api/documents'));
    expect(documents.map(({ id }) => id)).toEqual([`device:${dev}`, `keyring:${COMMUNE}`, `plan:${COMMUNE}`]);
    expect(placesAnswer.parse(await json('/api/areas'))).toMatchObject([{ name: { vi: 'Xã Diên Khánh' } }]);
  });

  it('changes live: publications, orders and drafts arrive as events', async () => {
    const events = await fetch(`${world.url}/api/events`);
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    const reader = (events.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    await world.post('/api/envelopes', await sealed(aKeyring(), registrars));
    await world.post('/api/envelopes', await sealed(anAlert(), officers));
    await world.post('/api/drafts', { payload: aPlan() });
    let text = '';
    while (!text.includes('event: draft') || !text.endsWith('\n\n'))
      text += (await reader.read()).value ?? '';
    const found = [...text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)];
    expect(found.map(([, kind]) => kind)).toEqual(['published', 'published', 'order', 'draft']);
    for (const [, kind, data] of found) expect(fleetEvent.parse(JSON.parse(data ?? '')).kind).toBe(kind);
    await reader.cancel();
  });

  it('is described by OpenAPI from the same schemas', async () => {
    const description = (await (await get('/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, unknown>;
    };
    expect(description.openapi).toMatch(/^3\./);
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining(['/v1/head', '/v1/records', '/api/drafts', '/api/fleet', '/v1/media/{sha256}']),
    );
    expect(JSON.stringify(description.paths['/v1/orders'])).toContain('"area"');
  });
});

describe('the console', () => {
  it('is served from its build folder where there is one', async () => {
    const consoleFolder = mkdtempSync(join(tmpdir(), 'loa-console-'));
    mkdirSync(join(consoleFolder, 'assets'));
    writeFileSync(join(consoleFolder, 'index.html'), '<!doctype html><title>Loa</title>');
    writeFileSync(join(consoleFolder, 'assets', 'page.js'), 'export {};');
    const folder = mkdtempSync(join(tmpdir(), 'loa-cloud-'));
    const cloud = await openCloud({ ...world.config, folder, consoleFolder }, () => world.clock.nowMs);
    const url = `http://127.0.0.1:${cloud.http.port}`;
    const page = await fetch(`${url}/`);
    expect(await page.text()).toContain('<title>Loa</title>');
    expect(page.headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
    expect((await fetch(`${url}/assets/page.js`)).headers.get('content-type')).toContain('javascript');
    expect((await fetch(`${url}/../cloud.db`)).status).toBe(404);
    expect((await fetch(`${url}/api/fleet`)).status).toBe(200);
    await cloud.close();
  });
});

async function payloadOf(answer: Response): Promise<unknown> {
  const { payload } = (await answer.json()) as { payload: string };
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
