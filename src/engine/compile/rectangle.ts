// What the compiled evaluator answers with: rectangles of endpoints and the decisions of each family.

import type { Decision } from '../model/verdict.ts';

/** Every source may reach every destination with the decision of each family. Members are positions in the endpoints. */
export interface Rectangle {
  readonly sources: readonly number[];
  readonly destinations: readonly number[];
  readonly decisions: FamilyDecisions;
}

/** Absent where the pair has no address of that family in common. */
export interface FamilyDecisions {
  readonly IPv4?: Decision;
  readonly IPv6?: Decision;
}
