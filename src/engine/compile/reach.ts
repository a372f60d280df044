// The compiled evaluator: all pairs of many endpoints at once, as disjoint rectangles. Must agree with evaluate/.

import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Direction } from '../model/policy.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';
import { everyId, type IdSet, idSet, membersOf } from '../sets/id-set.ts';
import { FAMILIES, type Family } from '../sets/ip-set.ts';
import { allTraffic, type Protocol } from '../sets/traffic-set.ts';
import { type ChangingSelections, changingSelections } from './changing-selections.ts';
import { type DecisionId, type DecisionTable, decisionTable } from './decision.ts';
import type { Layer } from './lines.ts';
import { type FamilyDecisions, familyDecisions, type Rectangle } from './rectangle.ts';
import { findRectangles } from './rectangles.ts';
import { decisionOn, type RowSource, rowsUnder } from './rows.ts';
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
  /**
   * The same endpoints with some policies exchanged. This one stays as it is; both share what is worked out, and keep it,
   * also for policies that are gone: after very many exchanges it is time to compile anew.
   */
  exchange(change: PolicyChange): Exchanged;
}

/** Policies that go and policies that come. `removed` are objects of the placement, or of an earlier change. */
export interface PolicyChange {
  readonly removed: readonly PlacedPolicy[];
  readonly added: readonly PlacedPolicy[];
}

/** What an exchange of policies leads to. */
export interface Exchanged {
  readonly reach: Reach;
  /** The endpoints whose own side may say something else than before; all others say the same. */
  readonly affected: Readonly<Record<Direction, IdSet>>;
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
  const { chain } = rules.placement;
  const rowsOf = rowsUnder({ chain, knobs: rules.knobs, endpoints, universe, table, matcherOf }, families);
  const everybody = everyId(endpoints.length);

  function reachUnder(selected: ChangingSelections): Reach {
    const rows = rowsOf(selected.selections);
    const layers: readonly Layer[] = families.map((family) => ({ family, rows: rows.get(family)! }));
    const decisionOf = (family: Family, source: number, destination: number): DecisionId => {
      const own = rows.get(family)!;
      const egress = decisionOn(own.row(source, 'egress'), destination);
      return table.and(egress, decisionOn(own.row(destination, 'ingress'), source));
    };
    return {
      endpoints,
      rows,
      table,
      decide(source, destination) {
        const shared = families.filter((family) => shares(endpoints, family, source, destination));
        return Object.fromEntries(shared.map((family) => [family, table.get(decisionOf(family, source, destination))]));
      },
      rectangles(from, to) {
        const sources = from === undefined ? everybody : idSet(from);
        const destinations = to === undefined ? everybody : idSet(to);
        const found = findRectangles({ endpoints, layers, table, sources, destinations });
        return found.map(({ sources: s, destinations: d, decisions }) => ({
          sources: membersOf(s),
          destinations: membersOf(d),
          decisions: familyDecisions(table, layers, decisions),
        }));
      },
      exchange(change) {
        const { selections, affected } = selected.exchange(change);
        return { reach: reachUnder(selections), affected };
      },
    };
  }
  return reachUnder(changingSelections(rules.placement, selectors));
}

function shares(endpoints: readonly Endpoint[], family: Family, source: number, destination: number): boolean {
  return endpoints[source]!.families.includes(family) && endpoints[destination]!.families.includes(family);
}
