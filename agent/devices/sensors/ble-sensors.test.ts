import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimPace } from '../../sim/sim-pace.ts';
import { BleSensors } from './ble-sensors.ts';
import type { ScanEvents } from './scan-process.ts';
import type { SensorWiring } from './seam.ts';

const cabinet: SensorWiring = {
  name: 'tu',
  address: 'a4:c1:38:00:00:01',
  bindKey: null,
  where: 'cabinet',
  silentAfterMs: 3_600_000,
};
const on = '{"scan":"on"}\n';
const advert = (data: string, address = cabinet.address) =>
  `${JSON.stringify({ address, rssiDbm: -63, data })}\n`;

describe('sensors by Bluetooth', () => {
  let pace: SimPace;
  let scans: { readonly events: ScanEvents; readonly beganUpMs: number; stopped: boolean }[];
  let sensors: BleSensors;
  let asked: readonly string[];

  const scan = () => {
    const last = scans.at(-1);
    if (last === undefined) throw new Error('no scan was begun');
    return last;
  };
  const value = (name: string) => sensors.observe().sensors[0]?.values[name];

  beforeEach(async () => {
    pace = new SimPace();
    scans = [];
    sensors = new BleSensors({
      sensors: [cabinet],
      pace,
      start: (addresses, events) => {
        asked = addresses;
        const begun = { events, beganUpMs: pace.upMs(), stopped: false };
        scans.push(begun);
        return () => (begun.stopped = true);
      },
    });
    await sensors.open();
  });
  afterEach(async () => {
    await pace.until(sensors.close());
    expect(scans.every(({ stopped }) => stopped)).toBe(true);
  });

  it('scan for those that are configured, and tell what they say', () => {
    expect(asked).toEqual([cabinet.address]);
    expect(sensors.observe()).toMatchObject({ state: 'starting', failure: null });
    scan().events.onText(on + advert('4000010161'));
    expect(sensors.observe()).toMatchObject({ state: 'scanning', failure: null });
    expect(value('battery')).toBe(97);
  });

  it('take lines in whatever pieces they come, and know nobody else', () => {
    for (const letter of on + advert('4002ca09') + advert('400217ff', 'a4:c1:38:00:00:02'))
      scan().events.onText(letter);
    expect(value('temperature')).toBe(25.06);
  });

  it.each([
    ['no JSON', 'Segmentation fault\n'],
    ['JSON of another shape', '{"scan":"on","run":"rm"}\n'],
    ['an address that is none', advert('40', 'a4')],
    ['an endless line', 'x'.repeat(5_000)],
    ['an endless advertisement', advert('40'.repeat(300))],
  ])('let go of a scan that says %s, say so, and begin another', async (_, words) => {
    scan().events.onText(on + words);
    await pace.pass(500);
    expect(sensors.observe()).toMatchObject({ state: 'away', failure: 'the scan talks nonsense' });
    expect([scans.length, scan().stopped]).toEqual([1, true]);
    scan().events.onText(advert('4002ca09'));
    expect(value('temperature')).toBeUndefined();
    await pace.pass(1_000);
    expect(scans.length).toBe(2);
    scan().events.onText(on);
    expect(sensors.observe()).toMatchObject({ state: 'scanning', failure: null });
  });

  it('outlive a scan that cannot even be begun, and try it again', async () => {
    await pace.until(sensors.close());
    let starts = 0;
    sensors = new BleSensors({
      sensors: [cabinet],
      pace,
      start: () => {
        starts += 1;
        throw new Error('spawn ENOMEM');
      },
    });
    await sensors.open();
    await pace.pass(1_500);
    expect(sensors.observe()).toMatchObject({ state: 'away', failure: 'spawn ENOMEM' });
    expect(starts).toBe(2);
  });

  it('say why a scan has ended, by its own last words where it has any', async () => {
    scan().events.onText('{"fault":"the Bluetooth adapter is poweredOff"}\n');
    scan().events.onEnd('the scan has ended (code 1)');
    await pace.pass(1);
    expect(sensors.observe().failure).toBe('the Bluetooth adapter is poweredOff');
    await pace.pass(1_500);
    scan().events.onEnd('the scan has ended (SIGSEGV)');
    await pace.pass(1);
    expect(sensors.observe().failure).toBe('the scan has ended (SIGSEGV)');
  });

  it('let go of a scan that does not begin, of one that hangs, and of one that floods', async () => {
    await pace.pass(59_000);
    expect(sensors.observe().state).toBe('starting');
    await pace.pass(1_500);
    expect(sensors.observe()).toMatchObject({ state: 'away', failure: 'the scan does not begin' });
    await pace.pass(2_000);
    scan().events.onText(on);
    await pace.pass(28_000);
    expect(sensors.observe().state).toBe('scanning');
    await pace.pass(8_000);
    expect(sensors.observe()).toMatchObject({ state: 'away', failure: 'the scan hangs' });
    await pace.pass(4_000);
    for (const _ of [1, 2]) {
      scan().events.onText(on + advert('4002ca09').repeat(1_999));
      await pace.pass(5_000);
      expect(sensors.observe().failure).toBeNull();
    }
    // At once: what it says in five seconds more would keep the agent from its tick.
    scan().events.onText(on + advert('4002ca09').repeat(2_000) + advert('4002d007'));
    await pace.pass(1);
    expect(sensors.observe().failure).toBe('the scan floods its line');
    expect(value('temperature')).toBe(25.06);
  });

  it('begin again later and later, two minutes at most, and at once after a scan that was good', async () => {
    const waits = [];
    for (let time = 0; time < 10; time += 1) {
      const endedUpMs = pace.upMs();
      const before = scans.length;
      scan().events.onEnd('ENODEV');
      while (scans.length === before) await pace.pass(500);
      waits.push(Math.round((scan().beganUpMs - endedUpMs) / 1000));
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 120, 120, 120]);
    for (let at = 0; at < 70; at += 5) {
      scan().events.onText(on);
      await pace.pass(5_000);
    }
    scan().events.onEnd('the scan has ended (code 0)');
    await pace.pass(1_500);
    expect(scans.length).toBe(12);
  });

  it('miss a sensor after an hour, and never one that says that it speaks only when something happens', () => {
    const silentAfterMs = (data: string, wired?: number | null) => {
      const one = new BleSensors({
        sensors: [{ ...cabinet, silentAfterMs: wired }],
        pace,
        start: (_, { onText }) => {
          onText(advert(data));
          return () => undefined;
        },
      });
      void one.open();
      const [seen] = one.observe().sensors;
      void one.close();
      return seen?.silentAfterMs;
    };
    expect([silentAfterMs('401a01'), silentAfterMs('441a01')]).toEqual([3_600_000, null]);
    expect([silentAfterMs('441a01', 60_000), silentAfterMs('401a01', null)]).toEqual([60_000, null]);
  });

  it('keep what they knew while the scan is away', async () => {
    scan().events.onText(on + advert('40 1a01'.replace(' ', '')));
    scan().events.onEnd('unplugged');
    await pace.pass(100);
    expect(sensors.observe().sensors[0]).toMatchObject({ values: { 'door-open': 1 }, name: 'tu' });
  });
});
