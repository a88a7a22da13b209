/** What the box's contacts must do, simulated or real. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InputEvent, InputName, Inputs } from './seam.ts';

export type InputsRig = {
  /** Door and mute button are wired, mains are not. */
  readonly inputs: Inputs;
  /** Moves a contact cleanly. */
  move(name: InputName, on: boolean): void;
  /** Moves a contact there and back within a few milliseconds. */
  bounce(name: InputName): void;
  /** Takes the lines away, and gives them back as they stand. */
  unplug(): void;
  plug(): void;
  close(): Promise<void>;
};

export const inputsContract = (name: string, makeRig: () => Promise<InputsRig>): void => {
  describe(`${name} keeps the inputs contract`, () => {
    let rig: InputsRig;
    let calls: number;
    beforeEach(async () => {
      rig = await makeRig();
      calls = 0;
    });
    afterEach(async () => {
      await rig.inputs.close();
      await rig.close();
    });
    const open = () =>
      rig.inputs.open(() => {
        calls += 1;
      });
    const eventually = async (isSo: () => boolean): Promise<void> => {
      for (let tries = 0; tries < 400 && !isSo(); tries += 1) await sleep(10);
      expect(isSo()).toBe(true);
    };
    const happened: InputEvent[] = [];
    const awaitEvents = async (count: number): Promise<string[]> => {
      happened.length = 0;
      await eventually(() => {
        happened.push(...rig.inputs.takeEvents());
        return happened.length >= count;
      });
      return happened.map(({ what }) => what);
    };

    it('observes nothing before it is open and after it was closed', async () => {
      expect(rig.inputs.observe()).toMatchObject({ door: null, mains: null, mute: null });
      await open();
      await rig.inputs.close();
      expect(rig.inputs.observe()).toMatchObject({ door: null, mains: null, mute: null });
    });

    it('says how the contacts stand at the first look, which is no event, and nothing of one that is not wired', async () => {
      rig.move('door', true);
      await open();
      expect(rig.inputs.observe()).toEqual({ door: true, mains: null, mute: false, failure: null });
      expect([rig.inputs.takeEvents(), calls]).toEqual([[], 0]);
    });

    it('tells each move once, in order, with its instant, and calls back', async () => {
      await open();
      rig.move('mute', true);
      expect(await awaitEvents(1)).toEqual(['mute-pressed']);
      rig.move('mute', false);
      expect(await awaitEvents(1)).toEqual(['mute-released']);
      rig.move('door', true);
      expect(await awaitEvents(1)).toEqual(['door-opened']);
      expect(happened[0]?.upMs).toBeGreaterThan(0);
      expect([rig.inputs.takeEvents(), calls]).toEqual([[], 3]);
      expect(rig.inputs.observe()).toMatchObject({ door: true, mute: false });
    });

    it('does not take a bounce for a move', async () => {
      await open();
      rig.bounce('mute');
      await sleep(150);
      expect([rig.inputs.takeEvents(), rig.inputs.observe().mute]).toEqual([[], false]);
    });

    it('keeps the newest 64 of more events', async () => {
      await open();
      for (let times = 1; times <= 66; times += 1) {
        rig.move('door', times % 2 === 1);
        await eventually(() => calls === times);
      }
      const events = rig.inputs.takeEvents();
      expect([events.length, events[0]?.what, events.at(-1)?.what]).toEqual([
        64,
        'door-opened',
        'door-closed',
      ]);
    });

    it('says that it cannot read lines that are gone, and tells what moved meanwhile once they are back', async () => {
      await open();
      rig.unplug();
      await eventually(() => rig.inputs.observe().door === null);
      expect(rig.inputs.observe().failure).toMatch(/door/);
      rig.move('door', true);
      rig.plug();
      expect(await awaitEvents(1)).toEqual(['door-opened']);
      expect(rig.inputs.observe()).toEqual({ door: true, mains: null, mute: false, failure: null });
    });
  });
};
