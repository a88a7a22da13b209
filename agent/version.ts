/** Which agent this is; the release script writes both. */
export const VERSION = '0.1.0';

/** UTC seconds; no floor is believed to be earlier (protocol D4). */
export const BUILT_AT = 1_795_392_000;
