// Which assumptions bear on answers about one snapshot; those that cannot change anything are not worth a line.

import { assumptionsOf, type KnobName, knobsInPlay } from './behaviours/index.ts';
import type { Behaviour } from './model/behaviour.ts';
import type { AddressPlan, Cluster } from './model/cluster.ts';
import { DIRECTIONS, type Policy, type Rule } from './model/policy.ts';
import type { Placement } from './model/tier.ts';
import { type IpSet, overlaps } from './sets/ip-set.ts';
import type { Protocol } from './sets/traffic-set.ts';

/** What was assumed and matters here, one short sentence each without a full stop. */
export function findAssumptions({
  behaviour,
  plan,
  placement,
  cluster,
  policies,
  protocols,
}: {
  readonly behaviour: Behaviour;
  readonly plan: AddressPlan;
  readonly placement: Placement;
  readonly cluster: Cluster;
  readonly policies: readonly Policy[];
  /** Protocols that are asked about; absent: any may be. */
  readonly protocols?: readonly Protocol[];
}): readonly string[] {
  const { blocks, namesNodes } = peersIn(placement);
  const matters = (range: AddressPlan['assumed'][number]): boolean => {
    switch (range) {
      case 'families':
        return blocks.some((block) => block.v6.length > 0);
      case 'podCIDRs':
        return blocks.length > 0 && cluster.pods.some((pod) => pod.addresses.length === 0);
      case 'nodeCIDRs':
        return (
          namesNodes || (blocks.length > 0 && cluster.pods.some((pod) => pod.hostNetwork && pod.addresses.length === 0))
        );
      case 'serviceCIDRs':
        // Evaluators see pods, never Services; the range only narrows what is called outside.
        return false;
    }
  };
  const inPlay = knobsInPlay({ policies, cluster, plan, ...(protocols === undefined ? {} : { protocols }) });
  const shown = { ...plan, assumed: plan.assumed.filter(matters) };
  const assumptions = [...assumptionsOf(behaviour, shown, (knob) => inPlay.has(knob))];
  // What the default takes for granted is worth saying only where nobody said it.
  const isOpen = (knob: KnobName) =>
    behaviour.name === 'default' && !behaviour.assumed.some((typed) => typed.trim().startsWith(`${knob}=`));
  const { knobs } = behaviour;
  if (
    isOpen('ipBlockMatchesPods') &&
    knobs.ipBlockMatchesPods === true &&
    blocks.some((block) => overlaps(block, plan.pods))
  ) {
    assumptions.unshift(
      'ipBlock matches pods by their address, as most plugins have it; Cilium does not (--cni names yours)',
    );
  }
  const isHost = cluster.pods.some((pod) => pod.hostNetwork);
  if (isOpen('hostNetwork') && knobs.hostNetwork === 'asNode' && placement.policies.length > 0 && isHost) {
    assumptions.push(
      'policies see hostNetwork pods as their nodes, as with most plugins (--cni names yours, or --assume hostNetwork=asPod)',
    );
  }
  if (
    isOpen('sidecarNamedPorts') &&
    knobs.sidecarNamedPorts === 'restartable' &&
    namesSidecarPort(placement, cluster)
  ) {
    assumptions.push(
      'port names of sidecars count, which not every plugin does (--cni names yours, or --assume sidecarNamedPorts=none)',
    );
  }
  return assumptions;
}

/** Reports whether a policy names a port by a name that only a restartable init container of some pod has (semantics P4). */
function namesSidecarPort(placement: Placement, cluster: Cluster): boolean {
  if (!cluster.pods.some(({ ports }) => ports.some(({ from }) => from === 'sidecar'))) return false;
  const names = new Set(
    rulesOf(placement).flatMap(({ ports }) =>
      typeof ports === 'string' ? [] : ports.flatMap((port) => (port.type === 'named' ? [port.name] : [])),
    ),
  );
  return cluster.pods.some(({ ports }) =>
    ports.some(
      ({ name, from }) =>
        from === 'sidecar' &&
        name !== undefined &&
        names.has(name) &&
        !ports.some((other) => other.from === 'container' && other.name === name),
    ),
  );
}

/** What the peers of all rules name: the blocks, and whether there are nodes. */
function peersIn(placement: Placement): { readonly blocks: readonly IpSet[]; readonly namesNodes: boolean } {
  const blocks: IpSet[] = [];
  let namesNodes = false;
  for (const { policy } of placement.policies) {
    for (const direction of DIRECTIONS) {
      for (const { peers } of policy[direction]?.rules ?? []) {
        if (typeof peers === 'string') continue;
        // No iterator: lists are short, and there are a hundred thousand.
        for (let i = 0; i < peers.length; i++) {
          const peer = peers[i]!;
          if (peer.type === 'addresses') blocks.push(peer.addresses);
          else if (peer.type === 'nodes') namesNodes = true;
        }
      }
    }
  }
  return { blocks, namesNodes };
}

function rulesOf(placement: Placement): readonly Rule[] {
  return placement.policies.flatMap(({ policy }) => DIRECTIONS.flatMap((direction) => policy[direction]?.rules ?? []));
}
