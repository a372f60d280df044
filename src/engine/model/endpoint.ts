// The ends of connections as evaluators see them: one kind of pod, one class of addresses, a node, an entry point.

import type { Family, IpSet } from '../sets/ip-set.ts';
import type { ContainerPort } from './cluster.ts';
import type { Labels, Tristate } from './selector.ts';

/** Why a verdict cannot be decided; the words of the JSON output. */
export type UnknownReason =
  | 'pod-address'
  | 'node-address'
  | 'node-labels'
  | 'namespace-labels'
  | 'pod-labels'
  | 'pod-ports'
  | 'client-address'
  | 'source-nat'
  | 'ingress-controller'
  | 'route-attachment'
  | 'domain-name'
  | 'equal-priority'
  | 'local-node'
  | 'host-network'
  | 'icmp'
  | 'sctp'
  | 'hairpin'
  | 'service-view'
  | 'ip-block'
  | 'end-port'
  | 'named-ports'
  | 'exceptions'
  | 'standalone-pods'
  | 'incomplete-input'
  | 'label-combinations';

/**
 * What one end may be. Every field answers one question that a policy may ask of it, so that evaluators never look at
 * how the endpoint came to be.
 */
export interface Endpoint {
  /** Stable across documents: `shop/Deployment.apps/web`, `shop/Deployment.apps/web#1`, `addresses/…`, `node/n1`. */
  readonly key: string;
  readonly type: 'pod' | 'addresses' | 'node' | 'entry';
  /** For sentences: `shop/web`, `10.1.2.3`, `internet`. */
  readonly name: string;
  /**
   * The identity that pod selectors see: absent for addresses, nodes, entries and hostNetwork pods seen as their node.
   * With `pod` an endpoint can also be a subject.
   */
  readonly pod?: PodIdentity;
  /**
   * The identity that node selectors see, for nodes and hostNetwork pods seen as their node. `labels` undefined: some
   * node, nobody knows which. `certain: false`: it may be a node or not (an address, where no Node objects were read).
   */
  readonly node?: { readonly labels?: Labels; readonly certain: boolean };
  /**
   * The addresses it may have: exactly one each for a real pod, a range for a template, the class itself for addresses.
   * A block matches if it covers all of them in the family, does not if it is disjoint, otherwise `addressReason`.
   */
  readonly addresses: IpSet;
  readonly addressReason: UnknownReason;
  /** Families in which it can talk; never empty. */
  readonly families: readonly Family[];
  /** Ports that names resolve to on this destination; `unknown` for a hypothetical pod, which may name any. */
  readonly ports: readonly ContainerPort[] | 'unknown';
  /** Whether blocks see its address at all (ipBlockMatchesPods, ipBlockMatchesNodes). */
  readonly matchesBlocks: Tristate;
  /** The node it runs on or is, where known: its own node may always reach a pod (semantics 1.8 T1). */
  readonly nodeName?: string;
  /**
   * Set for what speaks with a node's address and may therefore reach the pods of its own node whatever the policies:
   * nodes, hostNetwork pods seen as nodes, traffic behind source NAT, an ingress controller that may be a hostNetwork
   * pod. The word is the reason where nodes are unknown.
   * A map leaves it out for workloads: own-node traffic is a note there, never an edge.
   */
  readonly ownNode?: 'local-node' | 'source-nat' | 'ingress-controller';
  /**
   * Set where the endpoint's identity itself is open (who is behind an Ingress?): every peer that names somebody
   * matches only perhaps, for this reason.
   */
  readonly unidentified?: UnknownReason;
  /**
   * Set for a hostNetwork pod where nobody knows whether pod selectors of NetworkPolicies see it (hostNetwork=unknown):
   * every such peer matches only perhaps, for this reason.
   */
  readonly perhapsSelected?: UnknownReason;
}

/** What selectors see of a pod. `namespaceDeclared: false`: only the automatic label of the namespace is known. */
export interface PodIdentity {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly namespaceDeclared: boolean;
  readonly labels: Labels;
  /** Keys that a controller will add with values that the template does not show. */
  readonly openLabels: readonly string[];
  /** True for a hostNetwork pod that the plugin can tell apart (hostNetwork=asPod). */
  readonly hostNetwork: boolean;
  /** Set where policies may not apply to the pod although they select it (standalonePods=unknown): the reason. */
  readonly perhapsSubject?: UnknownReason;
}
