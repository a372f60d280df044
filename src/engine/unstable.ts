// The honest door: parts of the engine that may change in any release, for tools that need them all the same.

export { placePolicies } from './behaviours/index.ts';
export {
  type CompileOptions,
  compileReach,
  type EndChange,
  type Exchanged,
  type PolicyChange,
  type Reach,
} from './compile/reach.ts';
export { type MovedEnds, type ReachChange, reachChanges } from './compile/reach-changes.ts';
export type { Rectangle } from './compile/rectangle.ts';
export type { Decoded, DecodeOptions, Dialect } from './dialects/dialect.ts';
export { DIALECTS, dialectOf } from './dialects/registry.ts';
export { type PodPlace, podPlaces } from './endpoints/pod-places.ts';
export { type World, worldOf } from './endpoints/world.ts';
export { evaluatePorts, type FlowCase } from './evaluate/cases.ts';
export { evaluateFlow } from './evaluate/evaluate.ts';
export {
  type LiveCluster,
  type LiveOptions,
  type LiveStep,
  liveCluster,
  type MovedPod,
} from './live/live-cluster.ts';
export type { ObjectEvent } from './live/object-events.ts';
export type { Endpoint } from './model/endpoint.ts';
export type { Chain, PlacedPolicy, Placement, Tier } from './model/tier.ts';
export type { FlowTrace } from './model/verdict.ts';
export {
  type Redundancy,
  type RedundancyInput,
  type RedundancyProof,
  type RedundancySearch,
  type Redundant,
  searchRedundancy,
} from './redundancy/find-redundancy.ts';
export { type IdSet, membersOf } from './sets/id-set.ts';
