/** The part of the configuration that names wires: lines, relays, and how the receiver is heard. */
import { z } from 'zod';
import type { LineIn } from './devices/mpv/line-in.ts';

/** By the name that the board gives its line, or by the chip's label and the line's number on it. */
export const pin = z.union([
  z.strictObject({ name: z.string().min(1).max(64) }),
  z.strictObject({ chip: z.string().min(1).max(64), line: z.int().min(0).max(1023) }),
]);

/** `activeLow`: the contact closes at level 0, as on most relay boards. */
const wiredRelay = z.strictObject({ pin, activeLow: z.boolean() });
export const relay = z.union([z.literal('sim'), wiredRelay]);

/** As `arecord -L` prints it, e.g. `plughw:CARD=Codec,DEV=0`; `null` is ALSA's input of nothing. No arguments in braces: ALSA would run them. */
const alsaInput = z
  .string()
  .max(200)
  .regex(/^(?!null$)[A-Za-z][A-Za-z0-9_.-]*(:[A-Za-z0-9_=,.-]+)?$/);
/** As `pactl list short sources` prints it. */
const pulseInput = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9@][A-Za-z0-9_.@:+-]*$/);

/** The line input that the receiver's sound goes into; the player plays it, and nothing is switched. */
const capture = z.union([z.strictObject({ alsa: alsaInput }), z.strictObject({ pulse: pulseInput })]);

/** How the receiver is heard: by the relay that lets the amplifier hear it (on) or the player (off), or through the player. */
export const source = z.union([z.literal('sim'), wiredRelay, z.strictObject({ capture })]);
type Wired = { readonly tuner: { readonly source: z.output<typeof source> } | null };

/** The player's line input; null where the receiver is heard by a relay, or there is none. */
export function captureOf({ tuner }: Wired): LineIn | null {
  const by = tuner?.source;
  return typeof by === 'object' && 'capture' in by ? by.capture : null;
}

/** The relay of the receiver; null where it is heard through the player, or there is none. */
export function switchOf({ tuner }: Wired): z.output<typeof relay> | null {
  const by = tuner?.source ?? null;
  return by === null || (by !== 'sim' && 'capture' in by) ? null : by;
}
