/** What may be asked over the local socket and what is answered: a line of JSON each way. */
import { z } from 'zod';
import { playRecord } from '../../shared/records/record.ts';
import { boxStatus, comingUp } from '../../shared/wire/status.ts';
import { clockNow, settleBegun, settleRequest } from './clock-protocol.ts';
import { deviceNow } from './devices-answer.ts';
import { testRequest, trialBegun, trialRequest, trialSeen, tuneRequest } from './trial-protocol.ts';

export const MAX_REQUEST_BYTES = 1024;

/** `at`: null for now, `HH:MM[:SS]` for today, or `YYYY-MM-DD HH:MM[:SS]`, by the clocks on the walls of Vietnam. */
export const request = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('status') }),
  z.strictObject({ ask: z.literal('why'), at: z.string().max(32).nullable() }),
  z.strictObject({ ask: z.literal('next') }),
  z.strictObject({ ask: z.literal('devices') }),
  z.strictObject({ ask: z.literal('clock') }),
  settleRequest,
  z.strictObject({ ask: z.literal('records'), limit: z.int().min(1).max(1000) }),
  testRequest,
  tuneRequest,
  trialRequest,
  /** This connection is an open console, until it ends. */
  z.strictObject({ ask: z.literal('console') }),
]);
export type Request = z.infer<typeof request>;

const text = z.strictObject({ vi: z.string(), en: z.string() });

const loser = z.strictObject({ name: z.string(), title: z.string().nullable(), rule: z.string(), why: text });

const layerWhy = z.strictObject({
  layer: z.enum(['sound', 'screen', 'ticker']),
  winner: z.string().nullable(),
  title: z.string().nullable(),
  rule: z.string(),
  why: text,
  untilAtMs: z.int().nullable(),
  /** Strongest first. */
  losers: z.array(loser),
});

export const whyAnswer = z.strictObject({
  atMs: z.int(),
  layers: z.array(layerWhy),
  quiet: z.strictObject({ on: z.boolean(), silences: z.boolean(), untilAtMs: z.int() }),
  /** Plans and items that are in force and no candidates. */
  passedOver: z.array(text),
  /** Why nothing at all may sound or show, as a condition code; null where the box is free to. */
  silence: z.string().nullable(),
  /** What goes by the time of an FM station, for want of one of its own (protocol C6). */
  byRadio: z.enum(['fm', 'plan']).nullable(),
});
export type WhyAnswer = z.infer<typeof whyAnswer>;
export type LayerWhy = z.infer<typeof layerWhy>;

/** `BAD_TIME` is the person's fault, `NOT_NOW` nobody's; the others are faults of a program. */
export const refusal = z.strictObject({
  ok: z.literal(false),
  code: z.enum(['BAD_REQUEST', 'BAD_TIME', 'NOT_NOW', 'NOT_READY', 'FAULT']),
  text,
});
export type Refusal = z.infer<typeof refusal>;

const answered = <T extends z.ZodType>(answer: T) =>
  z.discriminatedUnion('ok', [z.strictObject({ ok: z.literal(true), answer }), refusal]);

export const answers = {
  status: answered(boxStatus),
  why: answered(whyAnswer),
  next: answered(z.array(comingUp)),
  devices: answered(z.array(deviceNow)),
  clock: answered(clockNow),
  settling: answered(settleBegun),
  records: answered(z.array(playRecord)),
  begun: answered(trialBegun),
  trial: answered(trialSeen),
  console: answered(z.strictObject({ recorded: z.boolean() })),
} as const;
