/** What every FM receiver must do, simulated or real. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tuner } from './seam.ts';

export type TunerRig = {
  readonly tuner: Tuner;
  pass(ms: number): Promise<void>;
  /** Stations that can be received where the test runs. */
  readonly withRds: {
    readonly frequencyKhz: number;
    /** Null: this kind of receiver knows no RDS. */
    readonly pi: string | null;
  };
  readonly withoutRds: { readonly frequencyKhz: number };
  close(): Promise<void>;
};

export const tunerContract = (name: string, makeRig: () => Promise<TunerRig>): void => {
  describe(`${name} keeps the tuner contract`, () => {
    let rig: TunerRig;
    beforeEach(async () => {
      rig = await makeRig();
      await rig.tuner.open();
    });
    afterEach(async () => {
      await rig.tuner.close();
      await rig.close();
    });

    it('starts muted and untuned, so that nothing is heard that nobody asked for', () => {
      expect(rig.tuner.observe()).toMatchObject({ state: 'idle', muted: true, frequencyKhz: null, pis: [] });
    });

    it('says its frequency, strength and programme identification once it is tuned', async () => {
      await rig.tuner.tune(rig.withRds.frequencyKhz);
      await rig.pass(1_000);
      const { state, frequencyKhz, rssiDbuv, pis } = rig.tuner.observe();
      expect([state, frequencyKhz]).toEqual(['tuned', rig.withRds.frequencyKhz]);
      expect(rssiDbuv).toBeGreaterThan(10);
      const { pi } = rig.withRds;
      expect(pis).toEqual(pi === null ? [] : Array.from({ length: 5 }, () => pi));
    });

    it('knows no identification right after it was tuned, so that an old one never counts for a new station', async () => {
      await rig.tuner.tune(rig.withRds.frequencyKhz);
      await rig.pass(1_000);
      await rig.tuner.tune(rig.withoutRds.frequencyKhz);
      expect(rig.tuner.observe().pis).toEqual([]);
      await rig.pass(1_000);
      expect(rig.tuner.observe()).toMatchObject({ state: 'tuned', pis: [] });
    });

    it('stays muted until it is told otherwise, and is muted when it is closed', async () => {
      await rig.tuner.tune(rig.withRds.frequencyKhz);
      expect(rig.tuner.observe().muted).toBe(true);
      await rig.tuner.mute(false);
      expect(rig.tuner.observe().muted).toBe(false);
      await rig.tuner.close();
      expect(rig.tuner.observe()).toMatchObject({ state: 'absent', muted: true });
    });
  });
};
