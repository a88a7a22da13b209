import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameLimit } from './frames.ts';

const lengthOf = (length: number): number[] =>
  length < 128 ? [length] : [(length % 128) | 0x80, ...lengthOf(Math.floor(length / 128))];
const frame = (first: number, length: number): Uint8Array =>
  Uint8Array.from([first, ...lengthOf(length), ...Array<number>(length).fill(0x32)]);
const faultsOf = (chunks: readonly Uint8Array[]): (string | null)[] => {
  const limit = new FrameLimit();
  return chunks.map((chunk) => limit.fault(chunk));
};
const cut = (bytes: Uint8Array, at: readonly number[]): Uint8Array[] => {
  const places = [0, ...at.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
};

describe('the limit on frames', () => {
  it('lets pass what fits, however it is cut into pieces', () => {
    const lengths = fc.array(fc.oneof(fc.nat(300), fc.integer({ min: 15_000, max: 17_000 })), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(lengths, fc.array(fc.nat(), { maxLength: 8 }), (sizes, at) => {
        const bytes = Buffer.concat(sizes.map((size) => frame(0x32, size)));
        expect(faultsOf(cut(bytes, at)).every((fault) => fault === null)).toBe(true);
      }),
    );
  });

  it('E06 stops a frame by what it announces, not by what has come', () => {
    for (const length of [17_500, 100_000, 268_435_455])
      expect(faultsOf([Uint8Array.from([0x30, ...lengthOf(length)])])).toEqual([
        'the broker sends a message that is too long',
      ]);
  });

  it('E06 stops a length that does not end', () => {
    expect(faultsOf([Uint8Array.from([0x30, 0x80, 0x80, 0x80, 0x80])]).at(-1)).not.toBeNull();
  });

  it('E06 stops a message of QoS 2 or 3, which the library would keep', () => {
    for (const first of [0x34, 0x35, 0x3c, 0x36])
      expect(faultsOf([frame(first, 10)])).toEqual([
        'the broker sends with a quality of service that was not asked for',
      ]);
    for (const first of [0x20, 0x30, 0x31, 0x32, 0x33, 0x3a, 0x40, 0x90, 0xd0])
      expect(faultsOf([frame(first, 10)])).toEqual([null]);
  });
});
