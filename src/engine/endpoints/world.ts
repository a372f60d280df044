// The units of one state, made on demand: what questions choose their endpoints from.

import type { Pod } from '../model/cluster.ts';
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

/** A world whose units are told apart by a relevance of the caller's: two states cut alike can be compared. */
export function makeWorld(state: State, relevance: Relevance): World {
  const { cluster, plan, behaviour } = state;
  const context: EndpointContext = { cluster, plan, behaviour, relevance };
  const pods = podUnits(context);
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
