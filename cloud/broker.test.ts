import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boxSubscriptions, nudgeTopic, orderTopic, statusTopic } from '../shared/wire/topics.ts';
import { fleetAnswer } from '../shared/wire/fleet.ts';
import type { BoxStatus } from '../shared/wire/status.ts';
import { mayRead, mayWrite } from './broker.ts';
import {
  aDevice,
  anAlert,
  aPlan,
  COMMUNE,
  officers,
  openWorld,
  PROV,
  publishers,
  publishGround,
  registrars,
  sealed,
} from './province.fixture.ts';
import type { World } from './province.fixture.ts';

const dev = 'd-abcdefghijklmnop';
const other = 'd-bbbbbbbbbbbbbbbb';

let world: World;
let clients: MqttClient[];
beforeEach(async () => {
  world = await openWorld();
  await publishGround(world, [dev, other]);
  clients = [];
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.endAsync(true)));
  await world.close();
});

async function connect(clientId: string, more: object = {}): Promise<MqttClient> {
  const options = { clientId, protocolVersion: 4, reconnectPeriod: 0, ...more } as const;
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${world.cloud.mqtt.port}`, options, false);
  clients.push(client);
  return client;
}

type Message = { topic: string; text: string; retain: boolean };

function collect(client: MqttClient): Message[] {
  const messages: Message[] = [];
  client.on('message', (topic, payload, { retain }) =>
    messages.push({ topic, text: payload.toString(), retain }),
  );
  return messages;
}

async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (let turn = 0; turn < 200; turn++) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('waited in vain');
}

const status = (of: string, more: Partial<BoxStatus> = {}): BoxStatus => {
  const layer = {
    ...{ winner: null, title: null, active: false, over: false, rule: 'none', untilAtMs: null },
    why: { vi: 'Không có chương trình', en: 'No programme' },
  };
  return {
    v: 1,
    dev: of,
    area: COMMUNE,
    agentVersion: '0.1.0',
    bootId: 'b',
    atMs: world.clock.nowMs,
    upMs: 1,
    clock: { state: 'SYNCED', u: 2 },
    held: {},
    stale: [],
    rejects: {},
    now: { sound: layer, screen: layer, ticker: layer },
    next: [],
    conditions: [],
    amplifierOn: null,
    media: { wanted: 0, missing: 0, usedBytes: 0 },
    unsentRecords: 0,
    link: { brokerConnected: true, lastContactAtMs: null, lastHeadAtMs: null, lastError: null },
    ...more,
  };
};

async function boxInFleet(of: string) {
  const fleet = fleetAnswer.parse(await (await world.get('/api/fleet')).json());
  return fleet.boxes.find((each) => each.dev === of);
}

describe('the broker', () => {
  it('lets in only boxes that the registrar has admitted', async () => {
    await expect(connect('d-zzzzzzzzzzzzzzzz')).rejects.toThrow(/[Nn]ot authorized/);
    await expect(connect('anybody')).rejects.toThrow(/[Nn]ot authorized/);
    expect((await connect(dev)).connected).toBe(true);
  });

  it('lets a revoked box go at once, and not back in', async () => {
    const client = await connect(dev);
    const closed = new Promise((resolve) =>
      client.once('close', () => {
        resolve(true);
      }),
    );
    const revoked = aDevice(dev, { ver: 2, state: 'revoked' });
    await world.post('/api/envelopes', await sealed(revoked, registrars));
    expect(await closed).toBe(true);
    await expect(connect(dev)).rejects.toThrow(/[Nn]ot authorized/);
  });

  it('grants a box everything that it subscribes to by protocol', async () => {
    const client = await connect(dev);
    const granted = await client.subscribeAsync([...boxSubscriptions(PROV, dev, COMMUNE)], { qos: 1 });
    expect(granted.map(({ qos }) => qos)).toEqual(granted.map(() => 1));
  });

  it('E03 refuses a box that publishes to an order topic: nobody hears it, and it is thrown out', async () => {
    const [thief, victim] = [await connect(dev), await connect(other)];
    const heard = collect(victim);
    await victim.subscribeAsync(orderTopic(PROV, '56'), { qos: 1 });
    const closed = new Promise((resolve) =>
      thief.once('close', () => {
        resolve(true);
      }),
    );
    thief.publish(orderTopic(PROV, '56'), JSON.stringify(await sealed(anAlert(), officers)), { qos: 1 });
    expect(await closed).toBe(true);
    await world.post('/api/envelopes', await sealed(anAlert({ scope: ['56'] }), officers));
    // The real one comes through, so the forged one would have been heard before it.
    await until(() => heard.length > 0);
    expect(heard).toHaveLength(1);
  });

  it('E03 refuses a box that reads another’s down, another’s up, or anything by wildcard', async () => {
    const client = await connect(dev);
    for (const topic of [
      `loa/v1/${PROV}/box/${other}/down/request`,
      statusTopic(PROV, other),
      statusTopic(PROV, dev),
      `loa/v1/${PROV}/box/+/down/request`,
      `loa/v1/${PROV}/#`,
      '#',
      '$SYS/#',
      orderTopic('vn79', '79'),
    ]) {
      await expect(client.subscribeAsync(topic, { qos: 1 }), topic).rejects.toThrow();
    }
  });

  it('E03 refuses a box that speaks in another’s name, also by its last will', async () => {
    const will = { topic: statusTopic(PROV, other), payload: JSON.stringify(status(other)), qos: 1 } as const;
    const client = await connect(dev, { will });
    client.stream.destroy();
    await until(async () => (await boxInFleet(dev))?.link.state === 'silent');
    expect((await boxInFleet(other))?.status).toBeNull();
  });

  it('E04 knows no topic with a wildcard in a box’s name or path', () => {
    expect(mayWrite(PROV, '+', `loa/v1/${PROV}/box/+/up/status`)).toBe(false);
    expect(mayWrite(PROV, dev, `loa/v1/${PROV}/box/${dev}/up/#`)).toBe(false);
    expect(mayWrite(PROV, dev, `loa/v1/${PROV}/box/${dev}/down/request`)).toBe(false);
    expect(mayWrite(PROV, dev, `loa/v1/${PROV}/box/${dev}/upstairs/x`)).toBe(false);
    expect(mayRead(PROV, dev, `loa/v1/${PROV}/order/+`)).toBe(false);
    expect(mayRead(PROV, dev, `loa/v1/${PROV}/order/56/22366`)).toBe(true);
  });

  it('E03 keeps nothing of a box but its status: retained messages on topics of its choice would fill the memory', async () => {
    const client = await connect(dev);
    const closed = new Promise((resolve) =>
      client.once('close', () => {
        resolve(true);
      }),
    );
    client.publish(`loa/v1/${PROV}/box/${dev}/up/x/1`, 'x', { qos: 1, retain: true });
    expect(await closed).toBe(true);
  });

  it('refuses a message longer than the protocol allows', async () => {
    const client = await connect(dev);
    const closed = new Promise((resolve) =>
      client.once('close', () => {
        resolve(true);
      }),
    );
    client.publish(statusTopic(PROV, dev), Buffer.alloc(16 * 1024 + 1, 32), { qos: 1 });
    expect(await closed).toBe(true);
  });
});

