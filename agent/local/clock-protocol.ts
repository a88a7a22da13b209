/** The clock over the local socket: what the time of the box rests on, a dispute about it, and the person who settles that. */
import { z } from 'zod';
import type { Text } from '../../shared/messages/text.ts';

/** Somebody has seen that the cloud is ahead of the box by so much, and takes its time. */
export const settleRequest = z.strictObject({ ask: z.literal('settle'), aheadMs: z.int() });

const blocked = z.enum(['below-floor', 'beyond-trust']);
const fromTo = { fromAtMs: z.int(), toAtMs: z.int() };

const settlement = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), leftMs: z.int() }),
  z.strictObject({ kind: z.literal('settled'), ...fromTo }),
  z.strictObject({ kind: z.literal('refused'), why: z.enum([...blocked.options, 'other-time']) }),
  z.strictObject({ kind: z.literal('agreed') }),
  z.strictObject({ kind: z.literal('expired') }),
]);

/** Instants in UTC milliseconds by the box's own clock; in FLOOR `nowMs` is a lower bound. */
export const clockNow = z.strictObject({
  state: z.enum(['SYNCED', 'HOLDOVER', 'FLOOR']),
  nowMs: z.int(),
  u: z.int(),
  /** The last head that set or confirmed the clock; `agoMs` null where nobody can tell. */
  sync: z
    .strictObject({
      atMs: z.int(),
      agoMs: z.int().nullable(),
      driftPpm: z.number().nullable(),
      rtcSet: z.boolean(),
    })
    .nullable(),
  floorMs: z.int(),
  /** What the cloud said, as it would be now. */
  dispute: z
    .strictObject({
      saidAtMs: z.int(),
      aheadMs: z.int(),
      heardAgoMs: z.int(),
      blocked: blocked.nullable(),
    })
    .nullable(),
  /** What came of the last confirmation since the agent started. */
  settlement: settlement.nullable(),
  /** The last time that a person settled a dispute. */
  settled: z.strictObject(fromTo).nullable(),
  /** Why the machine's clock or its chip is wrong and could not be set, in English words. */
  setFailure: z.string().nullable(),
  /** While it does not know the time: what stations tell, and what may go by it (protocol C6); null otherwise. */
  radio: z
    .strictObject({
      use: z.enum(['silent', 'fm', 'plan']),
      told: z
        .strictObject({
          frequencyKhz: z.int(),
          pi: z.string(),
          nowMs: z.int(),
          steadyForMs: z.int(),
          isSteady: z.boolean(),
        })
        .nullable(),
      /** Something goes by it now. */
      isUsed: z.boolean(),
    })
    .nullable()
    .optional(),
  /** What went wrong with the last turn of sync, in English words. */
  linkError: z.string().nullable(),
});
export type ClockNow = z.infer<typeof clockNow>;

export const settleBegun = z.strictObject({ opened: z.literal(true) });
/** `why` null: the agent has not opened its store yet. */
export type SettleBegun = { readonly ok: true } | { readonly ok: false; readonly why: Text | null };
