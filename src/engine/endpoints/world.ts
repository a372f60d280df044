// The units of one state, made on demand: what questions choose their endpoints from.

import type { Cluster, Pod, Service } from '../model/cluster.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Placement } from '../model/tier.ts';
import type { State } from '../state.ts';
import { findEntries } from './entry-points.ts';
import type { RouteRemark } from './gateway-entries.ts';
import { addressUnits, nodeUnit, outsideAddresses } from './outside.ts';
import { type EndpointContext, podUnits } from './pod-endpoints.ts';
import { findRelevance, type Relevance } from './relevance.ts';
import type { Unit } from './unit.ts';

/** The units of a state. Lists are sorted by key and computed once. */
export interface World {
  readonly state: State;
  readonly context: EndpointContext;
  /** Pods of the snapshot, as workloads and their variants. */
  readonly pods: readonly Unit[];
  unitOf(pod: Pod): Unit | undefined;
  /** Everything outside, in classes that no policy can tell apart. */
  outside(): readonly Unit[];
  entries(): readonly Unit[];
  /** What Ingresses and routes say without opening anything. */
  entryRemarks(): readonly RouteRemark[];
  nodes(): readonly Unit[];
  /** Looks things up where the lists of the world are not at hand (a snapshot file); absent: indexes are made of the lists. */
  readonly index?: WorldIndex;
}

/** Finds what one question is about without looking through a whole cluster; what it finds is what the lists hold. */
export interface WorldIndex {
  /** The pods of a namespace, in the order of the world; empty: it has none, or there is no such namespace. */
  unitsIn(namespace: string): readonly Unit[];
  serviceNamed(namespace: string, name: string): Service | undefined;
  /** The Service with this address of its own. */
  serviceAt(address: number | bigint): Service | undefined;
  /** Pods, then nodes, with this address, each in the order of the world; hostNetwork pods have none of their own. */
  ownersOf(address: number | bigint): readonly Unit[];
  /** A cluster with at least what may stand behind the Service, in its order. */
  behind(service: Service): Pick<Cluster, 'pods' | 'endpointSlices'>;
  /** The placement with at least the policies that may select one of the ends, in its order. */
  placementFor(ends: readonly Endpoint[]): Placement;
}

const worlds = new WeakMap<State, World>();

/** The world of a state; the same state always has the same one. */
export function worldOf(state: State): World {
  let world = worlds.get(state);
  if (world === undefined) {
    world = makeWorld(state, findRelevance(state.placement, state.cluster.services));
    worlds.set(state, world);
  }
  return world;
}

/** Says what the world of a state is, which nobody has asked for yet: somebody has its units at hand. */
export function adoptWorld(state: State, world: World): void {
  worlds.set(state, world);
}

/**
 * A world whose units are told apart by a relevance of the caller's: two states cut alike can be compared. `known`: its pods,
 * where somebody has them.
 */
export function makeWorld(state: State, relevance: Relevance, known?: readonly Unit[]): World {
  const { cluster, plan, behaviour } = state;
  const context: EndpointContext = { cluster, plan, behaviour, relevance };
  const pods = known ?? podUnits(context);
  const once = <T>(make: () => T): (() => T) => {
    let value: { readonly made: T } | undefined;
    return () => {
      value ??= { made: make() };
      return value.made;
    };
  };
  const owners = once(
    () =>
      new Map(pods.flatMap((unit) => (unit.type === 'workload' ? unit.pods.map((pod) => [pod, unit] as const) : []))),
  );
  const unitOf = (pod: Pod) => owners().get(pod);
  const entries = once(() => findEntries(context, unitOf));
  return {
    state,
    context,
    pods,
    unitOf,
    outside: once(() => addressUnits(context, outsideAddresses(context))),
    entries: () => entries().units,
    entryRemarks: () => entries().remarks,
    nodes: once(() => cluster.nodes.map((node) => nodeUnit(context, node))),
  };
}

/** The same unit where its node matters: a hostNetwork pod seen as its node may always reach the pods of that node. */
export function withOwnNode(unit: Unit): Unit {
  const { endpoint } = unit;
  if (endpoint.type !== 'pod' || endpoint.pod !== undefined) return unit;
  return { ...unit, endpoint: { ...endpoint, ownNode: 'local-node' } };
}
