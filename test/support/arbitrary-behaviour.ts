// Draws behaviours: every plugin that has a name, with any knob set to any of its sorts of values.

import fc from 'fast-check';
import { behaviourOf, listBehaviours } from '../../src/engine/behaviours/index.ts';
import type { KnobName } from '../../src/engine/behaviours/knobs.ts';
import type { Behaviour } from '../../src/engine/model/behaviour.ts';

/** Values to draw, as --assume takes them. The type makes a new knob appear here. */
const VALUES: Readonly<Record<KnobName, readonly string[]>> = {
  ipBlockMatchesPods: ['true', 'false', 'unknown'],
  ipBlockMatchesNodes: ['true', 'false', 'unknown'],
  hostNetwork: ['asNode', 'asPod', 'unknown'],
  standalonePods: ['subjects', 'unknown'],
  localNodeIngress: ['allow', 'evaluate'],
  localNodeEgress: ['allow', 'evaluate'],
  serviceView: ['postDNAT', 'preDNAT'],
  hairpin: ['undefined', 'enforce', 'allow', 'egressOnly'],
  sidecarNamedPorts: ['restartable', 'all', 'none'],
  namedPorts: ['resolved', 'anyPort', 'unknown'],
  ingressNamedPorts: ['perPod', 'perPolicy'],
  egressNamedPorts: ['perDestination', 'podPeers', 'selectedPods', 'clusterWide', 'unknown'],
  icmp: ['undefined', 'portlessRules'],
  npTier: ['perDirection', 'anyDirection'],
  tiePriority: ['ambiguous', 'byName', 'byBareName'],
  highestPriority: ['1000', '99'],
  strictCIDR: ['reject', 'warn', 'accept'],
  domainMap: ['none', 'example.com:10.0.0.3/32+203.0.113.0/24'],
  selfTraffic: ['allow', 'plainRules'],
  unlistedDirectionRules: ['ignored', 'enforced', 'additive'],
  policiesOfBothTypes: ['separate', 'shared'],
  enforces: ['yes', 'yes', 'no'],
  apis: ['network-policy', 'network-policy,cluster-network-policy', 'cluster-network-policy,admin-network-policy'],
  endPort: ['range', 'portOnly', 'unknown'],
  exceptions: ['ofBlock', 'ofRule', 'unknown'],
  ipv6Blocks: ['understood', 'policyIgnored'],
  sctp: ['enforced', 'unknown'],
  portlessRuleProtocols: ['all', 'TCP,UDP,SCTP'],
  undeclaredNamespaces: ['unknown', 'unlabelled'],
  families: ['shown', 'IPv4', 'IPv4,IPv6', 'IPv6'],
  podCIDRs: ['shown', '10.0.0.0/28,fd00::/124', '10.0.0.0/24'],
  serviceCIDRs: ['shown', '172.16.0.0/16'],
  nodeCIDRs: ['shown', '192.168.0.0/24'],
};

const assumption: fc.Arbitrary<readonly [KnobName, string]> = fc
  .constantFrom(...(Object.keys(VALUES) as KnobName[]))
  .chain((knob) => fc.constantFrom(...VALUES[knob]).map((value) => [knob, value] as const));

/** The default or any plugin, with up to four knobs set; each knob once. */
export const behaviour: fc.Arbitrary<Behaviour> = fc
  .tuple(
    fc.oneof(fc.constant('default'), fc.constantFrom(...listBehaviours().map((one) => one.behaviour.name))),
    fc.uniqueArray(assumption, { maxLength: 4, selector: ([knob]) => knob }),
  )
  .map(([name, assumed]) =>
    behaviourOf(
      name,
      assumed.map(([knob, value]) => `${knob}=${value}`),
    ),
  );
