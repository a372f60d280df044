// Rules in words and in flows, for findings about one rule: which ports it opens, and one connection that it is about.

import { possible } from '../compile/match-set.ts';
import type { NamespaceScope, Peer, Policy, PortMatch, Rule } from '../model/policy.ts';
import { isEverything, printSelector } from '../model/selector.ts';
import { everyId, type IdSet, unionAll } from '../sets/id-set.ts';
import { contains, type Family } from '../sets/ip-set.ts';
import { NO_TRAFFIC, type TrafficSet, traffic, union } from '../sets/traffic-set.ts';
import type { PlacedRule } from './accepting-rules.ts';
import type { CheckContext } from './context.ts';
import { findFlow, findOutsideFlow } from './flows.ts';
import { subjectOf } from './isolation.ts';

/** Ports of a rule for a sentence: `every port`, `8080, 53/UDP`, `9000-9100`, `http`. */
export function portsOfRule({ ports }: Rule): string {
  if (ports === 'any') return 'every port';
  if (ports === 'none') return 'no port';
  return ports.map(printPort).join(', ');
}

function printPort(port: PortMatch): string {
  const suffix = port.protocol === 'TCP' || port.protocol === 'any' ? '' : `/${port.protocol}`;
  switch (port.type) {
    case 'all':
      return port.protocol === 'any' ? 'every port' : `every ${port.protocol} port`;
    case 'named':
      return `${port.name}${suffix}`;
    case 'range':
      return `${port.first}${port.last === port.first ? '' : `-${port.last}`}${suffix}`;
  }
}

/** Peers of a rule for a sentence: `everybody`, `every pod of the namespace`, `0.0.0.0/0 except 10.0.0.0/8`. */
export function printPeers({ peers }: Rule): string {
  if (typeof peers === 'string') return peers === 'any' ? 'everybody' : 'nobody';
  return peers.map(printPeer).join(', or ');
}

/** One peer for a sentence: `pods app=web of namespaces team=a`. */
export function printPeer(peer: Peer): string {
  switch (peer.type) {
    case 'addresses':
      return `${peer.cidr}${peer.except.length === 0 ? '' : ` except ${peer.except.join(', ')}`}`;
    case 'nodes':
      return isEverything(peer.nodes) ? 'every node' : `nodes ${printSelector(peer.nodes)}`;
    case 'domains':
      return peer.names.join(', ');
    case 'pods':
      return `${isEverything(peer.pods) ? 'every pod' : `pods ${printSelector(peer.pods)}`} of ${printNamespaces(peer.namespaces)}`;
  }
}

/** Namespaces for a sentence: `namespace shop`, `every namespace`, `namespaces team=a`. */
export function printNamespaces(scope: NamespaceScope): string {
  const names = namesOfScope(scope);
  if (names !== undefined) return `${names.length === 1 ? 'namespace' : 'namespaces'} ${names.join(', ')}`;
  if ('name' in scope || isEverything(scope.selector)) return 'every namespace';
  return `namespaces ${printSelector(scope.selector)}`;
}

/** The label that the API server sets on every namespace to its name. */
export const NAME_LABEL = 'kubernetes.io/metadata.name';

/** The namespaces that a scope names, by their name or by the label that holds it; undefined where it asks for more. */
export function namesOfScope(scope: NamespaceScope): readonly string[] | undefined {
  if ('name' in scope) return [scope.name];
  const { selector } = scope;
  const [only, ...more] = selector.op === 'and' ? selector.of : [selector];
  return more.length === 0 && only?.op === 'in' && only.key === NAME_LABEL ? only.values : undefined;
}

/** Ports of a rule as a set; undefined where it names none, or only some by name. */
export function trafficOfRule({ ports }: Rule): TrafficSet | undefined {
  if (ports === 'any') return undefined;
  if (ports === 'none') return NO_TRAFFIC;
  let set: TrafficSet = NO_TRAFFIC;
  for (const port of ports) {
    if (port.type === 'named' || port.protocol === 'any') return undefined;
    set = union(
      set,
      port.type === 'all' ? traffic(port.protocol, 1, 65535) : traffic(port.protocol, port.first, port.last),
    );
  }
  return set;
}

/** Pods that the peers of a rule mean, surely or perhaps; every pod where it has no peers. Addresses are no pods. */
export function podsOfPeers(context: CheckContext, policy: Policy, { peers }: Rule): IdSet {
  if (peers === 'any') return everyId(context.pods.length);
  if (peers === 'none') return everyId(0);
  return unionAll(
    peers.flatMap((peer) =>
      peer.type === 'pods' ? [possible(context.select(peer.namespaces, peer.pods, policy))] : [],
    ),
  );
}

/**
 * A flow between a subject and a peer of the rule that has the verdict: with a pod at the other end where the peers mean
 * one, else with an address of theirs. `pods`: these subjects only. Undefined where none is found or can be named.
 */
export function flowThrough(
  context: CheckContext,
  { policy, direction, rule }: PlacedRule,
  verdict: 'allowed' | 'denied',
  pods: IdSet = subjectOf(context, policy, direction),
): string | undefined {
  if (pods.length === 0) return undefined;
  const peers = podsOfPeers(context, policy, rule);
  const set = trafficOfRule(rule);
  const ports = set === undefined ? {} : { ports: set };
  const ends = direction === 'ingress' ? { from: peers, to: pods } : { from: pods, to: peers };
  const inside = peers.length === 0 ? undefined : findFlow(context, { verdict, ...ends, ...ports });
  const address = addressOf(rule);
  if (inside !== undefined || address === undefined) return inside;
  return findOutsideFlow(context, { verdict, pods, direction, address, ...ports });
}

/** Addresses that documentation may name (RFC 5737, RFC 3849). */
const SAMPLES = [
  { family: 'IPv4', value: 0xcb00710a },
  { family: 'IPv6', value: 0x20010db8_00000000_00000000_00000001n },
] as const;

/** An address of the rule: one that documentation may name, else the first of a block. Undefined: it names no addresses. */
function addressOf({ peers }: Rule): { readonly family: Family; readonly value: number | bigint } | undefined {
  if (peers === 'any') return SAMPLES[0];
  if (peers === 'none') return undefined;
  for (const peer of peers) {
    if (peer.type !== 'addresses') continue;
    const sample = SAMPLES.find((one) => contains(peer.addresses, one));
    if (sample !== undefined) return sample;
    const [v4] = peer.addresses.v4;
    const [v6] = peer.addresses.v6;
    if (v4 !== undefined) return { family: 'IPv4', value: v4 };
    if (v6 !== undefined) return { family: 'IPv6', value: v6 };
  }
  return undefined;
}
