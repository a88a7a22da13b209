import { expect, it } from 'vitest';
import { FakeAir } from '../../sim/fake-air.ts';
import { FakeI2cBus } from '../../sim/fake-i2c-bus.ts';
import { FakeRda5807m } from '../../sim/fake-rda5807m.ts';
import { SimPace } from '../../sim/sim-pace.ts';
import { ChipTuner } from './chip-tuner.ts';
import { rda5807m } from './rda5807m.ts';
import { receiverContract } from './receiver.contract.ts';

receiverContract({
  kind: rda5807m,
  fake: (air, pace) => new FakeRda5807m(air, pace),
  impostors: [[0xa5], [0x12, 0x42]],
  hasRds: true,
  hasVolume: true,
  refusedKhz: 54_010,
});

it('an RDA5807M reaches commune radio from 50 MHz and every band above it, in steps of 25 kHz', async () => {
  const pace = new SimPace();
  const chip = new FakeRda5807m(new FakeAir([]), pace);
  const bus = new FakeI2cBus(pace, [chip]);
  const tuner = new ChipTuner({ kind: rda5807m, openBus: () => Promise.resolve(bus.open()), pace });
  await pace.until(tuner.open());
  await pace.until(tuner.mute(false));
  for (const khz of [
    50_000, 54_025, 64_950, 65_000, 75_950, 76_000, 86_975, 87_000, 101_700, 108_000, 54_000,
  ]) {
    await pace.until(tuner.tune(khz));
    expect(tuner.observe()).toMatchObject({ state: 'tuned', failure: null });
    expect(chip.heard?.frequencyKhz).toBe(khz);
  }
  await pace.until(tuner.close());
});
