import net from 'node:net';
import { Aedes } from 'aedes';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { statusTopic } from '../../shared/wire/topics.ts';
import type { BrokerEvents } from './broker.ts';
import { MqttBroker } from './mqtt-broker.ts';
import { reconnectWait, shorterKeepalive } from './reconnect.ts';
import { closedPort, listening, rawServer } from './servers.fixture.ts';
import type { TestServer } from './servers.fixture.ts';
import { waitsSchema } from './waits.ts';

const PROV = 'vn56';
const DEV = 'd-abcdefghijklmnop';
const waits = waitsSchema.parse({
  connectMs: 300,
  reconnectMs: 20,
  reconnectFirstMostMs: 40,
  reconnectMostMs: 200,
  keepaliveS: 60,
});
const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function aRealBroker() {
  const aedes = await Aedes.createBroker({});
  const server = await listening(
    net.createServer((socket) => {
      aedes.handle(socket);
    }),
    'mqtt',
  );
  const subscribed: string[] = [];
  aedes.on('subscribe', (subscriptions) => subscribed.push(...subscriptions.map(({ topic }) => topic)));
  const publish = (topic: string, payload: string | Buffer, retain = false): Promise<void> =>
    new Promise((resolve) => {
      aedes.publish({ cmd: 'publish', topic, payload, retain, qos: 1, dup: false }, () => {
        resolve();
      });
    });
  open.push({
    close: async () => {
      await server.close();
      await new Promise<void>((resolve) => {
        aedes.close(resolve);
      });
    },
  });
  return { aedes, server, subscribed, publish };
}

type Heard = { readonly messages: [string, string][]; subscribed: number; readonly lost: string[] };

function aBox(url: string, topics: readonly string[], more: Partial<BrokerEvents> = {}, with_ = waits) {
  const upMs = (): number => performance.now();
  const broker = new MqttBroker({ url, prov: PROV, dev: DEV, waits: with_, random: Math.random, upMs });
  open.push(broker);
  const heard: Heard = { messages: [], subscribed: 0, lost: [] };
  broker.open(topics, {
    subscribed: () => {
      heard.subscribed += 1;
    },
    message: (topic, payload) => {
      heard.messages.push([topic, Buffer.from(payload).toString()]);
      return Promise.resolve();
    },
    lost: (why) => heard.lost.push(why),
    ...more,
  });
  return { broker, heard };
}
const until = (ready: () => boolean): Promise<void> =>
  vi.waitFor(
    () => {
      if (!ready()) throw new Error('not yet');
    },
    { timeout: 5_000, interval: 10 },
  );

