/** Which documents a box follows: those of its own area and of every area above it (architecture.md §2, protocol.md §8). */

/** `56.22366` gives `['56.22366', '56']`: its own first. */
export function areaAndAncestors(area: string): readonly string[] {
  const segments = area.split('.');
  return segments.map((_, index) => segments.slice(0, segments.length - index).join('.'));
}

const KINDS = ['keyring', 'templates', 'fmplan', 'plan'] as const;

/**
 * Ids of the documents that a box holds or waits for, besides trust and head, in the order in which they must
 * be taken (protocol U2): a keyring before its plan, a broader area before a narrower one. Before the first
 * device document the box has no area and follows that alone.
 */
export function followedIds(dev: string, area: string | null): readonly string[] {
  const areas = area === null ? [] : areaAndAncestors(area).toReversed();
  return [`device:${dev}`, ...KINDS.flatMap((kind) => areas.map((each) => `${kind}:${each}`))];
}
