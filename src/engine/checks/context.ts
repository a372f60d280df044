// What every check may look at, each thing computed once: the state, its pods by position, who a selector means, the map.

import type { MatchSet } from '../compile/match-set.ts';
import { indexSelectors, type SelectorIndex } from '../compile/selector-index.ts';
import type { Unit } from '../endpoints/unit.ts';
import { type World, worldOf } from '../endpoints/world.ts';
import { type NamespaceScope, type Policy, seesHostNetwork } from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import { mapUnits, type UnitMap } from '../questions/map.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import type { State } from '../state.ts';

/** One run of the checks. */
export interface CheckContext {
  readonly state: State;
  readonly world: World;
  /** Pods of the snapshot as workloads and variants. Sets of {@link select} hold positions in this list. */
  readonly pods: readonly Unit[];
  /** Namespace of names without one. */
  readonly defaultNamespace: string;
  /** `few`: findings behind the first few hundred flows that were judged go without an example. */
  readonly examples: 'few' | 'all';
  /** Pods that a subject or a peer of the policy means, surely or perhaps. Each distinct one is answered once. */
  select(scope: NamespaceScope, pods: Selector, policy: Policy): MatchSet;
  /** What answers {@link select}: the index of the endpoints of {@link pods}. */
  selectors(): SelectorIndex;
  /** The whole map over TCP, UDP and SCTP. Costs what `map` costs: for checks that need more than rules. */
  map(): UnitMap;
}

/** The context of one run; `examples` absent: for people, who read no more than a few. */
export function checkContext(
  state: State,
  defaultNamespace: string,
  examples: CheckContext['examples'] = 'few',
): CheckContext {
  const world = worldOf(state);
  const { pods } = world;
  let index: SelectorIndex | undefined;
  let map: UnitMap | undefined;
  return {
    state,
    world,
    pods,
    defaultNamespace,
    examples,
    select(scope, selector, policy) {
      return this.selectors().pods(scope, selector, seesHostNetwork(policy));
    },
    selectors() {
      index ??= indexSelectors(pods.map(({ endpoint }) => endpoint));
      return index;
    },
    map() {
      map ??= mapUnits(state, { protocols: PORT_PROTOCOLS }, { defaultNamespace, protocols: PORT_PROTOCOLS });
      return map;
    },
  };
}
