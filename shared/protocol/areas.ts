/** Areas nest by segment: `56` covers `56.22366`, `56.2` does not. */

/** True where `inner` is `outer` or lies under it. */
export const covers = (outer: string, inner: string): boolean =>
  inner === outer || inner.startsWith(`${outer}.`);
