// Policies that are larger than what tools, servers or plugins take.

import { isNetworkPolicy, PEER_LISTS } from '../../dialects/network-policy/written.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import { valueAt } from '../../model/source.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';

/** Rule 25 of the catalogue, as far as it is about sizes. */
export const LARGE_POLICY: Check = {
  id: 'large-policy',
  severity: 'medium',
  scope: 'object',
  summary: 'a policy with more in it than kubectl, the API server or the plugin takes',
  *find(context) {
    const isAws = context.state.behaviour.name.startsWith('aws-vpc-cni');
    for (const policy of context.state.policies) {
      const size = sizeProblem(policy);
      if (size !== undefined) yield size;
      if (isAws && isNetworkPolicy(policy)) yield* portProblems(context, policy);
    }
  },
};

/**
 * Bytes of annotations that an object may have in all, of which `kubectl apply` makes one of the whole object
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/).
 */
const MOST_ANNOTATED = 256 * 1024;
/** Bytes of a request that etcd takes by default (https://etcd.io/docs/v3.5/dev-guide/limit/), and how near is near. */
const MOST_STORED = 1.5 * 1024 * 1024;
const NEAR = 0.8;
/** Values of a specification below which it cannot be so large: labels have 63 characters at most, names of keys 317. */
const FEW_VALUES = 500;

function sizeProblem(policy: Policy): Problem | undefined {
  const { value } = policy.object;
  if (countValues(value['spec'], FEW_VALUES) < FEW_VALUES) return undefined;
  const bytes = JSON.stringify(value).length;
  if (bytes <= MOST_ANNOTATED) return undefined;
  const isNear = bytes > MOST_STORED * NEAR;
  return {
    object: policy.object,
    policy,
    path: ['spec'],
    key: true,
    ...(isNear ? { severity: 'high' } : {}),
    message: isNear
      ? 'the policy is near the 1.5 MiB beyond which the API server refuses an object: a few more entries, and no change of it gets through'
      : 'the policy is larger than 256 KiB, which kubectl apply refuses',
    hint: isNear
      ? 'split it by pods or by peers: policies add up'
      : 'split it by pods or by peers, since policies add up; kubectl apply --server-side takes up to 1.5 MiB',
    effect: `has ${Math.ceil(bytes / 1024)} KiB`,
  };
}

/** The values in a plain value, keys not counted; stops at `most`. */
function countValues(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  let count = 0;
  for (const one of Object.values(value)) {
    count += countValues(one, most - count);
    if (count >= most) return count;
  }
  return count;
}

/** Ports and protocols for one peer (https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html). */
const MOST_PORTS = 24;

function* portProblems({ state }: CheckContext, policy: Policy): Generator<Problem> {
  for (const direction of DIRECTIONS) {
    const part = policy[direction];
    if (part === undefined || !part.listed) continue;
    for (const [peer, ports] of portsByPeer(policy, direction)) {
      if (ports.size <= MOST_PORTS) continue;
      yield {
        object: policy.object,
        policy,
        path: ['spec', direction],
        key: true,
        severity: 'high',
        message: `more than ${MOST_PORTS} ports for one peer, ${peer}: ${state.behaviour.name} takes no more, and what it does with the others is not known`,
        hint: 'write ranges (endPort), or name the peer in several policies',
        effect: `names ${ports.size} ports`,
      };
    }
  }
}

/** By each peer as it is written: the ports of all rules that name it, with their protocols. */
function portsByPeer({ object, ...policy }: Policy, direction: Direction): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { path } of policy[direction]!.rules) {
    const peers = valueAt(object, [...path, PEER_LISTS[direction]]);
    const ports = valueAt(object, [...path, 'ports']);
    if (!Array.isArray(ports)) continue;
    const texts = Array.isArray(peers) && peers.length > 0 ? peers.map((peer) => JSON.stringify(peer)) : ['everybody'];
    for (const text of texts) {
      const known = found.get(text) ?? new Set();
      found.set(text, known);
      for (const port of ports) known.add(JSON.stringify(port));
    }
  }
  return found;
}
