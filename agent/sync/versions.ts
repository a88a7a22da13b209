/** Which of two versions of a document is the newer one, by what is said of them. */
import type { Version } from './turn.ts';

export const isNewer = (one: Version, other: Version): boolean =>
  one.epoch > other.epoch || (one.epoch === other.epoch && one.ver > other.ver);
