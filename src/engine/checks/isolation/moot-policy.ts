// Policies whose restriction another policy undoes: policies only add up, so the widest one decides.

import type { Direction, Peer, Policy, PolicyDirection, Rule } from '../../model/policy.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import { isEverything, selectorKey } from '../../model/selector.ts';
import { everyId } from '../../sets/id-set.ts';
import { parseAddress } from '../../sets/ip-address.ts';
import { type IpSet, isSubset as isWithin, ofFamily, unionAll } from '../../sets/ip-set.ts';
import { isSubset, labelSetOf } from '../../sets/label-set.ts';
import { traffic } from '../../sets/traffic-set.ts';
import { addressPeers } from '../accepting-rules.ts';
import { holdsInternet } from '../addresses/block-extent.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { findFlow, findOutsideFlow } from '../flows.ts';
import { oncePerRun } from '../once.ts';
import { printPeers } from '../rule-flows.ts';
import { isBlockMatchKnown } from './closed-pairs.ts';

/** Rule 72 of the catalogue: NetworkPolicies of a namespace, by direction. */
export const MOOT_POLICY: Check = {
  id: 'moot-policy',
  severity: 'high',
  scope: 'input',
  summary: 'a policy whose restriction another policy for the same pods undoes',
  *find(context) {
    for (const { policy, direction, undoing } of mootParts(context))
      yield problemOf(context, policy, direction, undoing);
  },
};

/** One direction of a policy that wider rules undo. */
export interface MootPart {
  readonly policy: Policy;
  readonly direction: Direction;
  /** Never empty. */
  readonly undoing: readonly WideRule[];
}

/** All of them: what is reported here is not reported as redundant, too. */
export const mootParts: (context: CheckContext) => readonly MootPart[] = oncePerRun((context) => {
  const found: MootPart[] = [];
  for (const policies of byNamespace(context)) {
    for (const direction of DIRECTIONS) {
      const wide = policies.flatMap((policy) => wideRules(context, policy, direction));
      if (wide.length === 0) continue;
      for (const policy of policies) {
        const part = policy[direction];
        if (part === undefined || !part.isolates) continue;
        const sure = isBlockMatchKnown(context) ? wide : wide.filter((one) => isSure(one, part));
        const undoing = undone(policy, part, sure);
        if (undoing !== undefined) found.push({ policy, direction, undoing });
      }
    }
  }
  return found;
});

/** What a wide rule opens on every port: everything, every address, every pod, every pod of its own namespace. */
type Width = 'everything' | 'addresses' | 'pods' | 'own-pods';

/** A rule that opens nearly everything. */
export interface WideRule {
  readonly policy: Policy;
  readonly part: PolicyDirection;
  readonly rule: Rule;
  readonly width: Width;
  readonly addresses: IpSet;
}

/** NetworkPolicies with a namespace of their own, by namespace. */
function byNamespace({ state }: CheckContext): Iterable<readonly Policy[]> {
  const lists = new Map<string, Policy[]>();
  for (const { policy } of state.placement.policies) {
    if (policy.tier !== 'NetworkPolicy' || policy.ref.namespace === undefined) continue;
    const list = lists.get(policy.ref.namespace);
    if (list === undefined) lists.set(policy.ref.namespace, [policy]);
    else list.push(policy);
  }
  return lists.values();
}

function wideRules(context: CheckContext, policy: Policy, direction: Direction): WideRule[] {
  const part = policy[direction];
  if (part === undefined) return [];
  const wide: WideRule[] = [];
  for (const rule of part.rules) {
    if (rule.action !== 'Accept' || rule.ports !== 'any' || rule.conditions.length > 0) continue;
    const width = widthOf(context, policy, rule);
    if (width === undefined) continue;
    wide.push({ policy, part, rule, width, addresses: unionAll(addressPeers(rule).map((peer) => peer.addresses)) });
  }
  return wide;
}

/**
 * Reports whether a rule opens every port from or to everybody, nearly all addresses or all pods: beside it nearly every
 * other rule is superfluous, and it is the one to look at.
 */
export function isWideRule(context: CheckContext, policy: Policy, rule: Rule): boolean {
  if (rule.action !== 'Accept' || rule.ports !== 'any' || rule.conditions.length > 0) return false;
  const width = widthOf(context, policy, rule);
  return width !== undefined && width !== 'own-pods';
}

function widthOf(context: CheckContext, policy: Policy, rule: Rule): Width | undefined {
  if (rule.peers === 'any') return 'everything';
  if (rule.peers === 'none') return undefined;
  if (opensAddresses(context, rule)) return 'addresses';
  const all = rule.peers.filter((peer) => peer.type === 'pods' && isEverything(peer.pods));
  if (all.some((peer) => peer.type === 'pods' && isEveryNamespace(peer))) return 'pods';
  return all.some((peer) => peer.type === 'pods' && isOwn(peer, policy)) ? 'own-pods' : undefined;
}

/** Nearly every address of every family, pods among them as far as the plugin compares blocks with pods. */
function opensAddresses({ state: { plan, behaviour } }: CheckContext, rule: Rule): boolean {
  const peers = addressPeers(rule);
  if (peers.length === 0) return false;
  const set = unionAll(peers.map(({ addresses }) => addresses));
  return (
    behaviour.knobs.ipBlockMatchesPods &&
    plan.families.every(
      (family) => holdsInternet(set, family) && isWithin(ofFamily(plan.pods, family), ofFamily(set, family)),
    )
  );
}

