/** One as-run fact: what a box sounded or showed, or did not, and why. The last station of the path, and the only one that is believed. */
import { z } from 'zod';

const atMs = z.int().min(0);
const sha256 = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** What was to be heard or seen. */
const subject = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('item'),
    plan: z.string(),
    epoch: z.int(),
    ver: z.int(),
    item: z.string(),
    /** Start of the window it belongs to: together with plan and item it names the occurrence. */
    windowStartMs: atMs,
  }),
  z.strictObject({
    kind: z.literal('order'),
    digest: sha256,
    order: z.enum(['alert', 'template', 'halt', 'stop', 'clear', 'test', 'live']),
    repetition: z.int().min(0),
  }),
  z.strictObject({ kind: z.literal('local-test'), test: z.string() }),
  /** FM when nothing else may sound; `pi` is the one that was signed. */
  z.strictObject({
    kind: z.literal('fallback'),
    fmplan: z.string(),
    epoch: z.int(),
    ver: z.int(),
    mode: z.enum(['data', 'beat', 'pi']),
    frequencyKhz: z.int(),
    pi: z.string(),
  }),
]);

/** `planned`: on its instant. `join`, `whole`: the box came up inside the window. `resume`, `restart`: after a cut. `fallback`: the FM gate opened. */
const startCause = z.enum([
  'planned',
  'join',
  'whole',
  'resume',
  'restart',
  'order',
  'test',
  'or-else',
  'fallback',
]);

/** `finished`: all of it was heard. `window`: cut at the firm end. `power`: the agent or the machine went away. `failed`, `skipped`: see `reason`. */
const endCause = z.enum([
  'finished',
  'window',
  'cut',
  'withdrawn',
  'ended-by-order',
  'power',
  'failed',
  'skipped',
]);

const evidence = z.strictObject({
  output: z.string().nullable(),
  peakDbfs: z.int().nullable(),
  /** Milliseconds that the audio clock (sound) or confirmed frames (screen) moved. */
  clockMovedMs: z.int().min(0),
  /** The most that the amplifier drew while this sounded; null where nothing measures it, or it could not be read. */
  amplifierMilliamps: z.int().nullable(),
  tunerRssiDbuv: z.int().nullable(),
  tunerPi: z.string().nullable(),
  screenshotSha256: sha256.nullable(),
});

export const playRecord = z.strictObject({
  v: z.literal(1),
  seq: z.int().min(1),
  surface: z.enum(['sound', 'screen', 'ticker']),
  subject,
  /** As they were when it was heard: media and plan may be gone when the record is read. */
  title: z.string(),
  language: z.string().nullable(),
  author: z.string().nullable(),
  topic: z.string().nullable(),
  sha256: z.array(sha256),
  plannedAtMs: atMs,
  startedAtMs: atMs.nullable(),
  endedAtMs: atMs.nullable(),
  /** Where in the programme this stretch began: milliseconds into its list, passes counted through. */
  fromMs: z.int().min(0),
  playedMs: z.int().min(0),
  startCause,
  endCause,
  /** A condition or reject code where something went wrong or was left out; null otherwise. */
  reason: z.string().nullable(),
  volume: z.int().min(0).max(100),
  clock: z.strictObject({
    state: z.enum(['SYNCED', 'HOLDOVER', 'FLOOR']),
    u: z.int().min(0),
    /** The box did not know the time and went by that of an FM station (protocol C6); with its uptime at the start. */
    radio: z.strictObject({ upMs: z.int().min(0) }).optional(),
  }),
  evidence,
});

export type PlayRecord = z.infer<typeof playRecord>;
export type Subject = z.infer<typeof subject>;
export type StartCause = z.infer<typeof startCause>;
export type EndCause = z.infer<typeof endCause>;
/** A record before the store gave it its place in the chain. */
export type UnchainedRecord = Omit<PlayRecord, 'seq'>;
