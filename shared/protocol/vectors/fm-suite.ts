/** Runs one vector of the suite `fm` (README.md here says what its members mean). */
import { z } from 'zod';
import { accept } from '../accept.ts';
import { checkBeat, hashDown } from '../fm/beat.ts';
import type { LastBeat } from '../fm/beat.ts';
import { acceptFmOrder } from '../fm/order.ts';
import { hear } from '../fm/segments.ts';
import type { Heard } from '../fm/segments.ts';
import { station } from '../schema/documents.ts';
import { acceptVector, bytesOf, clock, raw, stateBefore, summary } from './accept-suite.ts';
import type { Outcome } from './accept-suite.ts';

const named = { suite: z.literal('fm'), id: z.string(), title: z.string() };
const steps = z
  .array(z.strictObject({ frame: z.hex(), clock, expect: z.strictObject({ code: z.string() }) }))
  .min(1);

export const fmVector = z.discriminatedUnion('kind', [
  z.object({
    ...named,
    kind: z.literal('chain'),
    chain: z.string(),
    day: z.int(),
    seed: z.string(),
    anchor: z.string(),
    keys: z.record(z.string(), z.string()),
  }),
  z.object({ ...named, kind: z.literal('beat'), station, steps }),
  z.object({
    ...named,
    kind: z.literal('segments'),
    groups: z.array(z.tuple([z.int(), z.hex(), z.number()])),
    frames: z.array(z.strictObject({ at: z.number(), kind: z.string(), frame: z.hex() })),
  }),
  z.object({
    ...named,
    kind: z.literal('order'),
    box: acceptVector.shape.box,
    trust: z.unknown(),
    device: raw,
    fmplan: raw,
    setupClock: clock,
    steps,
    after: acceptVector.shape.after,
  }),
]);
type FmVector = z.infer<typeof fmVector>;
type Of<K extends FmVector['kind']> = Extract<FmVector, { kind: K }>;

export async function runFm(vector: FmVector): Promise<Outcome> {
  switch (vector.kind) {
    case 'chain':
      return runChain(vector);
    case 'beat':
      return runBeat(vector);
    case 'segments':
      return runSegments(vector);
    case 'order':
      return runOrder(vector);
  }
}

const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const toHex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function runChain({ chain, day, seed, anchor, keys }: Of<'chain'>): Outcome {
  const keyAt = (interval: number): string => hashDown(chain, day, 2879, interval, seed);
  const got = Object.keys(keys).map((interval) => [interval, keyAt(Number(interval))]);
  return { expected: { anchor, keys }, got: { anchor: keyAt(-1), keys: Object.fromEntries(got) as unknown } };
}

function runBeat(vector: Of<'beat'>): Outcome {
  if (vector.station.beat === null) throw new Error(`${vector.id} has no beat`);
  let last: LastBeat | null = null;
  const got: string[] = [];
  for (const step of vector.steps) {
    const answer = checkBeat(fromHex(step.frame), vector.station.beat, step.clock, last);
    last = answer.last;
    got.push(answer.code);
  }
  return { expected: vector.steps.map(({ expect }) => expect.code), got };
}

function runSegments({ groups, frames }: Of<'segments'>): Outcome {
  let heard: Heard = new Map();
  const got: unknown[] = [];
  for (const [segment, hex, at] of groups) {
    const next = hear(heard, segment, fromHex(hex), at);
    heard = next.heard;
    if (next.frame !== null) got.push({ at, kind: next.frame.kind, frame: toHex(next.frame.bytes) });
  }
  return { expected: frames, got };
}

async function runOrder(vector: Of<'order'>): Promise<Outcome> {
  let state = stateBefore(vector);
  for (const input of [vector.device, vector.fmplan]) {
    const answer = await accept(bytesOf(input), state, vector.setupClock, null);
    if (answer.code !== 'ACCEPTED') return { expected: 'ACCEPTED', got: answer.code };
    state = answer.state;
  }
  const got: unknown[] = [];
  let last = vector.setupClock;
  for (const step of vector.steps) {
    const answer = await acceptFmOrder(fromHex(step.frame), state, step.clock);
    got.push({ code: answer.code, isKept: answer.code === 'ACCEPTED' || answer.state === state });
    state = answer.state;
    last = step.clock;
  }
  const expected = vector.steps.map(({ expect }) => ({ ...expect, isKept: true }));
  return { expected: [...expected, vector.after], got: [...got, summary(state, last)] };
}
