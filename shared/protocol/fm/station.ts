/** Who a station is, as far as its own RDS says it: protocol.md §7, Gate. Identification, never authentication. */

/** PI in 4 of the last 5 groups; `pis` as a receiver tells them, at most five. */
export const isIdentified = (pis: readonly string[], pi: string): boolean =>
  pis.filter((each) => each === pi).length >= 4;