describe('what goes down', () => {
  it('is a retained nudge for every document, found by a box that connects later', async () => {
    await world.post('/api/envelopes', await sealed(aPlan(), publishers));
    const client = await connect(dev);
    const heard = collect(client);
    await client.subscribeAsync([...boxSubscriptions(PROV, dev, COMMUNE)], { qos: 1 });
    await until(() => heard.length >= 4);
    const topics = heard.map(({ topic }) => topic).toSorted();
    const ids = ['trust', `device:${dev}`, `keyring:${COMMUNE}`, `plan:${COMMUNE}`];
    expect(topics).toEqual(ids.map((id) => nudgeTopic(PROV, id)).toSorted());
    expect(heard.every(({ retain }) => retain)).toBe(true);
    const plan = heard.find(({ topic }) => topic === nudgeTopic(PROV, `plan:${COMMUNE}`));
    const size = JSON.stringify(await sealed(aPlan(), publishers)).length;
    expect(JSON.parse(plan?.text ?? '')).toMatchObject({ id: `plan:${COMMUNE}`, epoch: 1, ver: 1, size });
  });

  it('is there again after the cloud was restarted', async () => {
    world = await world.restarted();
    const client = await connect(dev);
    const heard = collect(client);
    await client.subscribeAsync(nudgeTopic(PROV, `keyring:${COMMUNE}`), { qos: 1 });
    await until(() => heard.length > 0);
    expect(heard[0]?.retain).toBe(true);
  });

  it('is a whole order for each entry of its scope, and is not retained', async () => {
    const client = await connect(dev);
    const heard = collect(client);
    await client.subscribeAsync([orderTopic(PROV, COMMUNE), orderTopic(PROV, '56')], { qos: 1 });
    const alert = await sealed(anAlert(), officers);
    await world.post('/api/envelopes', alert);
    await until(() => heard.length > 0);
    expect(JSON.parse(heard[0]?.text ?? '')).toEqual(alert);
    const late = await connect(other);
    const heardLate = collect(late);
    await late.subscribeAsync(orderTopic(PROV, COMMUNE), { qos: 1 });
    await late.subscribeAsync(nudgeTopic(PROV, 'trust'), { qos: 1 });
    await until(() => heardLate.length > 0);
    expect(heardLate.map(({ topic }) => topic)).toEqual([nudgeTopic(PROV, 'trust')]);
  });
});

