import { afterEach, describe, expect, it } from 'vitest';
import { Http } from './http.ts';
import type { Ask, Exchange } from './http.ts';
import { closedPort, httpServer, rawServer } from './servers.fixture.ts';
import type { TestServer } from './servers.fixture.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const client = (): Http => {
  const http = new Http();
  open.push(http);
  return http;
};
const started = async (server: Promise<TestServer>): Promise<TestServer> => {
  const ready = await server;
  open.push(ready);
  return ready;
};

type Heard = { readonly exchange: Exchange; readonly body: string; readonly tookMs: number };

async function get(url: string, asked: Partial<Ask> = {}, maxBytes = 1000): Promise<Heard> {
  let body = '';
  const begun = performance.now();
  const ask: Ask = {
    method: 'GET',
    url: new URL('/v1/doc/plan:56', url),
    headers: {},
    body: null,
    connectMs: 300,
    idleMs: 200,
    totalMs: 1_000,
    signal: new AbortController().signal,
    ...asked,
  };
  const exchange = await client().ask(ask, () => ({
    maxBytes,
    write: (chunk) => {
      body += Buffer.from(chunk).toString();
    },
  }));
  return { exchange, body, tookMs: performance.now() - begun };
}

const head = (length: number): string => `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`;
const why = ({ exchange }: Heard): string => (exchange.kind === 'failed' ? exchange.why : exchange.kind);

describe('an HTTP exchange', () => {
  it('brings status, headers and body', async () => {
    const server = await started(
      httpServer((_, response) => response.writeHead(404, { 'retry-after': '7' }).end('xin chào')),
    );
    const heard = await get(server.url);
    expect(heard.body).toBe('xin chào');
    if (heard.exchange.kind !== 'answered') throw new Error(why(heard));
    expect(heard.exchange.reply.status).toBe(404);
    expect(heard.exchange.reply.header('retry-after')).toBe('7');
    expect(heard.exchange.reply.header('x-none')).toBeNull();
  });

  it('ends with words when nobody listens', async () => {
    const heard = await get(`http://127.0.0.1:${await closedPort()}`);
    expect(heard.exchange).toMatchObject({ kind: 'failed', code: 'ECONNREFUSED' });
  });

  it('ends when the connection is never made, here a TLS handshake without an answer', async () => {
    const server = await started(rawServer(() => undefined));
    expect(why(await get(server.url.replace('http:', 'https:')))).toBe('no connection within 300 ms');
  });

  it('F05 ends when a server accepts and then says nothing', async () => {
    const server = await started(rawServer(() => undefined));
    const heard = await get(server.url);
    expect(why(heard)).toBe('no byte for 200 ms');
    expect(heard.tookMs).toBeLessThan(900);
  });

  it('F05 ends when the body stops coming', async () => {
    const server = await started(rawServer((socket) => socket.write(`${head(10)}abc`)));
    expect(why(await get(server.url))).toBe('no byte for 200 ms');
  });

  it('F05 ends a slow drip when the whole took too long, though a byte comes now and then', async () => {
    const server = await started(
      rawServer((socket) => {
        socket.write(head(500));
        const drip = setInterval(() => socket.write('x'), 50);
        socket.on('close', () => {
          clearInterval(drip);
        });
      }),
    );
    const heard = await get(server.url);
    expect(why(heard)).toBe('not done after 1000 ms');
    expect(heard.tookMs).toBeLessThan(2_000);
  });

  it('F05 ends a drip of headers', async () => {
    const server = await started(
      rawServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const drip = setInterval(() => socket.write('x: y\r\n'), 50);
        socket.on('close', () => {
          clearInterval(drip);
        });
      }),
    );
    expect(why(await get(server.url))).toBe('no byte for 200 ms');
  });

  it('F05 refuses a body that is announced too long before reading it', async () => {
    const server = await started(rawServer((socket) => socket.write(`${head(5_000)}${'x'.repeat(5_000)}`)));
    const heard = await get(server.url);
    expect(why(heard)).toBe('5000 bytes announced, 1000 allowed');
    expect(heard.body).toBe('');
  });

  it('F05 cuts an endless body at its limit', async () => {
    const server = await started(
      httpServer((_, response) => {
        const pour = setInterval(() => response.write('x'.repeat(400)), 1);
        response.on('close', () => {
          clearInterval(pour);
        });
      }),
    );
    const heard = await get(server.url);
    expect(why(heard)).toBe('more than 1000 bytes');
    expect(heard.body.length).toBeLessThanOrEqual(1000);
  });

  it('says that a body was cut short', async () => {
    const server = await started(rawServer((socket) => socket.end(`${head(10)}abc`)));
    expect(why(await get(server.url))).toBe('aborted');
  });

  it('does not follow a redirect: it is an answer like others', async () => {
    let asked = 0;
    const server = await started(
      httpServer((_, response) => {
        asked += 1;
        response.writeHead(302, { location: '/elsewhere' }).end();
      }),
    );
    const { exchange } = await get(server.url);
    expect(exchange).toMatchObject({ kind: 'answered', reply: { status: 302 } });
    expect(asked).toBe(1);
  });

  it('ends in words at an answer that is no HTTP', async () => {
    const server = await started(rawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
    expect((await get(server.url)).exchange).toMatchObject({ kind: 'failed' });
  });

  it('ends when the box gives up', async () => {
    const server = await started(rawServer(() => undefined));
    const heard = await get(server.url, { signal: AbortSignal.timeout(50), idleMs: 5_000, totalMs: 5_000 });
    expect(why(heard)).toBe('given up by the box');
    expect(heard.tookMs).toBeLessThan(1_000);
  });

  it('keeps one connection for requests that follow each other, and survives its end', async () => {
    const server = await started(httpServer((_, response) => response.end('ok')));
    const http = client();
    const ask = (): Promise<Exchange> =>
      http.ask(
        {
          method: 'GET',
          url: new URL(server.url),
          headers: {},
          body: null,
          connectMs: 500,
          idleMs: 500,
          totalMs: 1_000,
          signal: new AbortController().signal,
        },
        () => ({ maxBytes: 10, write: () => undefined }),
      );
    for (let times = 0; times < 5; times++) expect((await ask()).kind).toBe('answered');
    expect(server.connections()).toBe(1);
  });

  it('asks again at once when the server had closed the kept connection', async () => {
    const server = await started(
      rawServer((socket) => {
        let requests = 0;
        socket.on('data', () => {
          requests += 1;
          // The second request on a connection meets a server that just closed it.
          if (requests === 2) socket.resetAndDestroy();
          else socket.write(`${head(2)}ok`);
        });
      }),
    );
    const http = client();
    for (let times = 0; times < 3; times++) {
      const asked = await http.ask(
        {
          method: 'GET',
          url: new URL(server.url),
          headers: {},
          body: null,
          connectMs: 500,
          idleMs: 500,
          totalMs: 1_000,
          signal: new AbortController().signal,
        },
        () => ({ maxBytes: 10, write: () => undefined }),
      );
      expect(asked.kind).toBe('answered');
    }
    expect(server.connections()).toBe(3);
  });
});
