// What the API leaves to the plugin, as plain data: one value per knob, and a source for each in behaviours/.

import type { Family, IpSet } from '../sets/ip-set.ts';
import type { DialectName } from './policy.ts';

/** Every knob. Values that nobody can know are `undefined`-like words ("ambiguous", "unknown"), never a guess. */
export interface Knobs {
  /** Whether ipBlock matches the address of a pod. */
  readonly ipBlockMatchesPods: boolean | 'unknown';
  /** Whether ipBlock matches the address of a node (and so hostNetwork pods). */
  readonly ipBlockMatchesNodes: boolean | 'unknown';
  /**
   * asNode: hostNetwork pods are never subjects and no pod selector sees them; asPod: as any pod; unknown: never
   * subjects, and whether a peer of a NetworkPolicy that selects pods sees them depends on more than their labels.
   */
  readonly hostNetwork: 'asNode' | 'asPod' | 'unknown';
  /** unknown: nobody knows whether policies apply to pods that nothing owns. */
  readonly standalonePods: 'subjects' | 'unknown';
  readonly localNodeIngress: 'allow' | 'evaluate';
  readonly localNodeEgress: 'allow' | 'evaluate';
  readonly serviceView: 'postDNAT' | 'preDNAT';
  /** A pod to itself through a Service: NetworkPolicy leaves it open; ClusterNetworkPolicy applies. */
  readonly hairpin: 'undefined' | 'enforce' | 'allow' | 'egressOnly';
  /** Whose port names count: restartable = containers and init containers that restart always. */
  readonly sidecarNamedPorts: 'restartable' | 'all' | 'none';
  /** What NetworkPolicy makes of a port name at all; the two knobs below say to which numbers it leads. */
  readonly namedPorts: 'resolved' | 'anyPort' | 'unknown';
  /** perPolicy: every number that pods selected by the policy give the name, on each of them. */
  readonly ingressNamedPorts: 'perPod' | 'perPolicy';
  /**
   * podPeers and selectedPods: as perDestination, but never through ipBlock; selectedPods: nor in a rule without peers.
   * clusterWide: one number for all pods that have the name, and nothing matches where they differ.
   */
  readonly egressNamedPorts: 'perDestination' | 'podPeers' | 'selectedPods' | 'clusterWide' | 'unknown';
  readonly icmp: 'undefined' | 'portlessRules';
  readonly npTier: 'perDirection' | 'anyDirection';
  readonly tiePriority: 'ambiguous' | 'byName' | 'byBareName';
  /** AdminNetworkPolicies of a higher number are not enforced. */
  readonly highestPriority: '1000' | '99';
  readonly strictCIDR: 'reject' | 'warn' | 'accept';
  /** Known addresses of domain names, in CIDR form; empty: none. */
  readonly domainMap: Readonly<Record<string, readonly string[]>>;
  /** One pod to its own address: never leaves the pod, so no rule sees it (semantics T3); plainRules is for tests. */
  readonly selfTraffic: 'allow' | 'plainRules';
  /** additive: such rules allow where another policy isolates, and never isolate. */
  readonly unlistedDirectionRules: 'ignored' | 'enforced' | 'additive';
  /** shared: rules of one direction also count in the other, for connections between pods that the policy selects. */
  readonly policiesOfBothTypes: 'separate' | 'shared';
  readonly enforces: 'yes' | 'no';
  /** Kinds of policy that are enforced. */
  readonly apis: readonly DialectName[];
  readonly endPort: 'range' | 'portOnly' | 'unknown';
  /** From which blocks `except` takes away: its own; all of its rule; perhaps those of any rule for the same pods. */
  readonly exceptions: 'ofBlock' | 'ofRule' | 'unknown';
  readonly ipv6Blocks: 'understood' | 'policyIgnored';
  readonly sctp: 'enforced' | 'unknown';
  /** What a rule without ports matches: all protocols that the plugin knows, or only those with ports. */
  readonly portlessRuleProtocols: 'all' | 'TCP,UDP,SCTP';
  /** Labels of namespaces without a Namespace object: nobody knows, or none but the automatic one. */
  readonly undeclaredNamespaces: 'unknown' | 'unlabelled';
  /** Empty: what the snapshot shows. */
  readonly families: readonly Family[];
  /** Undefined: what the snapshot shows, else the printed assumption. */
  readonly podCIDRs: IpSet | undefined;
  readonly serviceCIDRs: IpSet | undefined;
  readonly nodeCIDRs: IpSet | undefined;
}

/** A named value of all knobs. */
export interface Behaviour {
  /** As printed: `default`, `cilium@1.15`. */
  readonly name: string;
  readonly knobs: Knobs;
  /** Knobs that the user set with --assume, as typed, in order. */
  readonly assumed: readonly string[];
  /** Tier structure of the plugin. */
  readonly placement: 'default' | 'calico' | 'cilium';
  /** Kinds that the plugin does not enforce although it enforces others of their API; absent: none. */
  readonly kindsNotEnforced?: readonly string[];
}
