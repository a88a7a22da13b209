import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { Aedes } from 'aedes';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nudgeTopic, orderTopic } from '../../shared/wire/topics.ts';
import {
  AREA,
  NOW_S,
  PROV,
  TestBox,
  aDevice,
  aPlan,
  aTrust,
  anAlert,
  anItem,
  envelopeOf,
  someSound,
  storedOf,
} from './box.fixture.ts';
import { TestCloud } from './cloud.fixture.ts';
import { HttpCloud } from './http-cloud.ts';
import { SyncLoop } from './loop.ts';
import type { LoopDeps } from './loop.ts';
import { MqttBroker } from './mqtt-broker.ts';
import { closedPort, listening, rawServer } from './servers.fixture.ts';
import { waitsSchema } from './waits.ts';
import type { Waits } from './waits.ts';

const quick = waitsSchema.parse({
  connectMs: 300,
  idleMs: 300,
  exchangeMs: 2_000,
  documentsMs: 60_000,
  ordersMs: 60_000,
  ordersJitterMs: 0,
  nudgeJitterMs: 50,
  leastGapMs: 10,
  retryMs: 50,
  retryMostMs: 200,
  refusedMs: 100,
  reconnectMs: 20,
  reconnectFirstMostMs: 50,
  reconnectMostMs: 100,
  floodedMs: 300,
  floodedMostMs: 400,
});
const open: { close?(): Promise<void> | void; remove?(): void; stop?(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) {
    await each.stop?.();
    await each.close?.();
    each.remove?.();
  }
});

async function aBox(): Promise<TestBox> {
  const box = new TestBox();
  open.push(box);
  await box.shelf.open();
  return box;
}
async function aCloud(): Promise<TestCloud> {
  const cloud = await new TestCloud().open();
  open.push(cloud);
  return cloud;
}
async function aBroker() {
  const aedes = await Aedes.createBroker({});
  const server = await listening(
    net.createServer((socket) => {
      aedes.handle(socket);
    }),
    'mqtt',
  );
  open.push({
    close: async () => {
      await server.close();
      await new Promise<void>((resolve) => {
        aedes.close(resolve);
      });
    },
  });
  const publish = (topic: string, payload: Uint8Array | string, retain = false): Promise<void> =>
    new Promise((resolve) => {
      const packet = {
        cmd: 'publish',
        topic,
        payload: Buffer.from(payload),
        retain,
        qos: 1,
        dup: false,
      } as const;
      aedes.publish(packet, () => {
        resolve();
      });
    });
  return { aedes, server, publish, url: server.url };
}

function run(
  box: TestBox,
  cloudUrl: string,
  brokerUrl: string | null,
  waits: Waits = quick,
  more: Partial<LoopDeps> = {},
) {
  const upMs = (): number => performance.now();
  const cloud = new HttpCloud({ baseUrl: cloudUrl, plainUrl: null, waits, upMs });
  const line = { prov: PROV, dev: box.dev, waits, random: Math.random, upMs };
  const broker = brokerUrl === null ? null : new MqttBroker({ url: brokerUrl, ...line });
  const loop = new SyncLoop({ ...box.deps(cloud, waits), broker, random: Math.random, ...more });
  open.push(loop);
  loop.start();
  return loop;
}
const until = (ready: () => boolean): Promise<void> =>
  vi.waitFor(
    () => {
      if (!ready()) throw new Error('not yet');
    },
    { timeout: 30_000, interval: 10 },
  );
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const nudgeOf = (document: ReturnType<typeof aPlan>): string => {
  const { digest, bytes } = storedOf(document);
  const { id, epoch, ver } = document;
  return JSON.stringify({ id, epoch, ver, digest, size: bytes.length });
};
const handed = ({ handed: all }: TestBox): string[] => all.map(({ id }) => id);
const times = (cloud: TestCloud, path: string): number => cloud.asked.filter((each) => each === path).length;

