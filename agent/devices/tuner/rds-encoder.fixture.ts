/** Groups as a station sends them, and what the air does to them: for tests of everything that listens. */
import type { RdsGroup } from './rds.ts';

type Words = readonly [number, number, number, number];
export type Sent = {
  readonly pi: number;
  readonly programme: string;
  readonly text: string;
  readonly pty: number;
  /** UTC seconds at a full minute, and minutes of local offset. */
  readonly clock: { readonly utcS: number; readonly offsetMin: number };
};

const block2 = (type: number, isVersionB: boolean, pty: number, rest: number): number =>
  (type << 12) | (isVersionB ? 0x0800 : 0) | (pty << 5) | rest;
const pair = (text: string, at: number): number => (text.charCodeAt(at) << 8) | text.charCodeAt(at + 1);

export const programmeWords = ({ pi, programme, pty }: Sent, segment: number): Words => [
  pi,
  block2(0, false, pty, segment),
  0xe0cd,
  pair(programme.padEnd(8), 2 * segment),
];

export const textWords = ({ pi, text, pty }: Sent, segment: number, flag = 0): Words => {
  const padded = `${text}\r`.padEnd(64);
  const b = block2(2, false, pty, (flag << 4) | segment);
  return [pi, b, pair(padded, 4 * segment), pair(padded, 4 * segment + 2)];
};

export const clockWords = ({ pi, clock, pty }: Sent): Words => {
  const day = Math.floor(clock.utcS / 86_400) + 40_587;
  const hour = Math.floor((clock.utcS % 86_400) / 3600);
  const minute = Math.floor((clock.utcS % 3600) / 60);
  const offset = (clock.offsetMin < 0 ? 0x20 : 0) | (Math.abs(clock.offsetMin) / 30);
  const b = block2(4, false, pty, day >> 15);
  const c = ((day & 0x7fff) << 1) | (hour >> 4);
  return [pi, b, c, ((hour & 15) << 12) | (minute << 6) | offset];
};

export const houseWords = (
  { pi, pty }: Pick<Sent, 'pi' | 'pty'>,
  segment: number,
  bytes: Uint8Array,
): Words => {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return [pi, block2(6, false, pty, segment), (a << 8) | b, (c << 8) | d];
};

export const intact = (words: Words): RdsGroup => [
  { word: words[0], errors: 0 },
  { word: words[1], errors: 0 },
  { word: words[2], errors: 0 },
  { word: words[3], errors: 0 },
];

/** What a chip without error bits for blocks C and D makes of a group (RDA5807M). */
export const halfTold = ([a, b, c, d]: RdsGroup): RdsGroup => [
  a,
  b,
  { ...c, errors: null },
  { ...d, errors: null },
];

/** A station's round: name, text, house segments of one heartbeat frame, time of day at each full minute. */
export function roundOf(sent: Sent, frame: Uint8Array): readonly Words[] {
  const textLength = Math.ceil((sent.text.length + 1) / 4);
  return Array.from({ length: 4 * textLength }, (_, at): Words => {
    if (at % 4 === 0) return textWords(sent, at / 4);
    if (at % 4 === 2) {
      const segment = ((at - 2) / 4) % 5;
      return houseWords(sent, segment, frame.subarray(4 * segment, 4 * segment + 4));
    }
    return programmeWords(sent, ((at - 1) / 2) % 4);
  });
}

/** Same seed, same numbers in [0, 1): mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A burst over this group: at least one block is hit. Of the hit ones half are beyond repair and told so, the others
 * are told as corrected, and of those one in twenty was corrected into something else.
 */
export function damaged(group: RdsGroup, random: () => number): RdsGroup {
  const first = Math.floor(random() * 4);
  const [a, b, c, d] = group.map((block, index) => {
    if (index !== first && random() < 0.6) return block;
    const garbled = block.word ^ (1 + Math.floor(random() * 0xffff));
    if (random() < 0.5) return { word: garbled & 0xffff, errors: 3 as const };
    const errors = random() < 0.6 ? (1 as const) : (2 as const);
    return { word: random() < 0.05 ? garbled & 0xffff : block.word, errors };
  });
  if (a === undefined || b === undefined || c === undefined || d === undefined) return group;
  return [a, b, c, d];
}
