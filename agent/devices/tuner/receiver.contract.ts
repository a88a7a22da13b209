/** What every receiver on I2C must do when chip, cable or bus misbehave: over the byte-level fakes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeAir } from '../../sim/fake-air.ts';
import type { AirGroup } from '../../sim/fake-air.ts';
import { FakeI2cBus } from '../../sim/fake-i2c-bus.ts';
import type { FakeChip } from '../../sim/fake-i2c-bus.ts';
import { SimPace } from '../../sim/sim-pace.ts';
import { bounded } from '../bus/bounded.ts';
import { busFaultOf } from '../bus/faults.ts';
import { patient } from '../bus/patient.ts';
import type { Pace } from '../bus/seam.ts';
import { ChipTuner } from './chip-tuner.ts';
import type { ChipKind } from './chip.ts';
import { houseWords, programmeWords } from './rds-encoder.fixture.ts';
import type { TunerObserved } from './seam.ts';
import { tunerContract } from './tuner.contract.ts';
import type { TunerRig } from './tuner.contract.ts';

export interface ListenableChip extends FakeChip {
  readonly heard: { readonly frequencyKhz: number; readonly volume?: number } | null;
  isStalled: boolean;
  readonly seeks: number;
  reset(): void;
}

export type ReceiverKind = {
  readonly kind: ChipKind;
  readonly fake: (air: FakeAir, pace: Pace) => ListenableChip;
  /** Each answers at the same address with these bytes, for ever, and is something else. */
  readonly impostors: readonly (readonly number[])[];
  readonly hasRds: boolean;
  readonly hasVolume: boolean;
  /** A frequency of the seam that this chip cannot have. */
  readonly refusedKhz: number;
};

const station = { pi: 0xc201, programme: 'KH FM101', text: '', pty: 1, clock: { utcS: 0, offsetMin: 0 } };
const sent = (words: AirGroup['words']): AirGroup => ({ words, errors: [0, 0, 0, 0] });
const groups = [
  ...[0, 1, 2, 3].map((segment) => sent(programmeWords(station, segment))),
  sent(houseWords(station, 3, Uint8Array.of(1, 2, 3, 4))),
];
const [withRdsKhz, withoutRdsKhz] = [101_700, 92_100];

const makeRig = ({ kind, fake }: ReceiverKind) => {
  const pace = new SimPace();
  const air = new FakeAir([
    { frequencyKhz: withRdsKhz, rssiDbuv: 46, groups },
    { frequencyKhz: withoutRdsKhz, rssiDbuv: 40, groups: [] },
  ]);
  const chip = fake(air, pace);
  const bus = new FakeI2cBus(pace, [chip]);
  const openBus = () => Promise.resolve(bounded(patient(bus.open(), pace), pace, 3_000));
  return { pace, air, chip, bus, tuner: new ChipTuner({ kind, openBus, pace }) };
};

const impostorOf = (addresses: readonly number[], bytes: readonly number[]): FakeChip => ({
  addresses,
  write: () => undefined,
  read: (_, sizeBytes) =>
    Uint8Array.from({ length: sizeBytes }, (_byte, at) => bytes[at % bytes.length] ?? 0),
});

const contractRig = (receiver: ReceiverKind): Promise<TunerRig> => {
  const { pace, tuner } = makeRig(receiver);
  return Promise.resolve({
    tuner: {
      open: () => pace.until(tuner.open()),
      tune: (khz) => pace.until(tuner.tune(khz)),
      mute: (on) => pace.until(tuner.mute(on)),
      observe: () => tuner.observe(),
      close: () => pace.until(tuner.close()),
    },
    pass: (ms) => pace.pass(ms),
    withRds: { frequencyKhz: withRdsKhz, pi: receiver.hasRds ? 'c201' : null },
    withoutRds: { frequencyKhz: withoutRdsKhz },
    close: () => Promise.resolve(),
  });
};

