// The compiled evaluator: all pairs of many endpoints at once, as disjoint rectangles. Must agree with evaluate/.

import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Placement } from '../model/tier.ts';
import { idSet } from '../sets/id-set.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import { allTraffic, type Protocol } from '../sets/traffic-set.ts';
import { type DecisionId, type DecisionTable, decisionTable } from './decision.ts';
import type { FamilyDecisions, Rectangle } from './rectangle.ts';
import { findRectangles } from './rectangles.ts';
import { decisionOn, type RowSource, rowSources } from './rows.ts';
import { matchRules } from './rule-matches.ts';
import { indexSelectors, type SelectorIndex } from './selector-index.ts';

/** Answers for all pairs of the endpoints. */
export interface Reach {
  readonly endpoints: readonly Endpoint[];
  /** What one side says, by family, with decisions of the table. */
  readonly rows: ReadonlyMap<Family, RowSource>;
  readonly table: DecisionTable;
  /** The decision for one pair; no field at all where the ends share no family. */
  decide(source: number, destination: number): FamilyDecisions;
  /**
   * Disjoint rectangles that hold every pair of a source and a destination whose decision is not "all denied". Pairs of
   * an endpoint with itself count as two replicas. Pairs of two address ranges or entries are left out: nobody asks.
   */
  rectangles(sources?: readonly number[], destinations?: readonly number[]): Rectangle[];
}

/** Compiles policies for a fixed list of endpoints; `selectors` is their index, where the caller has one already. */
export function compileReach(
  rules: { readonly placement: Placement; readonly knobs: Knobs },
  endpoints: readonly Endpoint[],
  protocols: readonly Protocol[],
  selectors: SelectorIndex = indexSelectors(endpoints),
): Reach {
  const universe = allTraffic(protocols);
  const table = decisionTable();
  const families = FAMILIES.filter((family) => endpoints.some((endpoint) => endpoint.families.includes(family)));
  const matcherOf = matchRules(endpoints, selectors, universe);
  const sources = rowSources({ ...rules, endpoints, universe, selectors, table, matcherOf }, families);
  const decisionOf = (family: Family, source: number, destination: number): DecisionId => {
    const rows = sources.get(family)!;
    const egress = decisionOn(rows.row(source, 'egress'), destination);
    return table.and(egress, decisionOn(rows.row(destination, 'ingress'), source));
  };
  const all = endpoints.map((_, id) => id);
  return {
    endpoints,
    rows: sources,
    table,
    decide(source, destination) {
      const shared = families.filter((family) => shares(endpoints, family, source, destination));
      return Object.fromEntries(shared.map((family) => [family, table.get(decisionOf(family, source, destination))]));
    },
    rectangles(from = all, to = all) {
      return findRectangles({
        endpoints,
        rows: sources,
        table,
        sources: idSet(from),
        destinations: idSet(to),
      });
    },
  };
}

function shares(endpoints: readonly Endpoint[], family: Family, source: number, destination: number): boolean {
  return endpoints[source]!.families.includes(family) && endpoints[destination]!.families.includes(family);
}
