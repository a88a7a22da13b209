/** A contact moves when it has stood still, whatever it did before. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contact } from './debounce.ts';
import { sampled, unknownContact } from './debounce.ts';

const debounceMs = 40;
const still = (on: boolean): Contact => ({ on, other: null });
const run = (from: Contact, samples: readonly (readonly [number, boolean])[]): Contact =>
  samples.reduce((contact, [upMs, on]) => sampled(contact, on, upMs, debounceMs), from);

describe('sampled', () => {
  it('moves once it was seen otherwise for long enough, and not before', () => {
    const at = (upMs: number) =>
      run(still(false), [
        [0, true],
        [upMs, true],
      ]).on;
    expect([at(39), at(40)]).toEqual([false, true]);
  });

  it('begins anew whenever it was seen as before', () => {
    const samples = [
      [0, true],
      [30, true],
      [35, false],
      [36, true],
      [70, true],
    ] as const;
    expect(run(still(false), samples)).toEqual({ on: false, other: { on: true, sinceUpMs: 36 } });
  });

  it('is unknown until the first look has held, also where the first ones differ', () => {
    expect(
      run(unknownContact, [
        [0, true],
        [30, false],
        [50, false],
      ]).on,
    ).toBeNull();
    expect(
      run(unknownContact, [
        [0, true],
        [30, false],
        [70, false],
      ]).on,
    ).toBe(false);
  });

  it('never moves on a contact that does not stand still for the debounce, whatever the bounces', () => {
    const bounces = fc.array(fc.integer({ min: 1, max: debounceMs - 1 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(bounces, (gaps) => {
        let upMs = 0;
        const samples = gaps.map((gap, at) => {
          upMs += gap;
          return [upMs, at % 2 === 0] as const;
        });
        expect(run(still(false), samples).on).toBe(false);
      }),
    );
  });
});
