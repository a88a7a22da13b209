/** What a box says of itself: sent up by MQTT, shown by `loa status` and by the fleet page. Telemetry, never believed as proof. */
import { z } from 'zod';

const version = z.strictObject({ epoch: z.int(), ver: z.int() });

/** One layer as people read it. `rule` and `text` come from `explain` of shared/schedule. */
export const layerNow = z.strictObject({
  /** "<plan id>/<item id>", "order:<digest>" or null for nothing. */
  winner: z.string().nullable(),
  title: z.string().nullable(),
  /** Sounds or shows in truth, as the device says; false while it waits, is muted or has failed. */
  active: z.boolean(),
  /** All of it was heard; it stays the winner in silence until its window ends. */
  over: z.boolean(),
  rule: z.string(),
  why: z.strictObject({ vi: z.string(), en: z.string() }),
  untilAtMs: z.int().nullable(),
});

export const comingUp = z.strictObject({
  layer: z.enum(['sound', 'screen', 'ticker']),
  atMs: z.int(),
  winner: z.string().nullable(),
  title: z.string().nullable(),
});

/** How the box reaches the cloud. Instants are null before the first; `lastError` in English words, null while all is well. */
export const boxLink = z.strictObject({
  brokerConnected: z.boolean(),
  lastContactAtMs: z.int().nullable(),
  lastHeadAtMs: z.int().nullable(),
  lastError: z.string().max(300).nullable(),
});

export const boxStatus = z.strictObject({
  v: z.literal(1),
  dev: z.string(),
  area: z.string().nullable(),
  agentVersion: z.string(),
  bootId: z.string(),
  atMs: z.int(),
  upMs: z.int(),
  clock: z.strictObject({
    state: z.enum(['SYNCED', 'HOLDOVER', 'FLOOR']),
    u: z.int(),
    /** While condition TIME_SETTLED holds: a person at the box set its clock from this wall time to that. */
    settled: z.strictObject({ fromAtMs: z.int(), toAtMs: z.int() }).optional(),
    /**
     * In FLOOR, where a registrar allowed it (protocol C6): what goes by the time of an FM station. `bootAtMs` is the
     * start of the machine by that time, so that it stands still while time passes; null while none counts.
     */
    radio: z.strictObject({ use: z.enum(['fm', 'plan']), bootAtMs: z.int().nullable() }).optional(),
  }),
  /** Documents held, trust among them. */
  held: z.record(z.string(), version),
  /** Held documents that the head says are old. */
  stale: z.array(z.string()),
  rejects: z.record(z.string(), z.int()),
  now: z.strictObject({ sound: layerNow, screen: layerNow, ticker: layerNow }),
  next: z.array(comingUp).max(10),
  conditions: z.array(z.strictObject({ code: z.string(), sinceMs: z.int() })),
  amplifierOn: z.boolean().nullable(),
  media: z.strictObject({ wanted: z.int(), missing: z.int(), usedBytes: z.int() }),
  unsentRecords: z.int(),
  link: boxLink,
});

export type BoxStatus = z.infer<typeof boxStatus>;
export type BoxLink = z.infer<typeof boxLink>;
export type LayerNow = z.infer<typeof layerNow>;
export type ComingUp = z.infer<typeof comingUp>;
