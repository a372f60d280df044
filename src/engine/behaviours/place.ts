// Puts policies where a plugin puts them: tiers, order, and what the plugin makes of each rule. Applies every knob that
// changes what a policy says, so that evaluators know none of those; knows nothing of endpoints, traffic or verdicts.

import type { Behaviour, Knobs } from '../model/behaviour.ts';
import { DIRECTIONS, type Direction, type Policy, type PolicyDirection } from '../model/policy.ts';
import type { Chain, PlacedPolicy, Placement, Tier } from '../model/tier.ts';
import { shareRules } from './both-types.ts';
import { type ExceptionIndex, exceptionsOfOthers, indexExceptions } from './exceptions.ts';
import { readRule } from './read-rule.ts';

/** Positions of the three tiers; every placement has them in this order. */
const TIER_INDEX: Readonly<Record<Policy['tier'], number>> = { Admin: 0, NetworkPolicy: 1, Baseline: 2 };

/** The order that Calico gives every NetworkPolicy in its tier `default` (libcalico-go, K8sNetworkPolicyToCalico). */
const CALICO_NETWORK_POLICY_ORDER = 1000;

/**
 * The chain of tiers of a plugin, Admin first. AdminNetworkPolicy and ClusterNetworkPolicy share the Admin tier. A
 * NetworkPolicy of the tier in the middle turns the end of that tier into a deny for what it isolates, so the same three
 * tiers serve all plugins: `union` by default, `deny-overrides` on Cilium, `first-match` on Calico. No policy: allowed.
 */
export function chainOf(behaviour: Behaviour): Chain {
  const { knobs, placement } = behaviour;
  const ties = knobs.tiePriority === 'byName' ? 'by-name' : 'undefined';
  const unisolated = knobs.npTier === 'anyDirection' ? 'accept-if-selected' : 'next';
  const ordered = (name: string): Tier => ({ name, combine: 'first-match', ties, unisolated: 'next' });
  switch (placement) {
    case 'calico': {
      const [admin, baseline] = calicoTierNames(knobs);
      const middle: Tier = { name: 'default', combine: 'first-match', ties: 'by-name', unisolated };
      return { tiers: [ordered(admin), middle, ordered(baseline)], tail: 'allow' };
    }
    case 'cilium': {
      const middle: Tier = { name: 'NetworkPolicy', combine: 'deny-overrides', ties, unisolated };
      return { tiers: [ordered('Admin'), middle, ordered('Baseline')], tail: 'allow' };
    }
    case 'default': {
      const middle: Tier = { name: 'NetworkPolicy', combine: 'union', ties, unisolated };
      return { tiers: [ordered('Admin'), middle, ordered('Baseline')], tail: 'allow' };
    }
  }
}

/** Calico renamed the tiers when it moved to ClusterNetworkPolicy (libcalico-go names, v3.31 and v3.32). */
function calicoTierNames(knobs: Knobs): [admin: string, baseline: string] {
  if (!knobs.apis.includes('cluster-network-policy') && knobs.apis.includes('admin-network-policy')) {
    return ['adminnetworkpolicy', 'baselineadminnetworkpolicy'];
  }
  return ['kube-admin', 'kube-baseline'];
}

/**
 * Places policies as the plugin does. `policies` of the result are sorted by tier, then order, then namespace, name and
 * kind, whatever the order of the input; in tiers with `by-name` ties equal orders are sorted by `name/namespace/kind`, so
 * that the list is the order in which the plugin looks at them. A policy that the plugin does not enforce is in
 * `notEnforced`, sorted by namespace, name and kind, unchanged.
 */
export function placePolicies(policies: readonly Policy[], behaviour: Behaviour): Placement {
  const enforced = policies.filter((policy) => isEnforced(policy, behaviour));
  const notEnforced = policies.filter((policy) => !isEnforced(policy, behaviour));
  const exceptions = behaviour.knobs.exceptions === 'unknown' ? indexExceptions(enforced) : new Map();
  const placed = enforced.map((policy) => placePolicy(policy, behaviour, exceptions));
  const chain = chainOf(behaviour);
  const keys = new Map(
    placed.map((one) => [one, (chain.tiers[one.tier]!.ties === 'by-name' ? tieKey : listKey)(one.policy)]),
  );
  placed.sort((a, b) => a.tier - b.tier || a.order - b.order || compareTexts(keys.get(a)!, keys.get(b)!));
  notEnforced.sort((a, b) => compareTexts(listKey(a), listKey(b)));
  return {
    chain,
    policies: behaviour.knobs.tiePriority === 'byBareName' ? untied(placed, chain) : placed,
    notEnforced,
  };
}