export const receiverContract = (receiver: ReceiverKind): void => {
  const { kind, hasRds, hasVolume, refusedKhz } = receiver;
  tunerContract(`${kind.name} over its fake`, () => contractRig(receiver));

  describe(`${kind.name} on bad wires`, () => {
    let rig: ReturnType<typeof makeRig>;
    const seen = (): TunerObserved => rig.tuner.observe();
    const open = (): Promise<void> => rig.pace.until(rig.tuner.open());
    const tune = (khz: number): Promise<void> => rig.pace.until(rig.tuner.tune(khz));
    const mute = (on: boolean): Promise<void> => rig.pace.until(rig.tuner.mute(on));
    /** Milliseconds until this is seen, at most `limitMs`. */
    const noticed = async (isSo: (now: TunerObserved) => boolean, limitMs: number): Promise<number> => {
      const beganMs = rig.pace.upMs();
      while (!isSo(seen()) && rig.pace.upMs() - beganMs < limitMs) await rig.pace.pass(50);
      expect(isSo(seen()), JSON.stringify(seen())).toBe(true);
      return rig.pace.upMs() - beganMs;
    };

    beforeEach(() => {
      rig = makeRig(receiver);
    });
    afterEach(async () => {
      rig.bus.free();
      await rig.pace.until(rig.tuner.close());
      expect(rig.chip.heard).toBeNull();
      expect(rig.bus.closed).toBe(rig.bus.opened);
    });

    it('is absent with a reason while nothing answers, and idle once something does', async () => {
      rig.bus.unplug(rig.chip);
      await open();
      expect(seen()).toMatchObject({ state: 'absent', muted: true, failure: 'nothing answers' });
      await tune(withRdsKhz);
      await mute(false);
      expect(seen()).toMatchObject({ state: 'absent', muted: true });
      rig.bus.plug(rig.chip);
      await noticed(({ state }) => state === 'tuned', 4_000);
      expect(seen()).toMatchObject({ frequencyKhz: withRdsKhz, muted: true, failure: null });
    });

    it('says that the bus itself cannot be opened, and opens it once it can', async () => {
      let isThere = false;
      const openBus = () =>
        isThere
          ? Promise.resolve(rig.bus.open())
          : Promise.reject(busFaultOf(Object.assign(new Error('absent'), { errno: 2 })));
      const tuner = new ChipTuner({ kind, openBus, pace: rig.pace });
      await rig.pace.until(tuner.open());
      expect(tuner.observe()).toMatchObject({ state: 'absent', muted: true });
      isThere = true;
      await rig.pace.pass(4_000);
      expect(tuner.observe()).toMatchObject({ state: 'idle', failure: null });
      await rig.pace.until(tuner.close());
    });

    it('says that another chip answers at the address', async () => {
      for (const bytes of receiver.impostors) {
        const bus = new FakeI2cBus(rig.pace, [impostorOf(rig.chip.addresses, bytes)]);
        const openBus = () => Promise.resolve(bounded(bus.open(), rig.pace, 3_000));
        const tuner = new ChipTuner({ kind, openBus, pace: rig.pace });
        await rig.pace.until(tuner.open());
        expect(tuner.observe().state).toBe('failed');
        expect(tuner.observe().failure).toMatch(new RegExp(`no ${kind.name}`));
        await rig.pace.until(tuner.close());
      }
    });

    it('notices within 1.2 s that the cable is off, and comes back muted on its frequency', async () => {
      await open();
      await tune(withRdsKhz);
      await mute(false);
      expect(rig.chip.heard).toMatchObject({ frequencyKhz: withRdsKhz });
      rig.bus.unplug(rig.chip);
      expect(await noticed(({ state }) => state === 'absent', 5_000)).toBeLessThanOrEqual(1_200);
      expect(seen()).toMatchObject({ pis: [], rssiDbuv: null, failure: 'nothing answers' });
      rig.bus.plug(rig.chip);
      await noticed(({ state }) => state === 'tuned', 4_000);
      expect(seen()).toMatchObject({ frequencyKhz: withRdsKhz, muted: true, failure: null });
      expect(rig.chip.heard).toBeNull();
    });

    it('opens an adapter anew that was taken out, however often it is asked to be muted meanwhile', async () => {
      await open();
      await tune(withRdsKhz);
      await mute(false);
      rig.bus.remove();
      // As the tick does: a receiver that is not muted and should be is asked at each look.
      const asking = async (ms: number): Promise<void> => {
        for (const endMs = rig.pace.upMs() + ms; rig.pace.upMs() < endMs;) {
          if (!seen().muted) await mute(true);
          await rig.pace.pass(500);
        }
      };
      await asking(10_000);
      expect(seen()).toMatchObject({ state: 'absent', failure: 'the adapter is gone' });
      rig.bus.free();
      await asking(4_000);
      expect(seen()).toMatchObject({ state: 'tuned', frequencyKhz: withRdsKhz, muted: true, failure: null });
    });

    it('does not lose its station to two errors in a row, and tells a third', async () => {
      await open();
      await tune(withRdsKhz);
      await mute(false);
      rig.bus.failNext(121, 5);
      await rig.pace.pass(1_000);
      await mute(true);
      await mute(false);
      expect(seen()).toMatchObject({ state: 'tuned', muted: false, failure: null });
      rig.bus.failNext(121, 5, 11);
      await noticed(({ state }) => state === 'absent', 1_000);
      await noticed(({ state }) => state === 'tuned', 4_000);
    });

    it('notices a bus that is held low and a removed adapter, and recovers', async () => {
      await open();
      await tune(withRdsKhz);
      rig.bus.stick();
      expect(await noticed(({ state }) => state === 'absent', 5_000)).toBeLessThanOrEqual(2_200);
      expect(seen().failure).toBe('the bus is stuck');
      rig.bus.free();
      await noticed(({ state }) => state === 'tuned', 5_000);
      rig.bus.remove();
      await noticed(({ failure }) => failure === 'the adapter is gone', 2_000);
      rig.bus.free();
      await noticed(({ state }) => state === 'tuned', 4_000);
    });

    it('notices an adapter that never answers, sends nothing behind it, and recovers when it does', async () => {
      await open();
      await tune(withRdsKhz);
      rig.bus.hang();
      expect(await noticed(({ state }) => state === 'absent', 9_000)).toBeLessThanOrEqual(4_200);
      expect(seen().failure).toMatch(/hangs/);
      const before = rig.bus.transfers.length;
      await rig.pace.pass(20_000);
      expect(rig.bus.transfers.length).toBe(before);
      expect(seen()).toMatchObject({ state: 'absent' });
      rig.bus.free();
      await noticed(({ state }) => state === 'tuned', 9_000);
    });

    it('notices within 1.2 s that a dip of the supply took the settings, and sets them again', async () => {
      await open();
      await tune(withRdsKhz);
      await mute(false);
      rig.chip.reset();
      expect(await noticed(({ failure }) => failure !== null, 5_000)).toBeLessThanOrEqual(1_200);
      expect(seen()).toMatchObject({ state: 'failed', pis: [] });
      await noticed(({ state }) => state === 'tuned', 4_000);
      expect(seen()).toMatchObject({ frequencyKhz: withRdsKhz, muted: true });
    });

    it.runIf(hasVolume)('notices a dip of the supply also while it is tuned to nothing', async () => {
      await open();
      rig.chip.reset();
      expect(await noticed(({ state }) => state === 'failed', 5_000)).toBeLessThanOrEqual(1_200);
      await noticed(({ state }) => state === 'idle', 4_000);
    });

    it('takes over a chip that an agent which was killed left sounding', async () => {
      const killed = kind.make(new FakeI2cBus(rig.pace, [rig.chip]).open(), rig.pace);
      await rig.pace.until(killed.start());
      await rig.pace.until(killed.tune(withRdsKhz));
      await rig.pace.until(killed.mute(false));
      expect(rig.chip.heard).not.toBeNull();
      await open();
      expect(rig.chip.heard).toBeNull();
      await tune(withoutRdsKhz);
      expect(seen()).toMatchObject({ state: 'tuned', muted: true, failure: null });
    });

    it('gives a chip that never says it has tuned 3.5 s, says so, and tries again', async () => {
      await open();
      rig.chip.isStalled = true;
      const beganMs = rig.pace.upMs();
      await tune(withRdsKhz);
      expect(rig.pace.upMs() - beganMs).toBeLessThanOrEqual(3_500);
      expect(seen()).toMatchObject({ state: 'failed', failure: 'the chip does not finish tuning', pis: [] });
      rig.chip.isStalled = false;
      await noticed(({ state }) => state === 'tuned', 6_000);
    });

    it('refuses a frequency that it cannot have in words, muted, and takes the next one', async () => {
      await open();
      await tune(withRdsKhz);
      await mute(false);
      await tune(refusedKhz);
      expect(seen()).toMatchObject({
        state: 'failed',
        frequencyKhz: refusedKhz,
        muted: true,
        rssiDbuv: null,
      });
      expect(seen().failure).toContain(kind.name);
      expect(rig.chip.heard).toBeNull();
      await tune(withoutRdsKhz);
      expect(seen()).toMatchObject({ state: 'tuned', failure: null });
      await expect(rig.tuner.tune(108_050)).rejects.toThrow('outside FM');
    });

    it('seeks without touching the bus, and no later write begins another seek', async () => {
      await open();
      await tune(withoutRdsKhz);
      await rig.pace.pass(200);
      const before = rig.bus.transfers.length;
      const seeking = rig.tuner.seek('up');
      await rig.pace.pass(40);
      const begun = rig.bus.transfers.length;
      expect(begun - before).toBeLessThanOrEqual(2);
      await rig.pace.pass(4_800);
      expect(rig.bus.transfers.length).toBe(begun);
      expect(seen()).toMatchObject({ state: 'tuning', pis: [] });
      expect(await rig.pace.until(seeking)).toBe(withRdsKhz);
      await mute(false);
      await rig.pace.until(rig.tuner.setVolume(7));
      await rig.pace.pass(1_500);
      expect(seen()).toMatchObject({ state: 'tuned', frequencyKhz: withRdsKhz, rssiDbuv: 46 });
      expect(rig.chip.heard).toMatchObject({ frequencyKhz: withRdsKhz });
      expect(rig.chip.seeks).toBe(1);
      expect(await rig.pace.until(rig.tuner.seek('down'))).toBe(withoutRdsKhz);
      expect(rig.chip.seeks).toBe(2);
    });

    it('finds nothing where there is nothing, and stays where it was', async () => {
      await open();
      expect(await rig.pace.until(rig.tuner.seek('up'))).toBeNull();
      await tune(withoutRdsKhz);
      rig.air.silence(withRdsKhz);
      rig.air.silence(withoutRdsKhz);
      expect(await rig.pace.until(rig.tuner.seek('up'))).toBeNull();
      expect(seen()).toMatchObject({ state: 'tuned', frequencyKhz: withoutRdsKhz });
    });

    it.runIf(hasVolume)('sets its volume, and again after it was gone', async () => {
      await open();
      await tune(withRdsKhz);
      await rig.pace.until(rig.tuner.setVolume(5));
      await mute(false);
      expect(rig.chip.heard).toEqual({ frequencyKhz: withRdsKhz, volume: 5 });
      rig.chip.reset();
      await noticed(({ state }) => state === 'failed', 2_000);
      await noticed(({ state }) => state === 'tuned', 4_000);
      await mute(false);
      expect(rig.chip.heard).toEqual({ frequencyKhz: withRdsKhz, volume: 5 });
    });

    it.runIf(hasRds)('hears the name, and each segment of the house once', async () => {
      await open();
      await tune(withRdsKhz);
      rig.tuner.takeSegments();
      await rig.pace.pass(8_760);
      expect(rig.tuner.rds().programme).toBe('KH FM101');
      const segments = rig.tuner.takeSegments();
      expect(segments[0]).toEqual({ segment: 3, data: Uint8Array.of(1, 2, 3, 4) });
      expect(segments.length).toBeGreaterThanOrEqual(18);
      expect(segments.length).toBeLessThanOrEqual(21);
      expect(rig.tuner.takeSegments()).toEqual([]);
    });

    it.runIf(hasRds)('knows which block was damaged', async () => {
      await open();
      const hit = (...errors: AirGroup['errors']): void => {
        const damagedGroups = groups.map(({ words }) => ({ words, errors }));
        rig.air.send({ frequencyKhz: withRdsKhz, rssiDbuv: 46, groups: damagedGroups });
      };
      hit(2, 0, 0, 0);
      await tune(withRdsKhz);
      await rig.pace.pass(4_000);
      expect([seen().pis, rig.tuner.rds().programme]).toEqual([[], 'KH FM101']);
      hit(0, 3, 0, 0);
      await tune(withRdsKhz);
      await rig.pace.pass(4_000);
      expect([seen().pis.length, rig.tuner.rds().programme]).toEqual([5, null]);
    });

    it.runIf(hasRds)('forgets within 5.1 s who no longer says who he is', async () => {
      await open();
      await tune(withRdsKhz);
      await rig.pace.pass(1_000);
      expect(seen().pis).toHaveLength(5);
      rig.air.send({ frequencyKhz: withRdsKhz, rssiDbuv: 46, groups: [] });
      await rig.pace.pass(5_100);
      expect(seen()).toMatchObject({ state: 'tuned', pis: [] });
    });
  });
};
