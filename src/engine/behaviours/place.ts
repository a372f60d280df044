// Puts policies where a plugin puts them: tiers, order, and what the plugin makes of each rule. Applies every knob that
// changes what a policy says, so that evaluators know none of those; knows nothing of endpoints, traffic or verdicts.

import type { Behaviour, Knobs } from '../model/behaviour.ts';
import type { Policy, PolicyDirection, PortMatch, Rule } from '../model/policy.ts';
import type { Chain, PlacedPolicy, Placement, Tier } from '../model/tier.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { resolveDomains } from './domain-map.ts';

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
  const placed: PlacedPolicy[] = [];
  const notEnforced: Policy[] = [];
  for (const policy of policies) {
    if (isEnforced(policy, behaviour)) placed.push(placePolicy(policy, behaviour));
    else notEnforced.push(policy);
  }
  const chain = chainOf(behaviour);
  placed.sort((a, b) => {
    const keyOf = chain.tiers[a.tier]!.ties === 'by-name' ? tieKey : listKey;
    return a.tier - b.tier || a.order - b.order || compareTexts(keyOf(a.policy), keyOf(b.policy));
  });
  notEnforced.sort((a, b) => compareTexts(listKey(a), listKey(b)));
  return { chain, policies: placed, notEnforced };
}

/** Reports whether the plugin acts on this policy: on any at all, on its API, and on its kind. */
function isEnforced(policy: Policy, behaviour: Behaviour): boolean {
  const { knobs, kindsNotEnforced = [] } = behaviour;
  return (
    knobs.enforces === 'yes' && knobs.apis.includes(policy.ref.dialect) && !kindsNotEnforced.includes(policy.ref.kind)
  );
}

function placePolicy(policy: Policy, behaviour: Behaviour): PlacedPolicy {
  const { knobs, placement } = behaviour;
  const inMiddle = policy.tier === 'NetworkPolicy';
  return {
    policy: readPolicy(policy, knobs),
    tier: TIER_INDEX[policy.tier],
    order: inMiddle && placement === 'calico' ? CALICO_NETWORK_POLICY_ORDER : policy.order,
    // The cluster-scoped APIs say that a rule without protocols matches everything; NetworkPolicy leaves it open.
    coversOtherProtocols: policy.ref.dialect !== 'network-policy' || knobs.icmp === 'portlessRules',
  };
}

/** The policy as the plugin reads it; the same object where it reads what is written. */
function readPolicy(policy: Policy, knobs: Knobs): Policy {
  const { ingress, egress, ...rest } = policy;
  const readIngress = ingress && readDirection(ingress, policy, knobs);
  const readEgress = egress && readDirection(egress, policy, knobs);
  if (readIngress === ingress && readEgress === egress) return policy;
  return {
    ...rest,
    ...(readIngress === undefined ? {} : { ingress: readIngress }),
    ...(readEgress === undefined ? {} : { egress: readEgress }),
  };
}

/**
 * Undefined where the plugin drops the direction. A plugin that enforces the rules of an unlisted direction (Cilium) makes
 * them isolate too, since its default deny comes with the rules; where there are no rules, nothing comes.
 */
function readDirection(part: PolicyDirection, policy: Policy, knobs: Knobs): PolicyDirection | undefined {
  if (!part.listed && (knobs.unlistedDirectionRules === 'ignored' || part.rules.length === 0)) return undefined;
  const rules = part.rules.map((rule) => readRule(rule, policy, knobs));
  if (part.listed && rules.every((rule, i) => rule === part.rules[i])) return part;
  return part.listed ? { ...part, rules } : { ...part, rules, isolates: true, listed: true };
}

function readRule(written: Rule, policy: Policy, knobs: Knobs): Rule {
  const peers = resolveDomains(written.peers, knobs.domainMap);
  const rule = peers === written.peers ? written : { ...written, peers };
  if (rule.ports === 'any') {
    // A rule that the decoder closed denies everything, whatever it was written as.
    if (knobs.portlessRuleProtocols === 'all' || rule.closed !== undefined) return rule;
    const all = PORT_PROTOCOLS.map((protocol): PortMatch => ({ path: rule.path, protocol, type: 'all' }));
    return { ...rule, ports: [all[0]!, ...all.slice(1)] };
  }
  // endPort is a field of NetworkPolicy; the ranges of the other APIs have no port of their own to fall back on.
  if (rule.ports === 'none' || knobs.endPort === 'range' || policy.ref.dialect !== 'network-policy') return rule;
  if (!rule.ports.some(isRange)) return rule;
  const [first, ...more] = rule.ports;
  return { ...rule, ports: [firstPortOnly(first), ...more.map(firstPortOnly)] };
}

function isRange(port: PortMatch): boolean {
  return port.type === 'range' && port.last !== port.first;
}

function firstPortOnly(port: PortMatch): PortMatch {
  return port.type === 'range' && isRange(port) ? { ...port, last: port.first } : port;
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
