// The rules that allow something, with the policy and direction that they stand in: what most checks start from.

import { anyOf, both, type MatchSet } from '../compile/match-set.ts';
import {
  DIRECTIONS,
  type Direction,
  type Peer,
  type Policy,
  type PolicyDirection,
  type Rule,
} from '../model/policy.ts';
import type { State } from '../state.ts';
import type { CheckContext } from './context.ts';

/** One rule with action Accept, where the plugin has it. */
export interface AcceptRule {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly part: PolicyDirection;
  readonly rule: Rule;
}

/** A peer that names addresses. */
export type AddressPeer = Extract<Peer, { readonly type: 'addresses' }>;

/** A peer that names pods. */
export type PodPeer = Extract<Peer, { readonly type: 'pods' }>;

const known = new WeakMap<State, readonly AcceptRule[]>();

/**
 * Every rule that allows something, of policies that the plugin enforces; those of unlisted directions only where it
 * enforces them too. By policy, egress first, in written order.
 */
export function acceptRules({ state }: CheckContext): readonly AcceptRule[] {
  const before = known.get(state);
  if (before !== undefined) return before;
  const rules: AcceptRule[] = [];
  for (const { policy } of state.placement.policies) {
    for (const direction of DIRECTIONS) {
      const part = policy[direction];
      if (part === undefined) continue;
      for (const rule of part.rules) {
        if (rule.action === 'Accept' && rule.closed === undefined) rules.push({ policy, direction, part, rule });
      }
    }
  }
  known.set(state, rules);
  return rules;
}

/** The pods that the rule is about. */
export function subjectsOf(context: CheckContext, { policy, part, rule }: AcceptRule): MatchSet {
  const all = context.select(part.subject.namespaces, part.subject.pods, policy);
  if (rule.subject === undefined) return all;
  return both(all, context.select(rule.subject.namespaces, rule.subject.pods, policy));
}

/** The peers that name addresses; empty where the rule matches everybody or nobody. */
export function addressPeers({ peers }: Rule): readonly AddressPeer[] {
  return typeof peers === 'string' ? [] : peers.filter((peer) => peer.type === 'addresses');
}

/** The peers that name pods; empty where the rule matches everybody or nobody. */
export function podPeers({ peers }: Rule): readonly PodPeer[] {
  return typeof peers === 'string' ? [] : peers.filter((peer) => peer.type === 'pods');
}

/** Pods of the snapshot that one of the peers means. */
export function podsOf(context: CheckContext, peers: readonly PodPeer[], policy: Policy): MatchSet {
  return anyOf(peers.map(({ namespaces, pods }) => context.select(namespaces, pods, policy)));
}
