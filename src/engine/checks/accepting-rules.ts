// The rules that let something through, as checks walk over them.

import { anyOf, both, type MatchSet } from '../compile/match-set.ts';
import {
  DIRECTIONS,
  type Direction,
  type Peer,
  type Policy,
  type PolicyDirection,
  type Rule,
} from '../model/policy.ts';
import type { CheckContext } from './context.ts';
import { oncePerRun } from './once.ts';

/** One rule with what it belongs to. */
export interface PlacedRule {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly rule: Rule;
}

const rulesOf = new WeakMap<readonly Policy[], readonly PlacedRule[]>();

/**
 * Rules of the policies that accept traffic. Rules of a direction that policyTypes does not list are left out: they are a
 * finding of their own. So are rules that were closed because nobody can evaluate them. The same list is walked over once.
 */
export function acceptingRules(policies: readonly Policy[]): readonly PlacedRule[] {
  const known = rulesOf.get(policies);
  if (known !== undefined) return known;
  const rules: PlacedRule[] = [];
  for (const policy of policies) {
    for (const direction of DIRECTIONS) {
      const part = policy[direction];
      if (part === undefined || !part.listed) continue;
      for (const rule of part.rules) {
        if (rule.action === 'Accept' && rule.closed === undefined) rules.push({ policy, direction, rule });
      }
    }
  }
  rulesOf.set(policies, rules);
  return rules;
}

/** One accepting rule as the plugin has it, with the part of the policy that says whom it is about. */
export interface AcceptRule extends PlacedRule {
  readonly part: PolicyDirection;
}

/** A peer that names addresses. */
export type AddressPeer = Extract<Peer, { readonly type: 'addresses' }>;

/** A peer that names pods. */
export type PodPeer = Extract<Peer, { readonly type: 'pods' }>;

/**
 * The accepting rules of all policies that the plugin enforces, those of unlisted directions where it enforces them too. By
 * policy, egress first, in written order.
 */
export const acceptRules: (context: CheckContext) => readonly AcceptRule[] = oncePerRun(({ state }) =>
  acceptingRules(state.placement.policies.map(({ policy }) => policy)).map((one) => ({
    ...one,
    part: one.policy[one.direction]!,
  })),
);

/** Those of {@link acceptRules} with a peer that names addresses: few in most clusters, and many checks are about them. */
export const addressRules: (context: CheckContext) => readonly AcceptRule[] = oncePerRun((context) =>
  acceptRules(context).filter(
    ({ rule: { peers } }) => typeof peers !== 'string' && peers.some(({ type }) => type === 'addresses'),
  ),
);

/** Whether some policy denies or passes on, so that a rule that accepts may not have the last word. */
export const hasDenials: (context: CheckContext) => boolean = oncePerRun(({ state }) =>
  state.placement.policies.some(({ policy }) =>
    DIRECTIONS.some((direction) => policy[direction]?.rules.some(({ action }) => action !== 'Accept') ?? false),
  ),
);

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
