import { describe, expect, it } from 'vitest';
import { SimPace } from '../../sim/sim-pace.ts';
import { bounded } from './bounded.ts';
import { busFaultOf } from './faults.ts';
import { openI2cBus } from './i2c-bus.ts';
import { machinePace } from './pace.ts';
import type { Bus } from './seam.ts';
import { BusFault } from './seam.ts';

/** A bus whose reads end when they are told to. */
const slowBus = () => {
  const asked: number[] = [];
  const ends: (() => void)[] = [];
  const bus: Bus = {
    write: () => Promise.reject(new BusFault('broken', 5)),
    read: (address) => {
      asked.push(address);
      return new Promise((resolve) =>
        ends.push(() => {
          resolve(Uint8Array.of(address));
        }),
      );
    },
    readAt: () => Promise.resolve(new Uint8Array()),
    close: () => Promise.resolve(),
  };
  return { bus, asked, ends };
};

describe('a bounded bus', () => {
  it('does one transfer at a time, in the order asked', async () => {
    const pace = new SimPace();
    const { bus, asked, ends } = slowBus();
    const safe = bounded(bus, pace, 1_000);
    const both = Promise.all([safe.read(1, 1), safe.read(2, 1)]);
    await pace.pass(500);
    expect(asked).toEqual([1]);
    ends[0]?.();
    await pace.pass(500);
    expect(asked).toEqual([1, 2]);
    ends[1]?.();
    expect(await pace.until(both)).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
  });

  it('gives a transfer up at its limit, and lets no other begin before it has ended', async () => {
    const pace = new SimPace();
    const { bus, asked, ends } = slowBus();
    const safe = bounded(bus, pace, 1_000);
    const [first, second] = [safe.read(1, 1), safe.read(2, 1)].map((each) => each.catch(String));
    await pace.pass(999);
    await pace.pass(1);
    expect(await first).toMatch(/hangs/);
    expect(await second).toMatch(/hangs/);
    await expect(pace.until(safe.close())).rejects.toThrow('hangs');
    expect(asked).toEqual([1]);
    ends[0]?.();
    await pace.pass(1);
    await pace.until(safe.close());
  });

  it('hands faults on as they are', async () => {
    const pace = new SimPace();
    const safe = bounded(slowBus().bus, pace, 1_000);
    await expect(pace.until(safe.write(1, new Uint8Array()))).rejects.toThrow('broken');
    await pace.until(safe.close());
  });
});

describe('faults of the bus in words', () => {
  it('go by the number, since i2c-bus leaves the code empty for some', () => {
    const said = (errno: number): string =>
      busFaultOf(Object.assign(new Error('x'), { errno, code: '' })).message;
    expect(said(121)).toMatch(/nothing answers/);
    expect(said(-121)).toBe(said(6));
    expect(said(110)).toMatch(/stuck/);
    expect(said(2)).toMatch(/no such I2C bus/);
    expect(said(13)).toMatch(/group i2c/);
  });

  it('keep what is not known as it was said', () => {
    expect(busFaultOf(new Error('Cannot find package'))).toMatchObject({
      message: 'the I2C bus fails: Cannot find package',
      errno: null,
    });
    const fault = new BusFault('as it was', 7);
    expect(busFaultOf(fault)).toBe(fault);
  });

  it('tell that a bus is not there, from the kernel itself', async () => {
    const opening = openI2cBus(250).then((bus) => bus.read(0x11, 2));
    await expect(opening).rejects.toThrow(/no such I2C bus/);
  });
});

describe("the machine's pace", () => {
  it('waits as long as it is told, and ends early without a complaint', async () => {
    const beganMs = machinePace.upMs();
    await machinePace.wait(20);
    expect(machinePace.upMs() - beganMs).toBeGreaterThanOrEqual(18);
    const over = new AbortController();
    const waiting = machinePace.wait(60_000, over.signal);
    over.abort();
    await waiting;
    expect(machinePace.upMs() - beganMs).toBeLessThan(30_000);
  });
});
