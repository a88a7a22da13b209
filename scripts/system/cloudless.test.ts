import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Box } from './box.ts';
import { nextSounding } from './heard.ts';
import { AREA, nowS, openProvince } from './province.ts';
import type { Province } from './province.ts';
import { ruler } from './ruler.ts';
import { until } from './until.ts';

/** Where each box's line leads when it starts anew: what stands where the cloud and its broker stood. */
const CASES = ['khong-may', 'khong-mang', 'moi-gioi-chet', 'loi-500', 'im-lang'] as const;
type Case = (typeof CASES)[number];

/** A start within this is on time, with five boxes on a machine of two cores. */
const ON_TIME_MS = 250;
const PROGRAMME_S = 3;

describe('a box that starts and finds', () => {
  let province: Province;
  const boxes = new Map<Case, Box>();
  const servers: Server[] = [];
  let windowS = 0;

  beforeAll(async () => {
    province = await openProvince(CASES);
    const programme = await ruler(province.folder, PROGRAMME_S);
    await Promise.all(CASES.map(async (each) => boxes.set(each, await province.box(each))));
    for (const box of boxes.values()) expect(box.ear).toBeDefined();
    windowS = nowS() + 18;
    const sound = { id: 'ban-tin', atS: windowS, lengthS: PROGRAMME_S + 1, media: programme.media };
    const ver = await province.publish([sound], [programme]);
    await Promise.all([...boxes.values()].map((box) => box.untilHolds(AREA, ver)));
    await Promise.all([...boxes.values()].map((box) => box.stop()));
    await leadAstray();
    await Promise.all([...boxes.values()].map((box) => box.start()));
  });

  afterAll(async () => {
    await province.close();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  });

  const box = (name: Case): Box => {
    const found = boxes.get(name);
    if (found === undefined) throw new Error(`no box ${name}`);
    return found;
  };

  async function leadAstray(): Promise<void> {
    const [nobody, mute, broken] = [
      await closedPort(),
      await listen(muteServer()),
      await listen(brokenServer()),
    ];
    servers.push(mute.server, broken.server);
    Object.assign(box('khong-may').leadsTo, { http: { port: nobody }, mqtt: { port: nobody } });
    box('khong-may').line.cut();
    box('moi-gioi-chet').leadsTo.mqtt.port = mute.port;
    box('loi-500').leadsTo.http.port = broken.port;
    box('loi-500').leadsTo.mqtt.port = broken.port;
    box('im-lang').leadsTo.http.port = mute.port;
    box('im-lang').leadsTo.mqtt.port = mute.port;
    await rename(box('khong-mang'), 'cloud.invalid');
  }

  const onTime = async (name: Case): Promise<void> => {
    const first = await nextSounding(box(name), 0);
    const lateMs = first.fromUpMs + (await box(name).wallMinusUpMs()) - windowS * 1000;
    expect(Math.abs(lateMs)).toBeLessThan(ON_TIME_MS);
  };

  /** The cloud is back where it was: what is new comes in, what waited goes out. */
  const recovers = async (name: Case): Promise<void> => {
    const back = box(name);
    const ver = await published;
    // What still stands to the other server falls.
    back.line.cut();
    back.leadsTo.http.port = province.ports.http.port;
    back.leadsTo.mqtt.port = province.ports.mqtt.port;
    back.line.mend();
    await back.untilHolds(AREA, ver);
    await until('everything at the cloud', async () => (await back.status()).unsentRecords === 0);
  };

  let published: Promise<number> = Promise.resolve(0);

  test.for(CASES)('… %s still knows the time: SYNCED from the last start, by uptime alone', async (name) => {
    const { clock, link } = await box(name).status();
    expect(clock.state).toBe('SYNCED');
    if (name !== 'moi-gioi-chet') expect(link.lastHeadAtMs).toBeNull();
  });

  test.for(CASES)('… %s sounds what it holds, on time', async (name) => {
    await onTime(name);
  });

  test('a dead broker still gets new documents, because it asks', async () => {
    published = province.publish([], []);
    await box('moi-gioi-chet').untilHolds(AREA, await published);
    expect((await box('moi-gioi-chet').status()).link.brokerConnected).toBe(false);
  });

  test.for(['khong-may', 'loi-500', 'im-lang'] as const)(
    '… %s takes in what is new once the cloud is there again',
    async (name) => {
      await recovers(name);
    },
  );
});

async function rename(box: Box, host: string): Promise<void> {
  const config = await readFile(box.configFile, 'utf8');
  await writeFile(box.configFile, config.replaceAll('127.0.0.1', host));
}

async function listen(server: Server): Promise<{ readonly server: Server; readonly port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** A port at which nobody listens any more. */
async function closedPort(): Promise<number> {
  const { server, port } = await listen(createServer());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Takes every connection and never says a word. */
function muteServer(): Server {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => socket.destroy());
    socket.resume();
    socket.setTimeout(60_000, () => socket.destroy());
  });
  return server;
}

/** Answers, and always the same. */
const brokenServer = (): Server =>
  createHttpServer((_, response) => {
    response.writeHead(500).end('broken');
  });
