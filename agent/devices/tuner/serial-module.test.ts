/** The serial FM module keeps the tuner contract over bytes in memory, and finds its way back from every fault of line and module. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeFmModule } from '../../sim/fake-fm-module.ts';
import { SimPace } from '../../sim/sim-pace.ts';
import type { TunerObserved } from './seam.ts';
import { SerialModule } from './serial-module.ts';
import { tunerContract } from './tuner.contract.ts';

const strong = { frequencyKhz: 101_700, rssiDbuv: 45 };
const weak = { frequencyKhz: 92_100, rssiDbuv: 22 };

const makeRig = () => {
  const pace = new SimPace();
  const fake = new FakeFmModule(pace, [strong, weak]);
  return { pace, fake, tuner: new SerialModule({ open: fake.open, pace }) };
};

tunerContract('SerialModule over its fake', () => {
  const { pace, tuner } = makeRig();
  return Promise.resolve({
    tuner: {
      open: () => pace.until(tuner.open()),
      tune: (khz) => pace.until(tuner.tune(khz)),
      mute: (on) => pace.until(tuner.mute(on)),
      observe: () => tuner.observe(),
      close: () => pace.until(tuner.close()),
    },
    pass: (ms) => pace.pass(ms),
    withRds: { frequencyKhz: strong.frequencyKhz, pi: null },
    withoutRds: { frequencyKhz: weak.frequencyKhz },
    close: () => Promise.resolve(),
  });
});

describe('a serial FM module', () => {
  let rig: ReturnType<typeof makeRig>;
  const seen = (): TunerObserved => rig.tuner.observe();
  const until = <T>(work: Promise<T>): Promise<T> => rig.pace.until(work);
  const noticed = async (isSo: (now: TunerObserved) => boolean, limitMs: number): Promise<number> => {
    const beganMs = rig.pace.upMs();
    while (!isSo(seen()) && rig.pace.upMs() - beganMs < limitMs) await rig.pace.pass(50);
    expect(isSo(seen()), JSON.stringify(seen())).toBe(true);
    return rig.pace.upMs() - beganMs;
  };
  const relaying = async (): Promise<void> => {
    await until(rig.tuner.open());
    await until(rig.tuner.tune(strong.frequencyKhz));
    await until(rig.tuner.mute(false));
    expect(rig.fake.heard).toEqual({ frequencyKhz: 101_700, volume: 15 });
  };
  /** Back on its frequency, and silent until somebody has looked at it. */
  const backMuted = async (): Promise<void> => {
    await noticed(({ state }) => state === 'tuned', 12_000);
    expect(seen()).toMatchObject({ frequencyKhz: 101_700, rssiDbuv: 45, muted: true, failure: null });
    expect(rig.fake.heard).toBeNull();
  };

  beforeEach(() => {
    rig = makeRig();
  });
  afterEach(async () => {
    rig.fake.mode = 'ok';
    await until(rig.tuner.close());
    expect(rig.fake.closed).toBe(rig.fake.opened);
  });

  it('is silent from the first moment and when it is closed, whatever the module did before', async () => {
    await until(rig.tuner.open());
    expect([rig.fake.heard, seen().state]).toEqual([null, 'idle']);
    await until(rig.tuner.tune(strong.frequencyKhz));
    await until(rig.tuner.mute(false));
    await until(rig.tuner.close());
    expect(rig.fake.heard).toBeNull();
  });

  it.each([300, 1_050, 1_150, 2_500])(
    'never takes the end of an answer that comes %i ms late for the next one',
    async (lateMs) => {
      await relaying();
      rig.fake.splitNext(lateMs);
      await until(rig.tuner.tune(weak.frequencyKhz));
      expect(seen()).toMatchObject({ state: 'tuned', frequencyKhz: 92_100, rssiDbuv: 22, failure: null });
      await rig.pace.pass(8_000);
      expect(seen()).toMatchObject({ state: 'tuned', rssiDbuv: 22, failure: null });
    },
  );

  it('asks again where one command was lost, and tells nobody', async () => {
    await relaying();
    rig.fake.drop(1);
    await until(rig.tuner.tune(weak.frequencyKhz));
    expect(seen()).toMatchObject({ state: 'tuned', frequencyKhz: 92_100, muted: false, failure: null });
  });

  it.each([
    ['silent', /no answer to AT/],
    ['garbage', /no sense in the answer.*wrong speed/],
    ['halfline', /no sense in the answer/],
    ['error', /the module refuses AT\+PWR\? \(ERROR 7\)/],
  ] as const)('says in words that the module is %s, and recovers', async (mode, words) => {
    await relaying();
    rig.fake.mode = mode;
    await noticed(({ failure }) => failure !== null, 4_000);
    expect(seen()).toMatchObject({ state: 'failed', rssiDbuv: null });
    expect(seen().failure).toMatch(words);
    rig.fake.mode = 'ok';
    await backMuted();
  });

  it('notices a hang-up at once, and takes the module up when it is plugged in again', async () => {
    await relaying();
    rig.fake.hangUp();
    expect(seen()).toMatchObject({ state: 'absent', failure: 'the serial line was unplugged' });
    await rig.pace.pass(5_000);
    expect(seen().failure).toMatch(/no such serial line/);
    rig.fake.replug();
    await backMuted();
  });

  it.each([true, false])(
    'sets everything again in a module that has restarted (says so: %s)',
    async (says) => {
      await relaying();
      rig.fake.restart(says);
      expect(await noticed(({ failure }) => failure !== null, 5_000)).toBeLessThanOrEqual(1_200);
      expect(seen().failure).toMatch(/restarted/);
      await backMuted();
      await until(rig.tuner.mute(false));
      expect(rig.fake.heard).toEqual({ frequencyKhz: 101_700, volume: 15 });
    },
  );

  it('opens without its line, says who has it, and tunes once it is free', async () => {
    rig.fake.lock(true);
    await until(rig.tuner.open());
    await until(rig.tuner.tune(strong.frequencyKhz));
    await until(rig.tuner.mute(false));
    expect(seen()).toMatchObject({
      state: 'absent',
      failure: 'another program has this serial line open',
      muted: true,
    });
    rig.fake.lock(false);
    await backMuted();
  });

  it('refuses a frequency that the module does not take in words, muted, and takes the next one', async () => {
    await relaying();
    await until(rig.tuner.tune(54_000));
    expect(seen()).toMatchObject({
      state: 'failed',
      muted: true,
      rssiDbuv: null,
      failure: '54000 kHz: the module refuses AT+FREQ=5400 (ERROR 3)',
    });
    expect(rig.fake.heard).toBeNull();
    await until(rig.tuner.tune(weak.frequencyKhz));
    expect(seen()).toMatchObject({ state: 'tuned', failure: null });
    await expect(rig.tuner.tune(108_050)).rejects.toThrow('outside FM');
  });

  it('believes no setting that cannot be read back', async () => {
    await relaying();
    rig.fake.lie(true);
    await until(rig.tuner.mute(true));
    expect(seen()).toMatchObject({ state: 'failed', muted: false });
    expect(seen().failure).toMatch(/MUTE is 0 and was set to 1/);
    rig.fake.lie(false);
    await backMuted();
  });

  it('is not disturbed by noise between answers, however much of it', async () => {
    await relaying();
    const bytes = new Uint8Array(50_000).map((_, at) => (at * 7) % 251);
    rig.fake.noise(bytes);
    rig.fake.noise(Buffer.from('OK\r\n+FREQ:1\r\nERROR 9\r\n'));
    await rig.pace.pass(5_000);
    expect(seen()).toMatchObject({ state: 'tuned', frequencyKhz: 101_700, muted: false, failure: null });
  });

  it('seeks to the next station and says which', async () => {
    await until(rig.tuner.open());
    expect(await until(rig.tuner.seek('up'))).toBeNull();
    await until(rig.tuner.tune(weak.frequencyKhz));
    expect(await until(rig.tuner.seek('up'))).toBe(101_700);
    expect(seen()).toMatchObject({ state: 'tuned', frequencyKhz: 101_700, rssiDbuv: 45 });
  });

  it('keeps its volume through a restart', async () => {
    await relaying();
    await until(rig.tuner.setVolume(6));
    rig.fake.restart(false);
    await noticed(({ failure }) => failure !== null, 2_000);
    await backMuted();
    await until(rig.tuner.mute(false));
    expect(rig.fake.heard).toEqual({ frequencyKhz: 101_700, volume: 6 });
  });

  it('tells no RDS', async () => {
    await relaying();
    await rig.pace.pass(5_000);
    expect([seen().pis, rig.tuner.rds().programme, rig.tuner.takeSegments()]).toEqual([[], null, []]);
  });
});
