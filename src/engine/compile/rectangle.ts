// What the compiled evaluator answers with: rectangles of endpoints and the decisions of each family.

import type { Decision } from '../model/verdict.ts';
import type { Family } from '../sets/ip-set.ts';
import type { DecisionId, DecisionTable } from './decision.ts';

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

/** Decisions by family, from those of some layers in their order; undefined: the pair does not share the family. */
export function familyDecisions(
  table: DecisionTable,
  layers: readonly { readonly family: Family }[],
  decisions: readonly (DecisionId | undefined)[],
): FamilyDecisions {
  const known = layers.flatMap(({ family }, i) =>
    decisions[i] === undefined ? [] : [[family, table.get(decisions[i])] as const],
  );
  return Object.fromEntries(known);
}
