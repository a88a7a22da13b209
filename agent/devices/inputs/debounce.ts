/** Decides when a bouncing contact has moved: pure, from one sample to the next. */

export type Contact = {
  /** How it stands for certain; null before the first look has held. */
  readonly on: boolean | null;
  /** It was seen to stand otherwise ever since; null while it is certain. */
  readonly other: { readonly on: boolean; readonly sinceUpMs: number } | null;
};

export const unknownContact: Contact = { on: null, other: null };

/** A contact has moved once it was seen so, and not otherwise, for this long. */
export function sampled(contact: Contact, on: boolean, upMs: number, debounceMs: number): Contact {
  if (contact.on === on) return { on, other: null };
  const other = contact.other?.on === on ? contact.other : { on, sinceUpMs: upMs };
  return upMs - other.sinceUpMs >= debounceMs ? { on, other: null } : { on: contact.on, other };
}
