// Paths of rules and of the items of their lists. Policies look alike, and there may be a hundred thousand rules: equal
// paths are one object, up to a size that nobody writes by hand.

import type { Path } from '../../model/source.ts';

/** Where a rule and its items are written. */
export interface RulePaths {
  readonly path: Path;
  /** `spec.ingress[0].from[1]`. */
  itemOf(list: 'from' | 'to' | 'ports', index: number): Path;
}

const MAX_SHARED = 256;

const shared: Readonly<Record<'ingress' | 'egress', RulePaths[]>> = { ingress: [], egress: [] };

/** The paths of the rule of that direction and position. */
export function pathsOf(direction: 'ingress' | 'egress', rule: number): RulePaths {
  if (rule >= MAX_SHARED) return makePaths(direction, rule);
  const known = shared[direction];
  known[rule] ??= makePaths(direction, rule);
  return known[rule];
}

function makePaths(direction: 'ingress' | 'egress', rule: number): RulePaths {
  const path: Path = ['spec', direction, rule];
  const items: Readonly<Record<'from' | 'to' | 'ports', Path[]>> = { from: [], to: [], ports: [] };
  return {
    path,
    itemOf(list, index) {
      if (index >= MAX_SHARED) return [...path, list, index];
      const known = items[list];
      known[index] ??= [...path, list, index];
      return known[index];
    },
  };
}
