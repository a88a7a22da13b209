/** From RDS group 6A to whole frames, and back: protocol.md §7, Carriage. */

/** What has been heard so far: for each segment number its newest four bytes, and when. */
export type Heard = ReadonlyMap<number, { readonly bytes: Uint8Array; readonly atS: number }>;
type Frame = { readonly kind: 'beat' | 'order'; readonly bytes: Uint8Array };

const FIRST = { beat: 0, order: 5 } as const;
const FRAMES = [
  { kind: 'beat', first: FIRST.beat, last: 4 },
  { kind: 'order', first: FIRST.order, last: 23 },
] as const;
const WITHIN_S = 60;

/**
 * One more group: `segment` is the five bits of block 2, `bytes` are blocks 3 and 4, `atS` any clock that only
 * goes forward. The frame is null until its last segment has come.
 */
export function hear(
  heard: Heard,
  segment: number,
  bytes: Uint8Array,
  atS: number,
): { readonly heard: Heard; readonly frame: Frame | null } {
  const range = FRAMES.find(({ first, last }) => segment >= first && segment <= last);
  if (range === undefined) return { heard, frame: null };
  const next = new Map(heard).set(segment, { bytes, atS });
  const numbers = Array.from({ length: range.last - range.first + 1 }, (_, index) => range.first + index);
  const parts = numbers.flatMap((number) => next.get(number) ?? []);
  if (parts.length < numbers.length || parts.some((part) => atS - part.atS > WITHIN_S)) {
    return { heard: next, frame: null };
  }
  for (const number of numbers) next.delete(number);
  return { heard: next, frame: { kind: range.kind, bytes: joined(parts.map((part) => part.bytes)) } };
}

/** A frame as groups 6A: the five bits of block 2, and the four bytes of blocks 3 and 4. */
export function segmentsOf({
  kind,
  bytes,
}: Frame): readonly { readonly segment: number; readonly data: Uint8Array }[] {
  return Array.from({ length: bytes.length / 4 }, (_, at) => ({
    segment: FIRST[kind] + at,
    data: bytes.slice(4 * at, 4 * at + 4),
  }));
}

const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
