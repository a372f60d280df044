// Does this subject, peer or port entry match? One endpoint and one flow at a time, in the words of the specification.

import type { Endpoint, PodIdentity, UnknownReason } from '../model/endpoint.ts';
import {
  type Match,
  type NamespaceScope,
  type Peer,
  type Policy,
  type PortMatch,
  type Subject,
  seesHostNetwork,
} from '../model/policy.ts';
import { EVERYTHING, type Selector, selectorKey, selects, selectsPartly, type Tristate } from '../model/selector.ts';
import type { Flow } from '../model/verdict.ts';
import * as ips from '../sets/ip-set.ts';
import { nearPeers } from './near-peers.ts';

/** An answer with the reasons why it is `maybe`; without reasons it is `yes` or `no`. */
export interface Matched {
  readonly is: Tristate;
  readonly reasons: readonly UnknownReason[];
}

/** Matches for sure. */
export const YES: Matched = { is: 'yes', reasons: [] };
/** Does not match. */
export const NO: Matched = { is: 'no', reasons: [] };

/** An answer that depends on something unknown. */
export function maybe(reason: UnknownReason): Matched {
  return { is: 'maybe', reasons: [reason] };
}

/** All must hold. */
export function allOf(parts: readonly Matched[]): Matched {
  let isOpen = false;
  for (const { is } of parts) {
    if (is === 'no') return NO;
    if (is === 'maybe') isOpen = true;
  }
  return isOpen ? openIn(parts) : YES;
}

/** One must hold. */
export function oneOf(parts: readonly Matched[]): Matched {
  if (parts.some((part) => part.is === 'yes')) return YES;
  return parts.every((part) => part.is === 'no') ? NO : openIn(parts);
}

function openIn(parts: readonly Matched[]): Matched {
  return { is: 'maybe', reasons: [...new Set(parts.flatMap(({ reasons }) => reasons))] };
}

/** Reports whether the policy applies to the endpoint. Only pods of the pod network can be subjects (semantics 1.9). */
export function isSubject(subject: Subject, endpoint: Endpoint, policy: Policy): Matched {
  const open = endpoint.pod?.perhapsSubject;
  const selected = matchesPods(subject.namespaces, subject.pods, endpoint, policy);
  return open === undefined ? selected : allOf([selected, maybe(open)]);
}

function matchesPods(scope: NamespaceScope, selector: Selector, endpoint: Endpoint, policy: Policy): Matched {
  const pod = endpoint.pod;
  if (pod === undefined) return NO;
  if (pod.hostNetwork && !seesHostNetwork(policy)) return NO;
  const home = inScope(scope, pod);
  if (home.is === 'no') return NO;
  const labelled = hasLabels(selector, pod);
  return home.is === 'yes' ? labelled : allOf([home, labelled]);
}

/** "namespaceSelector selects namespaces by their labels"; `{name}` is the policy's own namespace. */
function inScope(scope: NamespaceScope, pod: PodIdentity): Matched {
  if ('name' in scope) return scope.name === pod.namespace ? YES : NO;
  if (pod.namespaceDeclared) return selects(scope.selector, pod.namespaceLabels) ? YES : NO;
  const known = (key: string) => Object.hasOwn(pod.namespaceLabels, key);
  const answer = selectsPartly(scope.selector, pod.namespaceLabels, (key) => !known(key));
  return answer === 'maybe' ? maybe('namespace-labels') : answer === 'yes' ? YES : NO;
}

function hasLabels(selector: Selector, pod: PodIdentity): Matched {
  if (pod.openLabels.length === 0) return selects(selector, pod.labels) ? YES : NO;
  const answer = selectsPartly(selector, pod.labels, (key) => pod.openLabels.includes(key));
  return answer === 'maybe' ? maybe('pod-labels') : answer === 'yes' ? YES : NO;
}

/** "peers are combined using a logical OR"; an absent list matches everybody. */
export function matchesPeers(peers: Match<Peer>, endpoint: Endpoint, flow: Flow, policy: Policy): Matched {
  if (peers === 'any') return YES;
  if (peers === 'none') return NO;
  const open: Matched[] = [];
  for (const peer of nearPeers(peers, endpoint)) {
    const matched = matchesPeer(peer, endpoint, flow, policy);
    // A rule may have thousands of blocks: none is looked at after the one that matches.
    if (matched.is === 'yes') return YES;
    if (matched.is === 'maybe') open.push(matched);
  }
  const each = oneOf(open);
  if (each.is === 'no') return NO;
  // Several blocks of one rule may cover an unknown address together though none does alone.
  const blocks = peers.flatMap((peer) => (peer.type === 'addresses' ? [peer.addresses] : []));
  return blocks.length > 1 && isInBlock(ips.unionAll(blocks), endpoint, flow).is === 'yes' ? YES : each;
}

/** Reports whether one peer names the endpoint. */
export function matchesPeer(peer: Peer, endpoint: Endpoint, flow: Flow, policy: Policy): Matched {
  if (endpoint.unidentified !== undefined && peer.type !== 'addresses') return maybe(endpoint.unidentified);
  switch (peer.type) {
    case 'pods':
      if (endpoint.perhapsSelected !== undefined && seesHostNetwork(policy)) return maybe(endpoint.perhapsSelected);
      return matchesPods(peer.namespaces, peer.pods, endpoint, policy);
    case 'addresses':
      return isInBlock(peer.addresses, endpoint, flow);
    case 'nodes': {
      const node = endpoint.node;
      if (node === undefined) return NO;
      if (!node.certain) return maybe('node-address');
      if (selectorKey(peer.nodes) === selectorKey(EVERYTHING)) return YES;
      if (node.labels === undefined) return maybe('node-labels');
      return selects(peer.nodes, node.labels) ? YES : NO;
    }
    case 'domains':
      // Names of ClusterIPs and pods are not supported by the API; any other address may be what a name resolves to.
      return endpoint.pod === undefined ? maybe('domain-name') : NO;
  }
}

/** "IP in cidr and in none of except", same family only. A range of possible addresses must be covered whole. */
function isInBlock(block: ips.IpSet, endpoint: Endpoint, flow: Flow): Matched {
  if (endpoint.matchesBlocks === 'no') return NO;
  const { addresses } = endpoint;
  if (!ips.overlapsIn(flow.family, addresses, block)) return NO;
  if (endpoint.matchesBlocks === 'yes' && ips.isSubsetIn(flow.family, addresses, block)) return YES;
  return maybe(endpoint.addressReason);
}

/** "destination port only"; names are resolved on the destination pod (semantics 1.7 P4). */
export function matchesPorts(ports: Match<PortMatch>, destination: Endpoint, flow: Flow): Matched {
  if (ports === 'any') return YES;
  if (ports === 'none') return NO;
  return oneOf(ports.map((port) => matchesPort(port, destination, flow)));
}

/** Reports whether one port entry opens the flow's port on this destination. */
export function matchesPort(port: PortMatch, destination: Endpoint, flow: Flow): Matched {
  if (port.protocol !== 'any' && port.protocol !== flow.protocol) return NO;
  switch (port.type) {
    case 'all':
      return YES;
    case 'range':
      return port.first <= flow.port && flow.port <= port.last ? YES : NO;
    case 'named': {
      if (flow.protocol === 'ICMP' || flow.protocol === 'ICMPv6') return NO;
      if (destination.ports === 'unknown') return maybe('pod-ports');
      const opens = destination.ports.some(
        (own) => own.name === port.name && own.protocol === flow.protocol && own.number === flow.port,
      );
      return opens ? YES : NO;
    }
  }
}