describe('the connection to a broker', () => {
  it('subscribes by exact topic and hears what comes there, retained or not', async () => {
    const { server, publish, subscribed } = await aRealBroker();
    await publish('loa/v1/vn56/nudge/trust', 'retained', true);
    const { broker, heard } = aBox(server.url, ['loa/v1/vn56/nudge/trust', 'loa/v1/vn56/order/56']);
    await until(() => heard.messages.length === 1);
    expect(broker.connected()).toBe(true);
    await publish('loa/v1/vn56/order/56', 'an order');
    await publish('loa/v1/vn56/order/57', 'not ours');
    await until(() => heard.messages.length === 2);
    expect(heard.messages).toEqual([
      ['loa/v1/vn56/nudge/trust', 'retained'],
      ['loa/v1/vn56/order/56', 'an order'],
    ]);
    expect(subscribed).toEqual(['loa/v1/vn56/nudge/trust', 'loa/v1/vn56/order/56']);
  });

  it('comes back by itself, and subscribes again', async () => {
    const { server, aedes, publish } = await aRealBroker();
    const { heard } = aBox(server.url, ['loa/v1/vn56/order/56']);
    await until(() => heard.subscribed === 1);
    for (const client of Object.values(
      (aedes as unknown as { clients: Record<string, { conn: net.Socket }> }).clients,
    ))
      client.conn.destroy();
    await until(() => heard.subscribed === 2);
    expect(heard.lost).toHaveLength(1);
    await publish('loa/v1/vn56/order/56', 'after');
    await until(() => heard.messages.length === 1);
  });

  it('follows other topics when the box has another area', async () => {
    const { server, publish } = await aRealBroker();
    const { broker, heard } = aBox(server.url, ['loa/v1/vn56/order/56']);
    await until(() => heard.subscribed === 1);
    broker.follow(['loa/v1/vn56/order/57']);
    await until(() => heard.subscribed === 2);
    await publish('loa/v1/vn56/order/56', 'old');
    await publish('loa/v1/vn56/order/57', 'new');
    await until(() => heard.messages.length === 1);
    expect(heard.messages).toEqual([['loa/v1/vn56/order/57', 'new']]);
  });

  it('says the newest status, retained, also when it was said before there was a line', async () => {
    const { server, aedes } = await aRealBroker();
    const said: [string, string, boolean][] = [];
    aedes.on('publish', ({ topic, payload, retain }, client) => {
      if (client !== null) said.push([topic, payload.toString(), retain]);
    });
    const { broker } = aBox(server.url, ['loa/v1/vn56/nudge/trust']);
    broker.say(Buffer.from('old'));
    expect(broker.say(Buffer.from('new'))).toBe(true);
    await until(() => said.length > 0);
    expect(said).toEqual([[statusTopic(PROV, DEV), 'new', true]]);
    expect(broker.say(Buffer.alloc(16 * 1024 + 1))).toBe(false);
  });

  it('has the broker say that it is gone when it goes, with leave or without', async () => {
    const { server, aedes } = await aRealBroker();
    const said: string[] = [];
    aedes.on('publish', ({ topic, payload }) => {
      if (topic === statusTopic(PROV, DEV)) said.push(payload.toString());
    });
    const gone = JSON.stringify({ v: 1, dev: DEV, gone: true });
    const first = aBox(server.url, ['loa/v1/vn56/nudge/trust']);
    await until(() => first.broker.connected());
    await first.broker.close();
    await until(() => said.length === 1);
    const second = aBox(server.url, ['loa/v1/vn56/nudge/trust']);
    await until(() => second.broker.connected());
    second.broker.leaveAlone(60_000);
    await until(() => said.length === 2);
    expect(said).toEqual([gone, gone]);
  });

  it('leaves a broker alone for as long as it was told', async () => {
    const { server } = await aRealBroker();
    const { broker, heard } = aBox(server.url, ['loa/v1/vn56/nudge/trust']);
    await until(() => heard.subscribed === 1);
    broker.leaveAlone(400);
    await until(() => heard.lost.length === 1);
    const left = performance.now();
    expect(broker.connected()).toBe(false);
    await until(() => heard.subscribed === 2);
    expect(performance.now() - left).toBeGreaterThan(380);
  });

  it('stays away after close, whatever was under way', async () => {
    const { server } = await aRealBroker();
    const { broker, heard } = aBox(server.url, ['loa/v1/vn56/nudge/trust']);
    await broker.close();
    const late = aBox(server.url, ['loa/v1/vn56/nudge/trust']);
    await until(() => late.heard.subscribed === 1);
    await late.broker.close();
    const before = server.connections();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.connections()).toBe(before);
    expect(heard.subscribed).toBe(0);
  });
});

