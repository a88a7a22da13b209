/** What a receiver chip does for the tuner above it: its registers stay in its own file. */
import type { Bus, Pace } from '../bus/seam.ts';
import type { RdsGroup } from './rds.ts';

/** One look at a tuned chip. */
export type Look = {
  readonly rssiDbuv: number;
  readonly stereo: boolean;
  /** The newest group, null where there is none; the same one may come twice. */
  readonly group: RdsGroup | null;
};

/** A conversation with one chip; every call may reject with a `BusFault` or a `ChipFault`. */
export interface Chip {
  /** Is it the right chip? Then power and settings, muted; nothing of before is left. */
  start(): Promise<void>;
  /** Waits for the chip to say that it has tuned. */
  tune(frequencyKhz: number): Promise<void>;
  /** From where it is tuned; null where nothing was found, then it stands anywhere. Leaves the bus alone while it seeks. */
  seek(direction: 'up' | 'down'): Promise<number | null>;
  mute(on: boolean): Promise<void>;
  setVolume(level: number): Promise<void>;
  look(): Promise<Look>;
  /** Does it still have our settings? Rejects where it lost them, as after a dip of its supply. */
  check(): Promise<void>;
  stop(): Promise<void>;
}

/** One kind of chip: what it can receive, and how often it wants to be looked at. */
export type ChipKind = {
  readonly name: string;
  /** Null: it can be tuned there; else why not. */
  refuses(frequencyKhz: number): string | null;
  /** Between two looks while it is tuned: below the 40 ms for which a group stands, where there is RDS. */
  readonly lookMs: number;
  make(bus: Bus, pace: Pace): Chip;
};

/** The chip answers, and not as it should. */
export class ChipFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ChipFault';
  }
}

/** Looks by time, not by polling: first after `firstMs`, then each `againMs`, and no more after `limitMs`. */
export async function awaitDone(
  pace: Pace,
  waits: { readonly firstMs: number; readonly againMs: number; readonly limitMs: number },
  isDone: () => Promise<boolean>,
  what: string,
): Promise<void> {
  const beganMs = pace.upMs();
  await pace.wait(waits.firstMs);
  while (!(await isDone())) {
    if (pace.upMs() - beganMs >= waits.limitMs) throw new ChipFault(`the chip does not finish ${what}`);
    await pace.wait(waits.againMs);
  }
}

/** Linux (si470x) waits as long: 3 s for a tune, 5 s for a seek. A whole band takes longer than that: 205 channels of 60 ms. */
export const tuneWaits = { firstMs: 70, againMs: 100, limitMs: 3_000 } as const;
export const seekWaits = { firstMs: 5_000, againMs: 5_000, limitMs: 15_000 } as const;

/** 16-bit registers as they go over the wire, high byte first. */
export const bytesOf = (words: readonly number[]): Uint8Array =>
  Uint8Array.from(words.flatMap((word) => [word >> 8, word & 255]));

export const wordAt = (bytes: Uint8Array, index: number): number =>
  ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0);

export const hex = (word: number): string => `0x${word.toString(16).padStart(4, '0')}`;

/** Error bits as the chips give them. */
export const errorsOf = (bits: number): 0 | 1 | 2 | 3 => {
  const level = bits & 3;
  return level === 0 || level === 1 || level === 2 ? level : 3;
};

export const mhz = (khz: number): string => `${khz / 1000} MHz`;
