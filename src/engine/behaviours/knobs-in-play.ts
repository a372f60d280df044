// Which knobs can bear on answers about one snapshot: those whose values no policy or pod of it can tell apart do not.
// Errs on the side of naming one too many. Knows no plugin.

import type { AddressPlan, Cluster } from '../model/cluster.ts';
import type { Peer, Policy, PortMatch, Rule } from '../model/policy.ts';
import { DIRECTIONS } from '../model/policy.ts';
import { overlaps } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { KnobName } from './knobs.ts';
import { KNOB_NAMES } from './knobs.ts';

/** What answers are computed from, before any plugin has a say. */
export interface KnobInput {
  readonly policies: readonly Policy[];
  readonly cluster: Cluster;
  readonly plan: AddressPlan;
  /** Protocols that are asked about; absent: any may be. */
  readonly protocols?: readonly Protocol[];
}

/** The knobs in play, in the order in which knobs are listed. */
export function knobsInPlay(input: KnobInput): ReadonlySet<KnobName> {
  const facts = factsOf(input);
  return new Set(KNOB_NAMES.filter((knob) => isInPlay(knob, facts)));
}

/** What the knobs are about, looked up once. */
type Facts = ReturnType<typeof factsOf>;

function factsOf({ policies, cluster, plan, protocols }: KnobInput) {
  const own = policies.filter(({ ref }) => ref.dialect === 'network-policy');
  const hasEntries =
    cluster.ingresses.length + cluster.openShiftRoutes.length + cluster.gatewayApi.routes.length > 0 ||
    cluster.services.some(({ type, externalIPs }) => /LoadBalancer|NodePort/.test(type) || externalIPs.length > 0);
  const speaksAsNode = hasEntries || cluster.nodes.length > 0 || cluster.pods.some((pod) => pod.hostNetwork);
  const asks = (...wanted: readonly Protocol[]) =>
    protocols === undefined || wanted.some((one) => protocols.includes(one));
  return { policies, own, ...ruleFacts(policies), cluster, plan, hasEntries, speaksAsNode, asks };
}

/** What rules write that plugins read differently. One walk without iterators: there may be a hundred thousand rules. */
function ruleFacts(policies: readonly Policy[]) {
  const named = new Set<string>();
  const blocks: Extract<Peer, { readonly type: 'addresses' }>[] = [];
  let [namesDomains, mixesPorts, hasRanges] = [false, false, false];
  for (const policy of policies) {
    const isOwn = policy.ref.dialect === 'network-policy';
    for (const direction of DIRECTIONS) {
      for (const rule of policy[direction]?.rules ?? []) {
        const peers = peersOf(rule);
        for (let i = 0; i < peers.length; i++) {
          const peer = peers[i]!;
          if (peer.type === 'addresses') blocks.push(peer);
          else if (peer.type === 'domains') namesDomains = true;
        }
        const ports = portsOf(rule);
        for (let i = 0; i < ports.length; i++) {
          const port = ports[i]!;
          if (port.type === 'named') named.add(port.name);
        }
        if (!isOwn) continue;
        mixesPorts ||= ports.some(isNamed) || mixesNumbers(ports);
        hasRanges ||= ports.some((port) => port.type === 'range' && port.first !== port.last);
      }
    }
  }
  return { named, blocks, namesDomains, mixesPorts, hasRanges };
}

function isInPlay(knob: KnobName, facts: Facts): boolean {
  const { policies, own, named, blocks, cluster, plan } = facts;
  const hasPolicies = policies.length > 0;
  switch (knob) {
    case 'ipBlockMatchesPods':
      if (facts.namesDomains || (blocks.length > 0 && facts.hasEntries)) return true;
      return blocks.some(({ addresses }) => overlaps(addresses, plan.pods));
    case 'ipBlockMatchesNodes':
      return (facts.namesDomains || blocks.length > 0) && facts.speaksAsNode;
    case 'hostNetwork':
      return hasPolicies && cluster.pods.some((pod) => pod.hostNetwork);
    case 'standalonePods':
      return hasPolicies && [...cluster.workloads.values()].some(({ kind }) => kind === 'Pod');
    case 'localNodeIngress':
      return hasPolicies;
    case 'localNodeEgress':
      return hasPolicies && facts.speaksAsNode;
    case 'serviceView':
    case 'hairpin':
      return hasPolicies && cluster.services.length > 0;
    case 'sidecarNamedPorts':
      return cluster.pods.some(({ ports }) =>
        ports.some(({ name, from }) => from !== 'container' && named.has(name ?? '')),
      );
    case 'namedPorts':
      return facts.mixesPorts;
    case 'ingressNamedPorts':
      return own.some(({ ingress }) => (ingress?.rules ?? []).some((rule) => portsOf(rule).some(isNamed)));
    case 'egressNamedPorts':
      return policies.some(({ egress }) => (egress?.rules ?? []).some((rule) => portsOf(rule).some(isNamed)));
    case 'icmp':
    case 'portlessRuleProtocols':
      return hasPolicies && facts.asks('ICMP', 'ICMPv6');
    case 'npTier':
      return own.length > 0 && policies.some(({ tier }) => tier === 'Baseline');
    case 'tiePriority':
      return hasTies(policies);
    case 'highestPriority':
      return policies.some(({ ref, order }) => ref.kind === 'AdminNetworkPolicy' && order > 99);
    case 'domainMap':
      return facts.namesDomains;
    case 'unlistedDirectionRules':
      return own.some((policy) =>
        DIRECTIONS.some((one) => policy[one]?.listed === false && policy[one].rules.length > 0),
      );
    case 'policiesOfBothTypes':
      // Rules of a direction that is not listed may be enforced (unlistedDirectionRules), and are then shared as well.
      return own.some((policy) =>
        DIRECTIONS.every((one) => policy[one] !== undefined && (policy[one].listed || policy[one].rules.length > 0)),
      );
    case 'enforces':
      return hasPolicies;
    case 'apis':
      return policies.some(({ ref }) => ref.dialect !== 'network-policy');
    case 'endPort':
      return facts.hasRanges;
    case 'exceptions':
      return blocks.some(({ except }) => except.length > 0);
    case 'ipv6Blocks':
      return blocks.some(({ cidr }) => cidr.includes(':'));
    case 'sctp':
      return hasPolicies && facts.asks('SCTP');
    case 'strictCIDR':
    case 'selfTraffic':
    case 'undeclaredNamespaces':
    case 'families':
    case 'podCIDRs':
    case 'serviceCIDRs':
    case 'nodeCIDRs':
      // Of these plugins say nothing; whoever sets them is heard.
      return true;
  }
}

/** Whether two policies of an ordered tier have the same priority. */
function hasTies(policies: readonly Policy[]): boolean {
  const places = policies.flatMap(({ tier, order }) => (tier === 'NetworkPolicy' ? [] : [`${tier} ${order}`]));
  return new Set(places).size < places.length;
}

/** Whether an entry for a whole protocol stands beside a number of it. */
function mixesNumbers(ports: readonly PortMatch[]): boolean {
  return ports.some(
    (all) => all.type === 'all' && ports.some((one) => one.type === 'range' && one.protocol === all.protocol),
  );
}

function isNamed({ type }: PortMatch): boolean {
  return type === 'named';
}

function peersOf({ peers }: Rule): readonly Peer[] {
  return typeof peers === 'string' ? [] : peers;
}

function portsOf({ ports }: Rule): readonly PortMatch[] {
  return typeof ports === 'string' ? [] : ports;
}
