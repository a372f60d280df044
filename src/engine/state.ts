// One loaded state: the snapshot, the policies where the plugin puts them, and what is not known. Every question starts here.

import { assumptionsOf, placePolicies } from './behaviours/index.ts';
import { dialectOf, recogniseForeign } from './dialects/registry.ts';
import type { Behaviour } from './model/behaviour.ts';
import type { AddressPlan, Cluster, Gap } from './model/cluster.ts';
import type { Finding } from './model/finding.ts';
import type { Policy } from './model/policy.ts';
import type { ManifestObject } from './model/source.ts';
import type { Placement } from './model/tier.ts';
import { planAddresses } from './snapshot/address-plan.ts';
import { buildCluster } from './snapshot/build-cluster.ts';

/** Everything that an answer is computed from. Immutable. */
export interface State {
  readonly cluster: Cluster;
  /** Policies that count: decoded, accepted, in input order by key. */
  readonly policies: readonly Policy[];
  readonly placement: Placement;
  readonly behaviour: Behaviour;
  readonly plan: AddressPlan;
  /** Problems in the input, API refusals included. */
  readonly findings: readonly Finding[];
  /** What was not read or understood; empty: the input is complete. */
  readonly gaps: readonly Gap[];
  /** What was assumed, one short sentence each. */
  readonly assumptions: readonly string[];
}

/** What {@link loadState} starts from. `gaps` and `findings` come from the reader. */
export interface LoadInput {
  readonly objects: readonly ManifestObject[];
  readonly behaviour: Behaviour;
  readonly defaultNamespace: string;
  readonly gaps?: readonly Gap[];
  readonly findings?: readonly Finding[];
}