describe('a broker that is no help', () => {
  const tried = async (server: TestServer): Promise<Heard> => {
    const { broker, heard } = aBox(server.url.replace('http', 'mqtt'), ['loa/v1/vn56/order/56']);
    await until(() => heard.lost.length >= 3);
    expect(broker.connected()).toBe(false);
    expect(heard).toMatchObject({ subscribed: 0, messages: [] });
    return heard;
  };
  const CONNACK = Buffer.from([0x20, 2, 0, 0]);

  it('that is not there is tried again and again', async () => {
    const { heard } = aBox(`mqtt://127.0.0.1:${await closedPort()}`, ['loa/v1/vn56/nudge/trust']);
    await until(() => heard.lost.length >= 3);
    expect(heard.lost[0]).toContain('ECONNREFUSED');
  });

  it('that never answers is hung up on', async () => {
    const server = await rawServer(() => undefined);
    open.push(server);
    expect((await tried(server)).lost[0]).toBe('connack timeout');
  });

  it('that never answers a subscription is hung up on', async () => {
    const server = await rawServer((socket) => socket.write(CONNACK));
    open.push(server);
    expect((await tried(server)).lost[0]).toBe('the broker does not answer a subscription');
  });

  it('that refuses the box, or a topic, is tried again', async () => {
    const refusing = await rawServer((socket) => socket.write(Buffer.from([0x20, 2, 0, 5])));
    open.push(refusing);
    expect((await tried(refusing)).lost[0]).toContain('Not authorized');
    const choosy = await rawServer((socket) => {
      socket.write(CONNACK);
      socket.on('data', (chunk: Buffer) => {
        if (chunk[0] === 0x82) socket.write(Buffer.from([0x90, 3, chunk[2] ?? 0, chunk[3] ?? 0, 0x80]));
      });
    });
    open.push(choosy);
    await tried(choosy);
  });

  it('that talks rubbish is hung up on', async () => {
    const server = await rawServer((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    open.push(server);
    await tried(server);
  });

  it('E06 that announces a message of 200 MB is left before it comes', async () => {
    let sent = 0;
    const server = await rawServer((socket) => {
      socket.write(CONNACK);
      socket.write(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x64]));
      const pour = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      socket.on('drain', pour);
      pour();
    });
    open.push(server);
    expect((await tried(server)).lost[0]).toBe('the broker sends a message that is too long');
    expect(sent).toBeLessThan(30_000_000);
  });

  it('that falls silent is noticed, and its successor is asked for signs of life more often', async () => {
    const keepalives: number[] = [];
    const server = await rawServer((socket) => {
      socket.on('data', (chunk: Buffer) => {
        // CONNECT: protocol name and level, flags, then the keepalive.
        if (chunk[0] === 0x10) keepalives.push(chunk.readUInt16BE(10));
        if (chunk[0] === 0x10) socket.write(CONNACK);
        if (chunk[0] === 0x82) socket.write(Buffer.from([0x90, 3, chunk[2] ?? 0, chunk[3] ?? 0, 1]));
      });
    });
    open.push(server);
    const impatient = { ...waits, keepaliveS: 2, keepaliveLeastS: 1 };
    const { heard } = aBox(server.url.replace('http', 'mqtt'), ['loa/v1/vn56/order/56'], {}, impatient);
    await until(() => keepalives.length === 2);
    expect(heard.lost).toEqual(['Keepalive timeout']);
    expect(keepalives).toEqual([2, 1]);
  });

  it('E06 that floods is read no faster than its messages are judged', async () => {
    const { server, publish } = await aRealBroker();
    let [atOnce, most, judged] = [0, 0, 0];
    const { heard } = aBox(server.url, ['loa/v1/vn56/order/56'], {
      message: async () => {
        most = Math.max(most, (atOnce += 1));
        await new Promise((resolve) => setImmediate(resolve));
        atOnce -= 1;
        judged += 1;
      },
    });
    await until(() => heard.subscribed === 1);
    for (let n = 0; n < 500; n++) await publish('loa/v1/vn56/order/56', Buffer.alloc(10_000));
    await until(() => judged === 500);
    expect(most).toBe(1);
  });
});

describe('when to try again', () => {
  const defaults = waitsSchema.parse({});

  it('is at random between 1 and 10 s at first, and at most after 120 s', () => {
    for (const random of [0, 0.5, 0.999]) {
      expect(reconnectWait(defaults, 0, () => random)).toBeGreaterThanOrEqual(1_000);
      expect(reconnectWait(defaults, 0, () => random)).toBeLessThanOrEqual(10_000);
      expect(reconnectWait(defaults, 1_000, () => random)).toBeLessThanOrEqual(120_000);
    }
  });

  it('is never the same time for all boxes, however long the broker was away', () => {
    for (const failures of [0, 1, 3, 10, 1_000]) {
      const [least, most] = [
        reconnectWait(defaults, failures, () => 0),
        reconnectWait(defaults, failures, () => 1),
      ];
      expect(most).toBeGreaterThanOrEqual(1.99 * least);
    }
  });

  it('halves the keepalive from 120 s down to 30 s', () => {
    const halved = [1, 2, 3].reduce((all, _) => [...all, shorterKeepalive(defaults, all.at(-1) ?? 0)], [120]);
    expect(halved).toEqual([120, 60, 30, 30]);
  });
});
