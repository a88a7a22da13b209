/** What every relay must do, simulated or real. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Relay } from './seam.ts';

export type RelayRig = {
  readonly relay: Relay;
  /** What somebody with a voltmeter sees, now. */
  wire(): boolean;
  /** Another process owns such a relay, has switched it on and is killed; true where the wire opened by itself. */
  opensWhenOwnerIsKilled(): Promise<boolean>;
  /** Takes the line away from under the relay. */
  unplug(): void;
  close(): Promise<void>;
};

export const relayContract = (name: string, makeRig: () => Promise<RelayRig>): void => {
  describe(`${name} keeps the relay contract`, () => {
    let rig: RelayRig;
    beforeEach(async () => {
      rig = await makeRig();
    });
    afterEach(async () => {
      await rig.close();
    });

    it('starts open, so a crash leaves the amplifier off', async () => {
      await rig.relay.open();
      expect(rig.relay.observe()).toEqual({ on: false, failure: null });
      expect(rig.wire()).toBe(false);
      expect(await rig.opensWhenOwnerIsKilled()).toBe(true);
    });

    it('observes nothing before it is open', () => {
      expect(rig.relay.observe().on).toBeNull();
    });

    it('closes and opens the contact, and observes what the wire says', async () => {
      await rig.relay.open();
      await rig.relay.set(true);
      expect([rig.wire(), rig.relay.observe().on]).toEqual([true, true]);
      await rig.relay.set(false);
      expect([rig.wire(), rig.relay.observe().on]).toEqual([false, false]);
    });

    it('opens the contact when it is closed down', async () => {
      await rig.relay.open();
      await rig.relay.set(true);
      await rig.relay.close();
      expect(rig.wire()).toBe(false);
      expect(rig.relay.observe().on).toBeNull();
    });

    it('ends in the state asked for last when asked quickly', async () => {
      await rig.relay.open();
      await Promise.all([rig.relay.set(true), rig.relay.set(false), rig.relay.set(true)]);
      expect([rig.wire(), rig.relay.observe().on]).toEqual([true, true]);
    });

    it('says that it cannot read the wire when the line is gone, and does not reject', async () => {
      await rig.relay.open();
      rig.unplug();
      for (let tries = 0; tries < 100 && rig.relay.observe().on !== null; tries += 1) await sleep(20);
      expect(rig.relay.observe()).toMatchObject({ on: null, failure: expect.any(String) as string });
    });
  });
};
