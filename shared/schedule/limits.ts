/** The limits that protect people, compiled in (architecture.md §4): the agent holds to them, loa-sign signs nothing beyond them, documents only tighten them. */

/** Loudest volume of all but alerts and warnings, on mpv's scale. */
export const ORDINARY_VOLUME = 90;

/** Ordinary sound a day: plan items alone, for orders and tests are what the limit must never silence. */
export const ORDINARY_S_A_DAY = 240 * 60;
