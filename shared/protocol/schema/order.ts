/** The immediate commands: each kind with what it may carry and nothing else (protocol.md §2). */
import { z } from 'zod';
import { media } from './media.ts';
import {
  area,
  bytes32,
  digest,
  distinct,
  epoch,
  instant,
  integer,
  province,
  slug,
  text,
} from './primitives.ts';

/** Item `n` of `templates:<area>`. */
const templatePlay = z.strictObject({ template: z.strictObject({ area, n: integer(0, 255) }) });

/** `key` is the raw Ed25519 public key of the live chunks; `slot` the plan item that it fills. */
const livePlay = z.strictObject({
  live: z.strictObject({ key: bytes32, slot: z.strictObject({ area, item: slug }).nullable() }),
});

const nothing = z.null();
const none = z.array(z.never()).max(0);
const repeat = integer(300, 21_600).nullable();
const replaced = distinct(digest, 0, 16);
const words = text(1, 500).nullable();

const orderOf = <
  K extends string,
  P extends z.ZodType,
  R extends z.ZodType,
  E extends z.ZodType,
  T extends z.ZodType,
>(
  kind: K,
  may: { play: P; repeatS: R; ends: E; text: T },
) =>
  z.strictObject({
    typ: z.literal('order'),
    v: z.literal(1),
    prov: province,
    id: text(1, 80),
    epoch,
    ver: z.literal(1),
    iat: instant,
    exp: instant,
    kind: z.literal(kind),
    scope: distinct(area, 1, 64),
    plays: integer(1, 10),
    ...may,
  });

export const order = z
  .discriminatedUnion('kind', [
    orderOf('alert', {
      play: z.union([media, templatePlay, nothing]),
      repeatS: repeat,
      ends: replaced,
      text: words,
    }),
    orderOf('clear', { play: nothing, repeatS: nothing, ends: replaced, text: words }),
    orderOf('stop', { play: nothing, repeatS: nothing, ends: none, text: nothing }),
    orderOf('halt', { play: nothing, repeatS: nothing, ends: none, text: nothing }),
    orderOf('live', { play: livePlay, repeatS: nothing, ends: none, text: nothing }),
    orderOf('template', { play: templatePlay, repeatS: repeat, ends: none, text: nothing }),
    orderOf('test', {
      play: z.union([templatePlay, nothing]),
      repeatS: nothing,
      ends: none,
      text: nothing,
    }),
  ])
  .refine((value) => value.kind !== 'alert' || value.play !== null || value.text !== null, {
    path: ['text'],
    error: 'an alert without sound has text',
  });
/** `exp` and `iat` in UTC seconds, `repeatS` in seconds, `ends` digests of orders. */
export type Order = z.infer<typeof order>;
