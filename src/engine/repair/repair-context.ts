// What a search for repairs looks up, each thing computed once: the policies that select an end of the goal, and the pods
// of a namespace.

import { selectSubjects } from '../compile/selections.ts';
import { indexSelectors } from '../compile/selector-index.ts';
import type { DecodeOptions } from '../dialects/dialect.ts';
import type { Unit } from '../endpoints/unit.ts';
import { type World, worldOf } from '../endpoints/world.ts';
import type { Pod } from '../model/cluster.ts';
import { DIRECTIONS, type Policy } from '../model/policy.ts';
import type { ManifestObject } from '../model/source.ts';
import type { State } from '../state.ts';
import type { Goal } from './goal.ts';

/** One search. */
export interface RepairContext {
  readonly state: State;
  readonly world: World;
  readonly decode: DecodeOptions;
  readonly goal: Goal;
  /** Policies in force that select the end, surely or perhaps, in either direction, in order of evaluation. */
  selecting(unit: Unit): readonly Policy[];
  /** The policy of an object of the state; undefined for any other object. */
  policyOf(object: ManifestObject): Policy | undefined;
  /** Policies in force of the tiers before and behind NetworkPolicies, in order of evaluation. */
  readonly tiered: readonly Policy[];
  /** Those of them that have no rules yet: whom they are for shows only when they have one. */
  readonly blank: readonly Policy[];
  /** Pods of the snapshot in the namespace; none where there is none. */
  podsOf(namespace: string): readonly Pod[];
  /** The units of the snapshot's pods in the namespace. */
  unitsOf(namespace: string): readonly Unit[];
}

/** The context of one search. */
export function repairContext(state: State, goal: Goal, defaultNamespace: string): RepairContext {
  const world = worldOf(state);
  const { strictCIDR } = state.behaviour.knobs;
  const ends = [
    ...new Map(goal.flatMap(({ from, to }) => [from, to.unit]).map((unit) => [unit.endpoint.key, unit])).values(),
  ];
  const written = new Map<ManifestObject, Policy>(state.policies.map((policy) => [policy.object, policy]));
  const selections = selectSubjects(state.placement, indexSelectors(ends.map(({ endpoint }) => endpoint)));
  const selecting = new Map<string, readonly Policy[]>();
  ends.forEach(({ endpoint }, id) => {
    const own = DIRECTIONS.flatMap((direction) => selections[direction].get(id) ?? [])
      .sort((a, b) => a.position - b.position)
      .flatMap(({ placed }) => written.get(placed.policy.object) ?? []);
    selecting.set(endpoint.key, [...new Set(own)]);
  });
  const tiered = state.placement.policies.flatMap(({ policy }) => {
    const own = policy.tier === 'NetworkPolicy' ? undefined : written.get(policy.object);
    return own === undefined ? [] : [own];
  });
  const pods = groupBy(state.cluster.pods, ({ namespace }) => namespace);
  const units = groupBy(world.pods, (unit) => (unit.type === 'workload' ? unit.workload.namespace : ''));
  return {
    state,
    world,
    decode: { defaultNamespace, strictCIDR, channel: 'either' },
    goal,
    selecting: (unit) => selecting.get(unit.endpoint.key) ?? [],
    policyOf: (object) => written.get(object),
    tiered,
    blank: tiered.filter(({ ingress, egress }) => ingress === undefined && egress === undefined),
    podsOf: (namespace) => pods.get(namespace) ?? [],
    unitsOf: (namespace) => units.get(namespace) ?? [],
  };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
