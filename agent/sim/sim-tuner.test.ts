/** The simulated receiver keeps the tuner's contract, and its air can be turned against it. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { TunerRig } from '../devices/tuner/tuner.contract.ts';
import { tunerContract } from '../devices/tuner/tuner.contract.ts';
import { SimTuner } from './sim-tuner.ts';
import { SimUptime } from './sim-uptime.ts';

const stations = [
  { frequencyKhz: 101_700, rssiDbuv: 45, pi: 'c201' },
  { frequencyKhz: 88_500, rssiDbuv: 38, pi: null },
];

const makeRig = (): Promise<TunerRig> => {
  const uptime = new SimUptime();
  return Promise.resolve({
    tuner: new SimTuner(uptime, stations),
    pass: (ms) => {
      uptime.advance(ms);
      return Promise.resolve();
    },
    withRds: { frequencyKhz: 101_700, pi: 'c201' },
    withoutRds: { frequencyKhz: 88_500 },
    close: () => Promise.resolve(),
  });
};

tunerContract('SimTuner', makeRig);

describe('the simulated air', () => {
  let uptime: SimUptime;
  let tuner: SimTuner;
  beforeEach(async () => {
    uptime = new SimUptime();
    tuner = new SimTuner(uptime, stations);
    await tuner.open();
    await tuner.tune(101_700);
    uptime.advance(1_000);
  });

  it('can be hijacked by a stronger station with another identification', () => {
    tuner.air({ frequencyKhz: 101_700, rssiDbuv: 70, pi: 'dead' });
    expect(tuner.observe()).toMatchObject({ rssiDbuv: 70, pis: ['dead', 'dead', 'dead', 'dead', 'dead'] });
  });

  it('falls to noise when the station goes, or the receiver drifts from it', () => {
    tuner.drift(100);
    expect(tuner.observe()).toMatchObject({ frequencyKhz: 101_800, rssiDbuv: 5, pis: [] });
    tuner.drift(-100);
    expect(tuner.observe()).toMatchObject({ rssiDbuv: 45 });
    tuner.silence(101_700);
    expect(tuner.observe()).toMatchObject({ rssiDbuv: 5, stereo: false });
  });

  it('says that the chip is gone, fails a tune as asked, and hangs', async () => {
    tuner.unplug();
    expect(tuner.observe()).toMatchObject({ state: 'absent', failure: 'the chip does not answer' });
    tuner.plug();
    tuner.failNext('no lock');
    await tuner.tune(88_500);
    expect(tuner.observe()).toMatchObject({ state: 'failed', failure: 'no lock' });
    await tuner.tune(101_700);
    tuner.hang();
    uptime.advance(5_000);
    expect(tuner.observe().state).toBe('tuning');
  });
});
