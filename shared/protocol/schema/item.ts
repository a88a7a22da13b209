/** One programme in a plan; what the fields mean is in architecture.md §3, their bounds in protocol.md §2. */
import { z } from 'zod';
import { media } from './media.ts';
import { date, distinct, integer, kid, percent, slug, text, timeWithSeconds } from './primitives.ts';

const mediaSource = z.strictObject({
  kind: z.literal('media'),
  play: z.array(media).min(1).max(50),
  repeat: z.union([integer(1, 1000), z.literal('fill')]),
});

export const source = z.discriminatedUnion('kind', [
  mediaSource,
  z.strictObject({
    kind: z.literal('stream'),
    url: z.string().regex(/^https?:\/\/[!-~]{1,490}$/),
    orElse: mediaSource.nullable(),
  }),
  z.strictObject({
    kind: z.literal('tuner'),
    frequencyKhz: integer(50_000, 108_000),
    pi: z
      .string()
      .regex(/^[0-9a-f]{4}$/)
      .nullable(),
  }),
  z.strictObject({ kind: z.literal('live'), speakers: distinct(kid, 1, 8), maxS: integer(60, 7200) }),
  z.strictObject({
    kind: z.literal('page'),
    template: slug,
    title: text(0, 120),
    body: text(0, 1000),
    image: media.nullable(),
    durationS: integer(3, 600),
  }),
  z.strictObject({ kind: z.literal('ticker'), text: text(1, 500) }),
]);
export type Source = z.infer<typeof source>;
export type MediaSource = z.infer<typeof mediaSource>;

// A rule that does not parse is no fault of the document: the item stays silent with a condition.
export const recurrence = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rrule'), rule: z.string().regex(/^[A-Z0-9=;,:+-]{1,200}$/) }),
  z.strictObject({
    kind: z.literal('lunar'),
    months: distinct(integer(1, 12), 0, 12),
    days: distinct(z.union([integer(1, 30), z.literal(-1)]), 1, 31),
    leap: z.boolean(),
  }),
]);
export type Recurrence = z.infer<typeof recurrence>;

export const item = z.strictObject({
  id: slug,
  title: text(1, 120),
  surface: z.enum(['sound', 'screen']),
  priority: integer(0, 9),
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/),
  author: text(0, 200),
  topic: slug,
  firstDay: date,
  lastDay: date.nullable(),
  startAt: timeWithSeconds,
  lengthS: integer(1, 86_400),
  recur: recurrence.nullable(),
  except: distinct(date, 0, 400),
  also: distinct(date, 0, 400),
  start: z.union([z.enum(['exact', 'next']), z.strictObject({ graceS: integer(1, 3600) })]),
  late: z.enum(['join', 'whole', 'skip']),
  afterCut: z.enum(['resume', 'restart', 'drop']),
  volume: percent,
  night: z.boolean(),
  only: z.strictObject({ tags: distinct(slug, 1, 16) }).nullable(),
  source,
});
export type Item = z.infer<typeof item>;
