// In which order reasons are looked at that hold for one endpoint: one of their own, so that which of them is told does not
// depend on who else there is.

import type { UnknownReason } from '../model/endpoint.ts';

/** The sets by reason, in order of the reasons' names. */
export function openReasons<Set>(
  maybe: Iterable<readonly [UnknownReason, Set]>,
): readonly (readonly [UnknownReason, Set])[] {
  const list = [...maybe];
  return list.length < 2 ? list : list.sort(([a], [b]) => (a < b ? -1 : 1));
}
