/** What the agent's own program tells of its configuration and store without running (`--examine`), as one line of JSON. */
import { z } from 'zod';
import { clockNow } from './clock-protocol.ts';

const text = z.strictObject({ vi: z.string(), en: z.string() });

const pin = z.union([
  z.strictObject({ name: z.string() }),
  z.strictObject({ chip: z.string(), line: z.int() }),
]);

/** What the configuration says of this machine; paths are absolute. */
export const configured = z.strictObject({
  socket: z.string(),
  stateFolder: z.string(),
  mediaFolder: z.string(),
  keyFolder: z.string(),
  reserveBytes: z.int(),
  cloudUrl: z.string(),
  brokerUrl: z.string().nullable(),
  /** Null on a board without a loudspeaker. */
  sound: z.strictObject({ ao: z.string().nullable(), device: z.string().nullable() }).nullable(),
  /** The input that the player plays the receiver from; null where there is none. */
  line: z.strictObject({ by: z.enum(['alsa', 'pulse']), name: z.string() }).nullable(),
  /** mpv's `--vo`; null on a loudspeaker without a board. */
  screenVo: z.string().nullable(),
  /** By what it is for; simulated ones are not named. */
  pins: z.array(z.strictObject({ use: z.string(), pin })),
  tuner: z
    .strictObject({ kind: z.string(), i2cBus: z.int().nullable(), path: z.string().nullable() })
    .nullable(),
  /** The agent sets the machine's clocks, and nothing else is to. */
  setsClocks: z.boolean(),
  /** By Bluetooth; without their keys. */
  sensors: z.array(z.strictObject({ name: z.string(), address: z.string() })),
});
export type Configured = z.infer<typeof configured>;

const kept = z.discriminatedUnion('ok', [
  z.strictObject({
    ok: z.literal(true),
    /** Conditions that the documents are in, by the latest time that the box can believe. */
    codes: z.array(z.string()),
    trustDays: z.int().nullable(),
    /** Of the plan that ends first. */
    planDays: z.int().nullable(),
    unsent: z.int(),
    /** As the agent would read it now, but for what the cloud says; null before anything was kept. */
    clock: clockNow.nullable(),
    /** What the box is called; null before anything was kept. */
    dev: z.string().nullable(),
  }),
  z.strictObject({
    ok: z.literal(false),
    why: z.enum(['absent', 'unreadable', 'corrupt', 'newer']),
    detail: z.string(),
  }),
]);

export const examined = z.strictObject({
  config: z.discriminatedUnion('ok', [
    z.strictObject({ ok: z.literal(true), configured }),
    z.strictObject({ ok: z.literal(false), faults: z.array(text) }),
  ]),
  /** Null where a faulty configuration does not say where it is. */
  kept: kept.nullable(),
});
export type Examined = z.infer<typeof examined>;