describe('the sync loop', () => {
  it('takes a fresh box from its first head to an order by push and the media of that order', async () => {
    const [box, cloud, broker] = [await aBox(), await aCloud(), await aBroker()];
    cloud.publish(aTrust(2), aDevice(box.dev), aPlan(AREA, []));
    const loop = run(box, cloud.url, broker.url);
    await until(() => box.state().docs.has(`plan:${AREA}`) && loop.link().brokerConnected);
    // What came of a turn is told when it has ended.
    await until(() => loop.lastReport() !== null);
    expect(loop.link()).toEqual({
      brokerConnected: true,
      lastContactAtMs: NOW_S * 1000,
      lastHeadAtMs: NOW_S * 1000,
      lastError: null,
    });
    await pause(100);
    const siren = cloud.offer(someSound(20_000));
    const order = anAlert({ play: siren });
    await broker.publish(orderTopic(PROV, '56'), envelopeOf(order));
    await until(() => box.shelf.has(siren.sha256));
    expect(box.handed.at(-1)).toMatchObject({ channel: 'mqtt', id: order.id });
  });

  it('fetches what a nudge speaks of, once, and nothing at a nudge about what it holds', async () => {
    const [box, cloud, broker] = [await aBox(), await aCloud(), await aBroker()];
    const plan = aPlan(AREA, []);
    cloud.publish(aDevice(box.dev), plan);
    box.hold(aDevice(box.dev));
    await broker.publish(nudgeTopic(PROV, plan.id), nudgeOf(plan), true);
    const loop = run(box, cloud.url, broker.url);
    await until(() => box.state().docs.has(plan.id) && loop.link().brokerConnected);
    await pause(150);
    const heads = times(cloud, 'head');
    await broker.publish(nudgeTopic(PROV, plan.id), nudgeOf(plan), true);
    await pause(150);
    expect(times(cloud, 'head')).toBe(heads);
    const next = aPlan(AREA, [], { ver: 2 });
    cloud.publish(next);
    await broker.publish(nudgeTopic(PROV, plan.id), nudgeOf(next), true);
    await until(() => box.state().docs.get(plan.id)?.document.ver === 2);
    expect(handed(box).filter((id) => id === plan.id)).toHaveLength(2);
  });

  it('asks for orders after each connection, and regularly only while there is none', async () => {
    const [box, cloud, broker] = [await aBox(), await aCloud(), await aBroker()];
    box.hold(aDevice(box.dev));
    const loop = run(box, cloud.url, broker.url, { ...quick, ordersMs: 80 });
    await until(() => loop.link().brokerConnected);
    await pause(200);
    const connected = times(cloud, 'orders');
    await pause(400);
    expect(times(cloud, 'orders')).toBe(connected);
    const order = anAlert();
    cloud.publish(order);
    await broker.server.close();
    await until(() => times(cloud, 'orders') >= connected + 3);
    expect(handed(box)).toContain(order.id);
    expect(loop.link().lastError).toContain('broker: ');
  });

  it('comes to life by itself when a cloud and a broker that were dead come back', async () => {
    const box = await aBox();
    const port = await closedPort();
    const loop = run(box, `http://127.0.0.1:${port}`, `mqtt://127.0.0.1:${await closedPort()}`);
    await until(() => loop.link().lastError?.includes('ECONNREFUSED') ?? false);
    const cloud = await aCloud();
    cloud.publish(aDevice(box.dev));
    const relay = net.createServer((socket) => {
      const through = net.connect(Number(new URL(cloud.url).port), '127.0.0.1');
      socket.on('error', () => through.destroy()).pipe(through);
      through.on('error', () => socket.destroy()).pipe(socket);
    });
    await new Promise<void>((resolve) => relay.listen(port, '127.0.0.1', resolve));
    open.push({
      close: () => {
        relay.close();
      },
    });
    await until(() => box.state().docs.has(`device:${box.dev}`));
  });

  it.each([
    [
      'answers 500',
      (cloud: TestCloud) => (cloud.instead = (_p, _q, response) => !!response.writeHead(500).end()),
    ],
    [
      'answers garbage',
      (cloud: TestCloud) => (cloud.instead = (_p, _q, response) => !!response.end('\0{[<')),
    ],
    ['never answers', (cloud: TestCloud) => (cloud.instead = () => true)],
  ])('goes on trying a cloud that %s, and takes orders by push meanwhile', async (_, spoil) => {
    const [box, cloud, broker] = [await aBox(), await aCloud(), await aBroker()];
    box.hold(aDevice(box.dev));
    spoil(cloud);
    const loop = run(box, cloud.url, broker.url);
    await until(() => loop.link().brokerConnected && loop.link().lastError !== null);
    const order = anAlert();
    await broker.publish(orderTopic(PROV, AREA), envelopeOf(order));
    await until(() => handed(box).includes(order.id));
    const asked = cloud.asked.length;
    await until(() => cloud.asked.length > asked + 2);
    cloud.instead = () => false;
    cloud.publish(aPlan(AREA, []));
    await until(() => box.state().docs.has(`plan:${AREA}`));
    // The turn that brought it may have met the end of the trouble; the next one meets none.
    loop.now();
    await until(() => loop.link().lastError === null);
  });

  it('counts as cut off since nothing it asked had an answer, and not while a broker or a refusal answers', async () => {
    const [box, cloud, broker] = [await aBox(), await aCloud(), await aBroker()];
    const dead = `http://127.0.0.1:${await closedPort()}`;
    const before = performance.now();
    const alone = run(box, dead, null);
    expect(alone.unreachedSinceUpMs()).toBeNull();
    await until(() => alone.unreachedSinceUpMs() !== null);
    const since = alone.unreachedSinceUpMs();
    expect(since).toBeGreaterThan(before);
    await until(() => (alone.lastReport()?.asked ?? 0) > 0 && performance.now() > before + 500);
    expect(alone.unreachedSinceUpMs()).toBe(since);
    const pushed = run(await aBox(), dead, broker.url);
    await until(() => pushed.link().brokerConnected && pushed.lastReport() !== null);
    expect(pushed.unreachedSinceUpMs()).toBeNull();
    cloud.instead = (_p, _q, response) => !!response.writeHead(403).end();
    const refused = run(await aBox(), cloud.url, null);
    await until(() => refused.lastReport() !== null);
    expect(refused.unreachedSinceUpMs()).toBeNull();
  });

  it('never runs two turns at once, however much it is woken', async () => {
    const [box, cloud, broker] = [await aBox(), await aCloud(), await aBroker()];
    cloud.publish(aDevice(box.dev));
    cloud.lateMs = 5;
    let [atOnce, most] = [0, 0];
    const admit: LoopDeps['admit'] = async (bytes, channel) => {
      if (channel === 'http') most = Math.max(most, (atOnce += 1));
      await pause(3);
      if (channel === 'http') atOnce -= 1;
      return await box.admit(bytes, channel);
    };
    const loop = run(box, cloud.url, broker.url, { ...quick, ordersMs: 1, nudgeJitterMs: 1 }, { admit });
    for (let n = 0; n < 60; n++) {
      loop.now();
      await broker.publish(nudgeTopic(PROV, 'trust'), JSON.stringify({ id: 'trust', ver: n + 2 }));
      await pause(5);
    }
    expect(most).toBe(1);
    expect(times(cloud, 'head')).toBeGreaterThan(3);
  });

  it('lets a download wait when there is something more urgent', async () => {
    const [box, cloud] = [await aBox(), await aCloud()];
    const film = cloud.offer(someSound(500_000));
    box.hold(aDevice(box.dev), aPlan(AREA, [anItem('film', [film])]));
    let slow = 0;
    cloud.instead = (path, request, response) => {
      if (!path.startsWith('/v1/media/') || request.headers.range !== undefined) return false;
      slow += 1;
      response.writeHead(200, { 'content-length': film.size });
      response.write(Buffer.alloc(200_000));
      return true;
    };
    const patient = { ...quick, idleMs: 20_000, ordersMs: 150 };
    run(box, cloud.url, null, patient);
    await until(() => slow > 0);
    const order = anAlert();
    cloud.publish(order);
    await until(() => handed(box).includes(order.id));
  });

  it('goes on when the disk fails under it, and says so', async () => {
    const [box, cloud] = [await aBox(), await aCloud()];
    cloud.publish(aDevice(box.dev));
    let broken = true;
    const admit: LoopDeps['admit'] = (bytes, channel) => {
      if (broken) throw new Error('disk I/O error');
      return box.admit(bytes, channel);
    };
    const loop = run(box, cloud.url, null, quick, { admit });
    await until(() => loop.link().lastError === 'sync: disk I/O error');
    broken = false;
    await until(() => box.state().docs.has(`device:${box.dev}`));
  });

  it('stops at once, whatever it waits for', async () => {
    const box = await aBox();
    const dead = await rawServer(() => undefined);
    open.push(dead);
    const loop = run(box, dead.url, dead.url.replace('http', 'mqtt'), {
      ...quick,
      idleMs: 30_000,
      connectMs: 30_000,
    });
    await pause(100);
    const begun = performance.now();
    await loop.stop();
    expect(performance.now() - begun).toBeLessThan(1_500);
    const connections = dead.connections();
    await pause(200);
    expect(dead.connections()).toBe(connections);
  });
});

