/**
 * The current meter on a kernel's I2C (../shared/bench); skipped where there is no such adapter. On the bench:
 *   bench/uml-run 'vitest run agent/devices/current/ina219.kernel'
 * Bus 1 is an adapter with other chips on it, and shows what real transfers say of an absent, a wrong and a stuck chip.
 * Bus 0 is i2c-stub: registers and nothing behind them. It has no plain I2C, so that words take its place; it resets
 * nothing, converts nothing and takes no flag back, so that the test does that by hand. What rests on it (a chip that
 * stands still, one that was reset) is shown over agent/sim/fake-ina219.ts alone.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPromisified } from 'i2c-bus';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { busFaultOf } from '../bus/faults.ts';
import { openI2cBus } from '../bus/i2c-bus.ts';
import { machinePace } from '../bus/pace.ts';
import type { Bus } from '../bus/seam.ts';
import { afterReset, conversionReady, register } from './ina219-registers.ts';
import { resetBit, scaleFor } from './ina219-registers.ts';
import { Ina219 } from './ina219.ts';

const SHUNT_MILLIOHMS = 10;
const MAX_MILLIAMPS = 8_000;
const scale = scaleFor(SHUNT_MILLIOHMS, MAX_MILLIAMPS);
const address = 0x40;

const faults = '/sys/kernel/debug/i2c-fm-sim/ctl';
const adapters = '/sys/bus/i2c/devices';
const nameOf = (bus: string): string => readFileSync(`${adapters}/${bus}/name`, 'utf8');
const hasBench =
  existsSync(faults) && readdirSync(adapters).some((bus) => nameOf(bus).startsWith('SMBus stub'));

let meter: Ina219;
const meterOn = async (openBus: () => Promise<Bus>, at = address): Promise<void> => {
  const wiring = { address: at, shuntMilliohms: SHUNT_MILLIOHMS, maxMilliamps: MAX_MILLIAMPS };
  meter = new Ina219({ ...wiring, openBus, pace: machinePace });
  await meter.open();
};
const until = async (isSo: (now: ReturnType<Ina219['observe']>) => boolean): Promise<void> => {
  const endUpMs = machinePace.upMs() + 30_000;
  while (!isSo(meter.observe()) && machinePace.upMs() < endUpMs) await sleep(20);
  expect(isSo(meter.observe()), JSON.stringify(meter.observe())).toBe(true);
};
const says = (what: RegExp) => until(({ failure }) => failure !== null && what.test(failure));
const measures = (milliamps: number) => until((now) => now.failure === null && now.milliamps === milliamps);

describe.skipIf(!hasBench)("a current meter on an adapter of the kernel's", () => {
  const ask = (what: string): void => {
    writeFileSync(faults, what);
  };
  afterEach(async () => {
    ask('stuck 0');
    ask('absent 0x11 0');
    await meter.close();
  });

  it('that does not answer is told, and gives no figure', async () => {
    await meterOn(() => openI2cBus(1));
    await says(/nothing answers/);
    expect(meter.observe().milliamps).toBeNull();
  });

  it('whose address is that of another chip is told, also after it was away', async () => {
    await meterOn(() => openI2cBus(1), 0x11);
    await says(/no INA219 \(0x5804/);
    ask('absent 0x11 1');
    await says(/nothing answers/);
    ask('absent 0x11 0');
    await says(/no INA219/);
  }, 60_000);

  it('whose bus is stuck is told while everything else goes on', async () => {
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 20);
    ask('stuck 1');
    await meterOn(() => openI2cBus(1));
    await says(/stuck/);
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(20);
    ask('stuck 0');
    await says(/nothing answers/);
  }, 60_000);

  it('that is on an adapter without plain I2C is told so', async () => {
    await meterOn(() => openI2cBus(0));
    await says(/cannot do plain I2C/);
  });
});

describe.skipIf(!hasBench)("a current meter on the kernel's i2c-stub", () => {
  const swapped = (word: number): number => ((word & 0xff) << 8) | (word >> 8);
  /** A second way to the registers, past the driver. */
  const poke = async (...values: readonly (readonly [at: number, value: number])[]): Promise<void> => {
    const bus = await openPromisified(0);
    for (const [at, value] of values) await bus.writeWord(address, at, swapped(value & 0xffff));
    await bus.close();
  };
  /** What a chip does of itself. */
  const flow = (milliamps: number): Promise<void> =>
    poke(
      [register.shunt, (milliamps * SHUNT_MILLIOHMS) / 10],
      [register.current, Math.round(milliamps / scale.milliampsPerBit)],
      [register.bus, conversionReady],
    );
  const words = async (): Promise<Bus> => {
    const told = async <T>(call: () => Promise<T>): Promise<T> => {
      try {
        return await call();
      } catch (cause) {
        throw busFaultOf(cause);
      }
    };
    const bus = await told(() => openPromisified(0));
    return {
      write: (at, [pointer = 0, high = 0, low = 0]) => {
        const value = (high << 8) | low;
        const held = pointer === register.configuration && value === resetBit ? afterReset : value;
        return told(async () => {
          await bus.writeWord(at, pointer, swapped(held));
        });
      },
      read: () => Promise.reject(new Error('the driver names its registers')),
      readAt: (at, pointer) =>
        told(async () => {
          const word = swapped(await bus.readWord(at, pointer));
          return Uint8Array.of(word >> 8, word & 0xff);
        }),
      close: async () => {
        await bus.close();
      },
    };
  };
  /** Not while the driver has the bus open. */
  const reload = async (chip: number): Promise<void> => {
    await vi.waitFor(() => execFileSync('rmmod', ['i2c-stub'], { stdio: 'pipe' }), { timeout: 20_000 });
    execFileSync('modprobe', ['i2c-stub', `chip_addr=${chip}`]);
  };
  beforeEach(() => reload(address));
  afterEach(async () => {
    await meter.close();
  });

  it('is set up and read in milliamps, either way', async () => {
    await flow(1_500);
    await meterOn(words);
    await measures(1_500);
    await flow(-40);
    await measures(-40);
  }, 60_000);

  it('that has lost its settings is told, and measures once it is set up again', async () => {
    await flow(700);
    await meterOn(words);
    await measures(700);
    await poke([register.calibration, 0]);
    await says(/lost its settings/);
    await measures(700);
  }, 60_000);

  it('is asked at its own address, and measures once it answers there', async () => {
    await reload(address + 1);
    await meterOn(words);
    // ENODEV, as i2c-stub answers where a real adapter says that nobody acknowledges.
    await says(/adapter is gone/);
    expect(meter.observe().milliamps).toBeNull();
    await reload(address);
    await flow(250);
    await measures(250);
  }, 60_000);
});
