import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpCloud } from './http-cloud.ts';
import { listening } from './servers.fixture.ts';
import type { TestServer } from './servers.fixture.ts';
import { certificate } from './tls.fixture.ts';
import { waitsSchema } from './waits.ts';

const DAY_MS = 86_400_000;
const waits = waitsSchema.parse({ connectMs: 500, idleMs: 500, retryMs: 40, retryAfterMostMs: 2_000 });
const open: { close(): Promise<void> | void }[] = [];
const before = tls.getCACertificates('default');
afterEach(async () => {
  tls.setDefaultCACertificates(before);
  for (const each of open.splice(0)) await each.close();
});

type Asked = { readonly method: string; readonly path: string; readonly headers: http.IncomingHttpHeaders };

async function aServer(
  options: https.ServerOptions | null,
  answer: (response: http.ServerResponse) => void = (response) => void response.end('{}'),
): Promise<TestServer & { readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const listener: http.RequestListener = ({ method = '', url = '', headers }, response) => {
    asked.push({ method, path: url, headers });
    answer(response);
  };
  const server = options === null ? http.createServer(listener) : https.createServer(options, listener);
  const ready = await listening(server, options === null ? 'http' : 'https');
  open.push(ready);
  return { ...ready, asked };
}

function client(baseUrl: string, plainUrl: string | null = null, upMs = () => performance.now()): HttpCloud {
  const cloud = new HttpCloud({ baseUrl, plainUrl, waits, upMs });
  open.push(cloud);
  return cloud;
}

describe('the cloud over HTTP', () => {
  it('is asked by the paths of protocol §8, and for nothing inflated', async () => {
    const server = await aServer(null);
    const cloud = client(server.url);
    await cloud.trust(3);
    await cloud.doc('plan:56.22366', 'D'.repeat(43));
    await cloud.orders('56.22366');
    await cloud.head('N'.repeat(22), ['device:d-abcdefghijklmnop', 'plan:56']);
    await cloud.records(Buffer.from('{}'));
    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/trust/3',
      'GET /v1/doc/plan:56.22366',
      'GET /v1/orders?area=56.22366',
      `GET /v1/head?nonce=${'N'.repeat(22)}&ids=device:d-abcdefghijklmnop,plan:56`,
      'POST /v1/records',
    ]);
    expect(server.asked[1]?.headers['if-none-match']).toBe(`"${'D'.repeat(43)}"`);
    expect(server.asked.every(({ headers }) => headers['accept-encoding'] === 'identity')).toBe(true);
  });

  it('says 404 and 410 as absent, 304 as unchanged, and what else it says as a refusal', async () => {
    const kinds = [];
    for (const status of [200, 404, 410, 304, 302, 400, 403, 500]) {
      const server = await aServer(null, (response) => response.writeHead(status).end());
      kinds.push((await client(server.url).trust(2)).kind);
    }
    expect(kinds).toEqual([
      ...['got', 'absent', 'absent', 'unchanged', 'refused', 'refused', 'refused', 'refused'],
    ]);
  });

  it.each([
    ['in seconds', '1', 1_000],
    ['beyond all measure', '999999999', 2_000],
    ['as a date, which would want a clock', 'Wed, 21 Oct 2099 07:28:00 GMT', 40],
    ['in rubbish', '-5', 40],
    ['not at all', null, 40],
  ])('honours 503 with Retry-After %s', async (_, after, waitMs) => {
    let nowMs = 1_000_000;
    const server = await aServer(null, (response) =>
      response.writeHead(503, after === null ? {} : { 'retry-after': after }).end(),
    );
    const cloud = client(server.url, null, () => nowMs);
    expect(await cloud.trust(2)).toEqual({ kind: 'later', afterMs: waitMs });
    nowMs += waitMs - 1;
    expect(await cloud.trust(2)).toEqual({ kind: 'later', afterMs: 1 });
    expect(server.asked).toHaveLength(1);
    nowMs += 1;
    await cloud.trust(2);
    expect(server.asked).toHaveLength(2);
  });
});

describe('TLS', () => {
  const nowMs = Date.now();

  it('is used where its certificate is good', async () => {
    const pair = certificate(nowMs - DAY_MS, nowMs + DAY_MS);
    tls.setDefaultCACertificates([pair.cert]);
    const [secure, plain] = [await aServer(pair), await aServer(null)];
    expect((await client(secure.url, plain.url).trust(2)).kind).toBe('got');
    expect([secure.asked.length, plain.asked.length]).toEqual([1, 0]);
  });

  it.each([
    ['C10 not yet valid to a box that was off for months', nowMs + 200 * DAY_MS, nowMs + 400 * DAY_MS],
    ['past', nowMs - 400 * DAY_MS, nowMs - DAY_MS],
  ])(
    'with a certificate %s gives way to plain HTTP for what proves itself, and for that alone',
    async (_, from, to) => {
      const pair = certificate(from, to);
      tls.setDefaultCACertificates([pair.cert]);
      const [secure, plain] = [await aServer(pair), await aServer(null)];
      const cloud = client(secure.url, plain.url);
      expect((await cloud.head('N'.repeat(22), [])).kind).toBe('got');
      expect((await cloud.orders('56')).kind).toBe('got');
      expect(await cloud.records(Buffer.from('{}'))).toMatchObject({ kind: 'failed' });
      expect(plain.asked.map(({ method }) => method)).toEqual(['GET', 'GET']);
      expect(secure.asked).toEqual([]);
      expect(await client(secure.url).trust(2)).toMatchObject({ kind: 'failed' });
    },
  );

  it('with a certificate of somebody else does not give way', async () => {
    const pair = certificate(nowMs - DAY_MS, nowMs + DAY_MS);
    const [secure, plain] = [await aServer(pair), await aServer(null)];
    expect(await client(secure.url, plain.url).trust(2)).toMatchObject({ kind: 'failed' });
    expect(plain.asked).toEqual([]);
  });
});