describe('what comes up', () => {
  it('is shown in the fleet, wanted against held', async () => {
    const client = await connect(dev);
    const held = { trust: { epoch: 0, ver: 1 }, [`keyring:${COMMUNE}`]: { epoch: 1, ver: 1 } };
    await client.publishAsync(statusTopic(PROV, dev), JSON.stringify(status(dev, { held })), { qos: 1 });
    const box = await until(async () => {
      const found = await boxInFleet(dev);
      return found?.status === null ? undefined : found;
    });
    expect(box).toMatchObject({ area: COMMUNE, state: 'active', link: { state: 'online' } });
    expect(box.behind).toEqual([`device:${dev}`]);
    expect((await boxInFleet(other))?.link.state).toBe('never');
  });

  it('is dropped where it is no status, or says another name', async () => {
    const client = await connect(dev);
    for (const text of [
      '',
      '{',
      '{"v":1}',
      JSON.stringify(status(other)),
      JSON.stringify({ ...status(dev), x: 1 }),
    ]) {
      await client.publishAsync(statusTopic(PROV, dev), text, { qos: 1 });
    }
    await client.publishAsync(`loa/v1/${PROV}/box/${dev}/up/other`, JSON.stringify(status(dev)), { qos: 1 });
    expect((await boxInFleet(dev))?.status).toBeNull();
    expect((await boxInFleet(other))?.status).toBeNull();
  });

  it('turns to silent when the connection breaks, with the last status kept over a restart', async () => {
    const client = await connect(dev);
    await client.publishAsync(statusTopic(PROV, dev), JSON.stringify(status(dev)), { qos: 1 });
    await until(async () => (await boxInFleet(dev))?.status !== null);
    client.stream.destroy();
    await until(async () => (await boxInFleet(dev))?.link.state === 'silent');
    world = await world.restarted();
    expect(await boxInFleet(dev)).toMatchObject({ link: { state: 'silent' }, status: { dev } });
  });

  it('stays online when the box comes back before its old connection has ended', async () => {
    await connect(dev);
    await connect(dev);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await boxInFleet(dev))?.link.state).toBe('online');
  });
});