type PodPeer = Extract<Peer, { readonly type: 'pods' }>;

function isEveryNamespace({ namespaces }: PodPeer): boolean {
  return !('name' in namespaces) && isEverything(namespaces.selector);
}

function isOwn({ namespaces }: PodPeer, { ref }: Policy): boolean {
  return 'name' in namespaces && namespaces.name === ref.namespace;
}

/**
 * Reports whether the rule undoes the part with every plugin. Some do not compare blocks with pods: there a part that is
 * about pods alone still counts for something beside a block.
 */
function isSure({ width }: WideRule, { rules }: PolicyDirection): boolean {
  return width !== 'addresses' || rules.length === 0 || rules.some((rule) => addressPeers(rule).length > 0);
}

/** The wide rules that leave nothing of the part, or undefined. */
function undone(policy: Policy, part: PolicyDirection, wide: readonly WideRule[]): readonly WideRule[] | undefined {
  const others = wide.filter((one) => one.policy !== policy && selectsAllOf(one.part, part));
  if (others.length === 0 || part.rules.some((rule) => wide.some((one) => one.rule === rule))) return undefined;
  if (part.rules.length === 0) {
    const whole = others.find(({ width }) => width === 'everything' || width === 'addresses');
    return whole === undefined ? undefined : [whole];
  }
  const used = new Set<WideRule>();
  for (const rule of part.rules) {
    if (rule.peers === 'none') continue;
    const covering = others.find((one) => covers(one, rule, policy));
    if (covering === undefined) return undefined;
    used.add(covering);
  }
  return used.size === 0 ? undefined : [...used];
}

/** Whether every pod that could be a subject of `narrow` is one of `wide`. */
function selectsAllOf(wide: PolicyDirection, narrow: PolicyDirection): boolean {
  const [a, b] = [wide.subject.pods, narrow.subject.pods];
  if (isEverything(a)) return true;
  if (isEverything(b)) return false;
  if (selectorKey(a) === selectorKey(b)) return true;
  const [whole, part] = [labelSetOf(a), labelSetOf(b)];
  return whole !== undefined && part !== undefined && isSubset(part, whole);
}

function covers({ width, addresses }: WideRule, { peers }: Rule, policy: Policy): boolean {
  if (width === 'everything') return true;
  if (typeof peers === 'string') return false;
  return peers.every((peer) => {
    switch (peer.type) {
      case 'pods':
        return width === 'addresses' || width === 'pods' || isOwn(peer, policy);
      case 'addresses':
        return width === 'addresses' && isWithin(peer.addresses, addresses);
      default:
        return false;
    }
  });
}

function problemOf(context: CheckContext, policy: Policy, direction: Direction, undoing: readonly WideRule[]): Problem {
  const part = policy[direction]!;
  const pods = context.select(part.subject.namespaces, part.subject.pods, policy).yes;
  const impact = countPods(context, pods);
  const [first] = undoing;
  const others = [...new Set(undoing.map((one) => `"${one.policy.ref.name}"`))].join(' and ');
  const [way, plural] = [direction === 'ingress' ? 'from' : 'to', undoing.length > 1];
  // Beside a wider rule for the very same pods, rules allow; for fewer pods, they are there to restrict them.
  const isAllowance = part.rules.length > 0 && undoing.every((one) => selectsAllOf(part, one.part));
  const example = exampleOf(context, pods, direction, first!);
  return {
    object: policy.object,
    policy,
    path: part.rules.length === 0 ? ['spec', 'podSelector'] : ['spec', direction],
    ...(part.rules.length === 0 ? {} : { key: true }),
    ...(isAllowance ? { severity: 'low' } : {}),
    message: `${others} allow${plural ? '' : 's'} the same pods every port ${way} ${nameOf(first!)}, so this policy ${isAllowance ? 'allows nothing more' : `restricts no ${direction}`}${first!.width === 'own-pods' ? ' within the namespace' : ''}`,
    hint: 'policies only add up: narrow the wider rule, or take this policy away',
    ...(impact.pods === 0 ? {} : { effect: `leaves ${printImpact(impact)} open`, impact }),
    ...(example === undefined ? {} : { example }),
    related: undoing.map((one) => ({
      object: one.policy.object,
      path: one.rule.path,
      message: `allows every port ${way} ${printPeers(one.rule)}`,
    })),
  };
}

function nameOf({ width, rule }: WideRule): string {
  switch (width) {
    case 'everything':
      return 'everybody';
    case 'addresses':
      return addressPeers(rule)
        .map(({ cidr }) => cidr)
        .join(' and ');
    case 'pods':
      return 'every pod';
    case 'own-pods':
      return 'every pod of the namespace';
  }
}

/** SSH: a port that nobody asks for shows best what is open. */
const SSH = traffic('TCP', 22);
const OUTSIDE = '198.51.100.10';

function exampleOf(
  context: CheckContext,
  pods: ReturnType<typeof everyId>,
  direction: Direction,
  { width }: WideRule,
): string | undefined {
  if (pods.length === 0) return undefined;
  const address = parseAddress(OUTSIDE);
  if ((width === 'everything' || width === 'addresses') && address.ok) {
    return findOutsideFlow(context, { verdict: 'allowed', pods, direction, address, ports: SSH });
  }
  const everybody = everyId(context.pods.length);
  const [from, to] = direction === 'ingress' ? [everybody, pods] : [pods, everybody];
  return findFlow(context, { verdict: 'allowed', from, to, ports: SSH });
}
