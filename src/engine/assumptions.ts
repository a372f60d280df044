// Which assumptions bear on answers about one snapshot; those that cannot change anything are not worth a line.

import { assumptionsOf } from './behaviours/index.ts';
import type { Behaviour } from './model/behaviour.ts';
import type { AddressPlan, Cluster } from './model/cluster.ts';
import { DIRECTIONS, type Peer } from './model/policy.ts';
import type { Placement } from './model/tier.ts';
import { overlaps } from './sets/ip-set.ts';

/** What was assumed and matters here, one short sentence each without a full stop. */
export function findAssumptions(
  behaviour: Behaviour,
  plan: AddressPlan,
  placement: Placement,
  cluster: Cluster,
): readonly string[] {
  const peers = peersOf(placement);
  const blocks = peers.flatMap((peer) => (peer.type === 'addresses' ? [peer.addresses] : []));
  const matters = (range: AddressPlan['assumed'][number]): boolean => {
    switch (range) {
      case 'families':
        return blocks.some((block) => block.v6.length > 0);
      case 'podCIDRs':
        return blocks.length > 0 && cluster.pods.some((pod) => pod.addresses.length === 0);
      case 'nodeCIDRs':
        return (
          peers.some((peer) => peer.type === 'nodes') ||
          (blocks.length > 0 && cluster.pods.some((pod) => pod.hostNetwork && pod.addresses.length === 0))
        );
      case 'serviceCIDRs':
        // Evaluators see pods, never Services; the range only narrows what is called outside.
        return false;
    }
  };
  const assumptions = [...assumptionsOf(behaviour, { ...plan, assumed: plan.assumed.filter(matters) })];
  if (
    behaviour.name === 'default' &&
    behaviour.knobs.ipBlockMatchesPods &&
    blocks.some((block) => overlaps(block, plan.pods))
  ) {
    assumptions.unshift(
      'ipBlock matches pods by their address, as most plugins have it; Cilium does not (--cni names yours)',
    );
  }
  if (
    behaviour.name === 'default' &&
    behaviour.knobs.hostNetwork === 'asNode' &&
    !behaviour.assumed.some((typed) => typed.startsWith('hostNetwork=')) &&
    placement.policies.length > 0 &&
    cluster.pods.some((pod) => pod.hostNetwork)
  ) {
    assumptions.push(
      'policies see hostNetwork pods as their nodes, as with most plugins (--cni names yours, or --assume hostNetwork=asPod)',
    );
  }
  return assumptions;
}

function peersOf(placement: Placement): readonly Peer[] {
  return placement.policies.flatMap(({ policy }) =>
    DIRECTIONS.flatMap((direction) =>
      (policy[direction]?.rules ?? []).flatMap((rule) => (typeof rule.peers === 'string' ? [] : rule.peers)),
    ),
  );
}
