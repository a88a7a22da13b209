/** How long sync waits for what: protocol.md §8 as defaults, configuration for whoever needs other times (the demo, a test, a satellite link). */
import { z } from 'zod';

const DAY_MS = 86_400_000;
const ms = (byDefault: number) => z.int().min(0).max(DAY_MS).default(byDefault);

export const waitsSchema = z.strictObject({
  /** A full turn (trust, head, documents) at least so often, ± a tenth. */
  documentsMs: ms(3_600_000),
  /** A small turn (orders while the broker is away, missing media, records) so often … */
  ordersMs: ms(300_000),
  /** … plus or minus so much. */
  ordersJitterMs: ms(60_000),
  /** After a nudge: at random between none of it and all of it, so that 3,000 boxes do not come at once. */
  nudgeJitterMs: ms(30_000),
  /** Between the end of a turn and the next. */
  leastGapMs: ms(1_000),
  /** After a turn that did not reach the cloud, doubling from the first to the second. */
  retryMs: ms(10_000),
  retryMostMs: ms(300_000),
  /** What was refused is asked for again after so long, doubling from the first to the second. */
  refusedMs: ms(600_000),
  refusedMostMs: ms(21_600_000),
  /** `Retry-After` is honoured up to here: a broken cloud must not send a box away for a year. */
  retryAfterMostMs: ms(3_600_000),
  /** HTTP: until the connection stands; until the next byte; for a whole document. */
  connectMs: ms(10_000),
  idleMs: ms(60_000),
  exchangeMs: ms(120_000),
  /** Media slower than this are cut off, and resumed later. */
  slowestBytesPerS: z.int().min(1).default(512),
  /** MQTT: the first wait is at random between these two, then doubles up to `reconnectMostMs`. */
  reconnectMs: ms(1_000),
  reconnectFirstMostMs: ms(10_000),
  reconnectMostMs: ms(120_000),
  keepaliveS: z.int().min(1).max(600).default(120),
  /** After each silent loss the keepalive is halved, down to here. */
  keepaliveLeastS: z.int().min(1).max(600).default(30),
  /** A broker that floods is left alone at random between these two. */
  floodedMs: ms(60_000),
  floodedMostMs: ms(600_000),
});
/** Milliseconds, but where the name says otherwise. */
export type Waits = z.output<typeof waitsSchema>;

/** 0 ≤ x < 1. */
export type Random = () => number;

export const between = (random: Random, least: number, most: number): number =>
  Math.round(least + random() * Math.max(0, most - least));

/** `wait`, a tenth more or less. */
export const about = (random: Random, wait: number): number => between(random, wait * 0.9, wait * 1.1);