/** Policies of ordered tiers with orders of their own, as they stand in the list: bare names decide between equal ones. */
function untied(placed: readonly PlacedPolicy[], { tiers }: Chain): PlacedPolicy[] {
  return placed.map((one, position) =>
    tiers[one.tier]!.combine === 'first-match' ? { ...one, order: position } : one,
  );
}

/** Reports whether the plugin acts on this policy: on any at all, on its API, its kind, and on what stands in it. */
function isEnforced(policy: Policy, behaviour: Behaviour): boolean {
  const { knobs, kindsNotEnforced = [] } = behaviour;
  const { dialect, kind } = policy.ref;
  if (knobs.enforces === 'no' || !knobs.apis.includes(dialect) || kindsNotEnforced.includes(kind)) return false;
  if (kind === 'AdminNetworkPolicy' && policy.order > Number(knobs.highestPriority)) return false;
  return knobs.ipv6Blocks === 'understood' || dialect !== 'network-policy' || !namesIPv6(policy);
}

/** Reports whether a listed direction has an ipBlock of IPv6. */
function namesIPv6(policy: Policy): boolean {
  return DIRECTIONS.some((direction) => {
    const part = policy[direction];
    if (part === undefined || !part.listed) return false;
    return part.rules.some(
      ({ peers }) =>
        typeof peers !== 'string' && peers.some((peer) => peer.type === 'addresses' && peer.cidr.includes(':')),
    );
  });
}

function placePolicy(policy: Policy, behaviour: Behaviour, exceptions: ExceptionIndex): PlacedPolicy {
  const { knobs, placement } = behaviour;
  const inMiddle = policy.tier === 'NetworkPolicy';
  return {
    policy: readPolicy(policy, knobs, exceptions),
    tier: TIER_INDEX[policy.tier],
    order: inMiddle && placement === 'calico' ? CALICO_NETWORK_POLICY_ORDER : policy.order,
    // The cluster-scoped APIs say that a rule without protocols matches everything; NetworkPolicy leaves it open.
    coversOtherProtocols: policy.ref.dialect !== 'network-policy' || knobs.icmp === 'portlessRules',
  };
}

/** The policy as the plugin reads it; the same object where it reads what is written. */
function readPolicy(policy: Policy, knobs: Knobs, exceptions: ExceptionIndex): Policy {
  const { ingress, egress } = policy;
  const readIngress = ingress && readDirection(ingress, 'ingress', policy, knobs, exceptions);
  const readEgress = egress && readDirection(egress, 'egress', policy, knobs, exceptions);
  const isAsWritten = readIngress === ingress && readEgress === egress;
  const read = isAsWritten ? policy : withDirections(policy, readIngress, readEgress);
  return knobs.policiesOfBothTypes === 'shared' && policy.ref.dialect === 'network-policy' ? shareRules(read) : read;
}

function withDirections(policy: Policy, ingress?: PolicyDirection, egress?: PolicyDirection): Policy {
  const { ingress: _, egress: __, ...rest } = policy;
  // Assigned: a copy by spreading that is added to has a shape of its own in V8.
  return Object.assign(rest, ingress === undefined ? {} : { ingress }, egress === undefined ? {} : { egress });
}

/**
 * Undefined where the plugin drops the direction. A plugin that enforces the rules of an unlisted direction (Cilium) makes
 * them isolate too, since its default deny comes with the rules; where there are no rules, nothing comes. One that only
 * adds them (ovn-kubernetes) lets them allow what another policy's isolation would deny.
 */
function readDirection(
  part: PolicyDirection,
  direction: Direction,
  policy: Policy,
  knobs: Knobs,
  exceptions: ExceptionIndex,
): PolicyDirection | undefined {
  if (!part.listed && (knobs.unlistedDirectionRules === 'ignored' || part.rules.length === 0)) return undefined;
  const own = part.rules.flatMap((rule) => readRule(rule, policy, direction, knobs));
  const rules =
    exceptions.size === 0 ? own : own.flatMap((rule) => exceptionsOfOthers(rule, policy, direction, exceptions));
  if (!part.listed) return { ...part, rules, isolates: knobs.unlistedDirectionRules === 'enforced', listed: true };
  const isAsWritten = rules.length === part.rules.length && rules.every((rule, i) => rule === part.rules[i]);
  return isAsWritten ? part : { ...part, rules };
}

/** How Calico breaks ties: `name/namespace/kind` as one string, so that `a-b` comes before `a` (felix/calc, PolKVLess). */
function tieKey({ ref }: Policy): string {
  return `${ref.name}/${ref.namespace ?? ''}/${ref.kind}`;
}

/** Names of objects hold no space, so a space sorts `a` before `a-b`. */
function listKey({ ref }: Policy): string {
  return `${ref.namespace ?? ''} ${ref.name} ${ref.kind} ${ref.dialect}`;
}

/** By UTF-16 units: the same everywhere, which a locale is not. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
