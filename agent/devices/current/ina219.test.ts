/** The current meter measures over a chip made of registers, and says in words what chip, wires and shunt do wrong. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeI2cBus } from '../../sim/fake-i2c-bus.ts';
import { FakeIna219 } from '../../sim/fake-ina219.ts';
import { SimPace } from '../../sim/sim-pace.ts';
import { bounded } from '../bus/bounded.ts';
import { scaleFor, signed } from './ina219-registers.ts';
import { Ina219 } from './ina219.ts';

const makeRig = (shuntMilliohms = 10, maxMilliamps = 8_000) => {
  const pace = new SimPace();
  const chip = new FakeIna219(pace, shuntMilliohms);
  const bus = new FakeI2cBus(pace, [chip]);
  const openBus = () => Promise.resolve(bounded(bus.open(), pace, 3_000));
  const meter = new Ina219({ openBus, pace, address: 0x40, shuntMilliohms, maxMilliamps });
  return { pace, chip, bus, meter };
};

describe('scaleFor', () => {
  it('comes to the figures of the data sheet: 10 A over 2 mΩ at 1 mA a bit', () => {
    // SBOS448F table 3: shunt register 2000, calibration 20480, current register 10000.
    const { calibration, milliampsPerBit } = scaleFor(2, 32_768);
    expect(calibration).toBe(20_480);
    expect(((2_000 * calibration) / 4_096) * milliampsPerBit).toBeCloseTo(10_000, 6);
  });

  it('takes the narrowest range of the shunt that holds the current', () => {
    const gainOf = (milliamps: number) => (scaleFor(100, milliamps).configuration >> 11) & 0b11;
    expect([400, 401, 800, 1_600, 1_601, 3_200].map(gainOf)).toEqual([0, 1, 1, 2, 3, 3]);
    expect(scaleFor(100, 3_200).configuration).toBe(0x39ff);
  });

  it('refuses a shunt that the current would drive beyond the chip', () => {
    expect(() => scaleFor(100, 3_201)).toThrow('320');
    expect(() => scaleFor(0, 100)).toThrow('320');
    expect(() => scaleFor(100, 0)).toThrow('320');
  });

  it('measures any current within its range to a part in a hundred and one step of the converter', () => {
    const shunts = fc.integer({ min: 1, max: 500 });
    const parts = fc.double({ min: -0.99, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(shunts, fc.integer({ min: 1, max: 320 }), parts, (milliohms, millivolts, part) => {
        // Whole, as a configuration has it: else rounding alone may take it beyond the chip.
        const max = Math.max(1, Math.floor((millivolts / milliohms) * 1_000));
        const { calibration, milliampsPerBit } = scaleFor(milliohms, max);
        const shuntBits = Math.round((part * max * milliohms) / 10);
        const bits = Math.trunc((shuntBits * calibration) / 4_096);
        expect(Math.abs(bits)).toBeLessThanOrEqual(0x7fff);
        const stepMilliamps = 10 / milliohms;
        const measured = signed(bits & 0xffff) * milliampsPerBit;
        expect(Math.abs(measured - part * max)).toBeLessThanOrEqual(
          0.01 * max + stepMilliamps + milliampsPerBit,
        );
      }),
    );
  });
});

describe('Ina219', () => {
  let rig: ReturnType<typeof makeRig>;
  const open = () => rig.pace.until(rig.meter.open());
  const seen = () => rig.meter.observe();
  beforeEach(() => {
    rig = makeRig();
  });
  afterEach(async () => {
    rig.bus.free();
    await rig.pace.until(rig.meter.close());
    expect(rig.bus.closed).toBe(rig.bus.opened);
    expect(seen()).toEqual({ milliamps: null, failure: 'not open' });
  });

  it('knows nothing before it has measured, and then what flows, either way', async () => {
    await open();
    expect(seen()).toEqual({ milliamps: null, failure: null });
    rig.chip.flow(1_500);
    await rig.pace.pass(600);
    expect(seen()).toEqual({ milliamps: 1_500, failure: null });
    rig.chip.flow(-40);
    await rig.pace.pass(600);
    expect(seen().milliamps).toBe(-40);
  });

  it('takes no measurement for new that was read before', async () => {
    await open();
    rig.chip.flow(1_500);
    await rig.pace.pass(500);
    rig.chip.stall(true);
    rig.chip.flow(3_000);
    await rig.pace.pass(600);
    expect(seen()).toEqual({ milliamps: 1_500, failure: null });
    await rig.pace.pass(1_500);
    expect(seen()).toEqual({ milliamps: null, failure: 'the chip no longer measures' });
    rig.chip.stall(false);
    await rig.pace.pass(3_000);
    expect(seen()).toEqual({ milliamps: 3_000, failure: null });
  });

  it('gives no figure for what is beyond the range of the shunt or of the arithmetic', async () => {
    await open();
    for (const milliamps of [8_000, 60_000, -60_000]) {
      rig.chip.flow(milliamps);
      await rig.pace.pass(600);
      expect(seen().milliamps).toBeNull();
      expect(seen().failure).toMatch(/more current than 8000 mA over 10 mΩ/);
    }
    rig.chip.flow(100);
    await rig.pace.pass(600);
    expect(seen()).toEqual({ milliamps: 100, failure: null });
  });

  it('heeds the overflow flag where the shunt itself is within its range', async () => {
    rig = makeRig(10, 4_100);
    await open();
    rig.chip.flow(5_000);
    await rig.pace.pass(600);
    expect(seen().failure).toMatch(/more current than 4100 mA/);
  });

  it('says that nothing answers, or something else, and measures once the chip is there', async () => {
    rig.bus.unplug(rig.chip);
    await open();
    expect(seen()).toEqual({ milliamps: null, failure: 'nothing answers' });
    rig.bus.plug(rig.chip);
    rig.chip.flow(250);
    await rig.pace.pass(3_000);
    expect(seen()).toEqual({ milliamps: 250, failure: null });
  });

  it('says that something else answers at its address', async () => {
    const pace = new SimPace();
    const other = { addresses: [0x40], write: () => undefined, read: () => Uint8Array.of(0x55, 0xaa) };
    const bus = new FakeI2cBus(pace, [other]);
    const openBus = () => Promise.resolve(bounded(bus.open(), pace, 3_000));
    const meter = new Ina219({ openBus, pace, address: 0x40, shuntMilliohms: 10, maxMilliamps: 8_000 });
    await pace.until(meter.open());
    expect(meter.observe().failure).toBe('what answers is no INA219 (0x55aa after a reset)');
    await pace.until(meter.close());
  });

  it('notices a dip of the supply, a cable that is off and a bus that is stuck, and recovers', async () => {
    await open();
    rig.chip.flow(700);
    await rig.pace.pass(600);
    rig.chip.reset();
    await rig.pace.pass(500);
    expect(seen()).toEqual({
      milliamps: null,
      failure: 'the chip has lost its settings: a dip of its supply?',
    });
    await rig.pace.pass(3_000);
    expect(seen().milliamps).toBe(700);
    rig.bus.unplug(rig.chip);
    await rig.pace.pass(600);
    expect(seen()).toEqual({ milliamps: null, failure: 'nothing answers' });
    rig.bus.plug(rig.chip);
    await rig.pace.pass(3_000);
    expect(seen().milliamps).toBe(700);
    rig.bus.stick();
    await rig.pace.pass(2_000);
    expect(seen()).toEqual({ milliamps: null, failure: 'the bus is stuck' });
    rig.bus.free();
    await rig.pace.pass(5_000);
    expect(seen()).toEqual({ milliamps: 700, failure: null });
  });
});
