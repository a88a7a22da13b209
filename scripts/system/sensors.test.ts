import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../../agent/cli/ask.ts';
import { answers } from '../../agent/local/protocol.ts';
import type { Box } from './box.ts';
import { endOf, heardFor, nextSounding } from './heard.ts';
import { AREA, nowS, openProvince } from './province.ts';
import type { Province } from './province.ts';
import { ruler } from './ruler.ts';
import { until } from './until.ts';

const PROGRAMME_S = 14;
const address = 'a4:c1:38:00:00:01';
const hot = `{"scan":"on"}\n{"address":"${address}","rssiDbm":-60,"data":"4002ca09"}\n`;

/** What a Bluetooth scan that has gone mad does at its first, second … start. */
const madness: readonly ((line: Socket) => void)[] = [
  (line) => {
    line.write(`${hot}Segmentation fault\n`);
  },
  (line) => {
    line.end('{"scan":"on"}\n{"fault":"no Bluetooth adapter"}\n');
  },
  (line) => {
    const flood = () => {
      while (!line.destroyed && line.write(hot.repeat(1000)));
    };
    line.on('drain', flood);
    flood();
  },
  (line) => line.destroy(),
];

describe('an agent whose Bluetooth scan has gone mad', () => {
  let province: Province;
  let box: Box;
  let scans: Server;
  let starts = 0;

  beforeAll(async () => {
    province = await openProvince(['loa']);
    const bleSocket = join(province.folder, 'ble');
    scans = createServer((line) => {
      line.on('error', () => line.destroy());
      line.once('data', () => madness[starts++ % madness.length]?.(line));
    });
    await new Promise<void>((resolve) => scans.listen(bleSocket, resolve));
    box = await province.box('loa', { config: { bleSocket, sensors: [{ name: 'tủ', address }] } });
  });

  afterAll(async () => {
    scans.close();
    await province.close();
  });

  test('plays a programme whole, without a hole, and goes on asking for a scan', async () => {
    const programme = await ruler(province.folder, PROGRAMME_S);
    const sound = { id: 'ban-tin', atS: nowS() + 4, lengthS: PROGRAMME_S + 3, media: programme.media };
    expect(box.ear).toBeDefined();
    await box.untilHolds(AREA, await province.publish([sound], [programme]));
    await nextSounding(box, 0);
    const before = starts;
    await heardFor(box, 0, (PROGRAMME_S - 1) * 1000);
    await endOf(box, 0);
    await until('its record', async () => (await box.records()).length === 1);
    expect(await box.records()).toMatchObject([{ title: 'ban-tin', endCause: 'finished' }]);
    expect(box.ear.soundings()).toHaveLength(1);
    await until('another scan', () => starts > Math.max(before, madness.length));
  }, 60_000);

  test('tells what is wrong, and what the sensor said in between', async () => {
    const socket = join(box.folder, 'run', 'loa.sock');
    await until('the devices', async () => {
      const asked = await ask(socket, { ask: 'devices' }, answers.devices);
      const told = asked.kind === 'answered' ? asked.answer : [];
      const bluetooth = told.find(({ device }) => device === 'bluetooth');
      const sensor = told.find(({ device }) => device === 'sensor');
      return (
        bluetooth?.state === 'away' && bluetooth.failure !== null && sensor?.details['temperature'] === 25.06
      );
    });
  });
});
