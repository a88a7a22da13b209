import { expect, it } from 'vitest';
import { FakeAir } from '../../sim/fake-air.ts';
import { FakeI2cBus } from '../../sim/fake-i2c-bus.ts';
import { FakeSi4703 } from '../../sim/fake-si4703.ts';
import { si4703 } from './si4703.ts';
import { SimPace } from '../../sim/sim-pace.ts';
import { ChipTuner } from './chip-tuner.ts';
import { programmeWords } from './rds-encoder.fixture.ts';
import { receiverContract } from './receiver.contract.ts';

receiverContract({
  kind: si4703,
  fake: (air, pace) => new FakeSi4703(air, pace),
  impostors: [[0xa5], [0x58, 0x04]],
  hasRds: true,
  hasVolume: true,
  refusedKhz: 68_000,
});

const tunerOver = (air: FakeAir, pace: SimPace, hasRds: boolean): ChipTuner => {
  const bus = new FakeI2cBus(pace, [new FakeSi4703(air, pace, hasRds)]);
  return new ChipTuner({ kind: si4703, openBus: () => Promise.resolve(bus.open()), pace });
};

it('an Si4702 is told from an Si4703: it has no RDS', async () => {
  const pace = new SimPace();
  const tuner = tunerOver(new FakeAir([]), pace, false);
  await pace.until(tuner.open());
  expect(tuner.observe()).toMatchObject({
    state: 'failed',
    failure: expect.stringMatching(/Si4702/) as string,
  });
  await pace.until(tuner.close());
});

it('an Si4703 tells damage of the last block too', async () => {
  const pace = new SimPace();
  const sent = { pi: 0xc201, programme: 'KH FM101', text: '', pty: 1, clock: { utcS: 0, offsetMin: 0 } };
  const groups = [0, 1, 2, 3].map((n) => ({ words: programmeWords(sent, n), errors: [0, 0, 0, 3] as const }));
  const tuner = tunerOver(new FakeAir([{ frequencyKhz: 101_700, rssiDbuv: 46, groups }]), pace, true);
  await pace.until(tuner.open());
  await pace.until(tuner.tune(101_700));
  await pace.pass(4_000);
  expect([tuner.observe().pis.length, tuner.rds().programme, tuner.rds().pty]).toEqual([5, null, 1]);
  await pace.until(tuner.close());
});