describe('an evil broker', () => {
  it('E06 gets 10,000 messages to nothing but admit, and to that only orders of a bounded size', async () => {
    const [box, cloud, broker] = [await aBox(), await aCloud(), await aBroker()];
    cloud.publish(aDevice(box.dev), aPlan(AREA, []));
    box.hold(aDevice(box.dev), aPlan(AREA, []));
    const real = anAlert();
    box.answers.set(real.id, 'REPLAY');
    const loop = run(box, cloud.url, broker.url);
    await until(() => loop.link().brokerConnected);
    await pause(150);
    const before = box.state();
    const asked = cloud.asked.length;
    const [ours, plan] = [orderTopic(PROV, AREA), nudgeTopic(PROV, `plan:${AREA}`)];
    const crafted: readonly (readonly [string, () => Uint8Array | string])[] = [
      [ours, () => randomBytes(1_000)],
      [ours, () => '{"payload":"","signatures":[]}x'],
      [ours, () => envelopeOf(real)],
      [ours, () => Buffer.alloc(16_000, '{')],
      [plan, () => randomBytes(200)],
      [plan, () => JSON.stringify({ id: 'plan:57', epoch: 9, ver: 9, digest: 'A'.repeat(43), size: 9 })],
      [plan, () => nudgeOf(aPlan(AREA, []))],
      [plan, () => 'null'],
      [nudgeTopic(PROV, 'trust'), () => '{"id":"__proto__"}'],
      [orderTopic(PROV, '57'), () => envelopeOf(real)],
    ];
    const hear = box.handed.length;
    for (let n = 0; n < 1_000; n++)
      for (const [topic, payload] of crafted) await broker.publish(topic, payload(), n % 7 === 0);
    await until(() => box.handed.length >= hear + 4_000);
    await pause(200);
    expect(box.state()).toBe(before);
    expect(
      box.handed.slice(hear).every(({ channel, bytes }) => channel === 'mqtt' && bytes.length <= 16_384),
    ).toBe(true);
    expect(box.handed.length - hear).toBe(4_000);
    expect(cloud.asked.length).toBe(asked);
    expect(loop.link().brokerConnected).toBe(true);
  }, 120_000);

  it('E06 whose flood admit turns away is left alone, and orders come over HTTP meanwhile', async () => {
    const [box, cloud, broker] = [await aBox(), await aCloud(), await aBroker()];
    box.hold(aDevice(box.dev));
    const flood = anAlert();
    box.answers.set(flood.id, 'BACKOFF');
    const loop = run(box, cloud.url, broker.url, { ...quick, ordersMs: 50 });
    await until(() => loop.link().brokerConnected);
    await pause(150);
    const order = anAlert();
    cloud.publish(order);
    const left = performance.now();
    await broker.publish(orderTopic(PROV, AREA), envelopeOf(flood));
    await until(() => !loop.link().brokerConnected);
    expect(loop.link().lastError).toContain('floods');
    await until(() => handed(box).includes(order.id));
    expect(loop.link().brokerConnected).toBe(false);
    await until(() => loop.link().brokerConnected);
    expect(performance.now() - left).toBeGreaterThan(290);
  });

  it('whose orders want newer trust makes the box fetch it at once, but not for every message', async () => {
    const [box, cloud, broker] = [await aBox(), await aCloud(), await aBroker()];
    box.hold(aDevice(box.dev));
    const order = anAlert();
    box.answers.set(order.id, 'NEED_NEWER_TRUST');
    const loop = run(box, cloud.url, broker.url, { ...quick, nudgeJitterMs: 3_600_000 });
    await until(() => loop.link().brokerConnected);
    await pause(150);
    const heads = times(cloud, 'head');
    for (let n = 0; n < 50; n++) await broker.publish(orderTopic(PROV, AREA), envelopeOf(order));
    await until(() => times(cloud, 'head') === heads + 1);
    await pause(200);
    expect(times(cloud, 'head')).toBe(heads + 1);
  });
});
