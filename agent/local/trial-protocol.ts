/** A technician's tests over the local socket: what may be asked for, within which limits, and what is told of each. */
import { z } from 'zod';
import type { Text } from '../../shared/messages/text.ts';

export const WORKS = ['speaker', 'sound', 'relay', 'tuner', 'screen'] as const;
export const SECONDS_MOST = 60;
/** A station aloud is a stranger's voice through our loudspeaker. */
export const ALOUD_SECONDS_MOST = 15;

const seconds = z.int().min(1).max(SECONDS_MOST);
export const fmKhz = z.int().min(50_000).max(108_000);

/** What is asked ends with its time, with `cancel`, and with the connection that asked for it. */
export const testRequest = z.strictObject({
  ask: z.literal('test'),
  work: z.enum(WORKS),
  seconds,
  /** Also in quiet hours. */
  now: z.boolean(),
  /** Of `tuner` alone. */
  aloud: z.boolean(),
  /** Of `tuner` alone; null: where it is. */
  frequencyKhz: fmKhz.nullable(),
});
export const tuneRequest = z.strictObject({ ask: z.literal('tune'), frequencyKhz: fmKhz, seconds });
export const trialRequest = z.strictObject({ ask: z.literal('trial'), id: z.string().max(64) });

export type TrialAsked = z.infer<typeof testRequest> | z.infer<typeof tuneRequest>;

/** `why` null: the agent has not made its first turn yet. */
export type TrialBegun =
  { readonly ok: true; readonly id: string } | { readonly ok: false; readonly why: Text | null };

export const trialBegun = z.strictObject({ id: z.string() });

export const trialSeen = z.strictObject({
  id: z.string(),
  work: z.enum([...WORKS, 'tune']),
  over: z.boolean(),
  /** Null until it is over. */
  passed: z.boolean().nullable(),
  /** The amplifier's relay: when it closed after the beginning and opened after the end; null: no relay here. */
  relay: z
    .strictObject({
      closedAfterMs: z.int().nullable(),
      openedAfterMs: z.int().nullable(),
      /** It stayed closed, for a programme that began meanwhile. */
      isWanted: z.boolean(),
    })
    .nullable(),
  tuner: z
    .strictObject({
      frequencyKhz: fmKhz.nullable(),
      tuned: z.boolean(),
      failure: z.string().nullable(),
      rssiDbuv: z.int().nullable(),
      stereo: z.boolean().nullable(),
      pi: z.string().nullable(),
      programme: z.string().nullable(),
      text: z.string().nullable(),
      pty: z.int().nullable(),
      groupsPerSecond: z.number().nullable(),
    })
    .nullable(),
  /** The as-run record, once it is written. */
  record: z
    .strictObject({
      seq: z.int(),
      endCause: z.string(),
      reason: z.string().nullable(),
      playedMs: z.int(),
      peakDbfs: z.int().nullable(),
      amplifierMilliamps: z.int().nullable(),
      output: z.string().nullable(),
    })
    .nullable(),
});
export type TrialSeen = z.infer<typeof trialSeen>;
