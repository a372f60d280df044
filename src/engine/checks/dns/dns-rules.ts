// What egress rules say about DNS: whether they are about nothing else, and whether a pod under them gets an answer.

import { possible } from '../../compile/match-set.ts';
import type { Peer, PortMatch, Rule } from '../../model/policy.ts';
import { intersect } from '../../sets/id-set.ts';
import { parseAddress } from '../../sets/ip-address.ts';
import { contains, overlaps, unionAll } from '../../sets/ip-set.ts';
import type { Protocol } from '../../sets/traffic-set.ts';
import { type AcceptRule, podsOf } from '../accepting-rules.ts';
import { holdsInternet } from '../addresses/block-extent.ts';
import type { CheckContext } from '../context.ts';
import { clusterDns } from './cluster-dns.ts';

/** Reports whether the entry is one port on which the cluster's DNS answers. */
export function isDnsPort(context: CheckContext, port: PortMatch, protocol?: Protocol): boolean {
  if (port.type !== 'range' || port.first !== port.last || port.protocol === 'SCTP') return false;
  if (protocol !== undefined && port.protocol !== protocol) return false;
  return clusterDns(context).ports.includes(port.first);
}

/** Reports whether the rule is about DNS and nothing else: every entry is a port of it. */
export function isDnsOnly(context: CheckContext, { ports }: Rule): boolean {
  return typeof ports !== 'string' && ports.every((port) => isDnsPort(context, port));
}

/** Reports whether the rule names a port of DNS of its own, not within a range of others. */
export function namesDns(context: CheckContext, { ports }: Rule, protocol?: Protocol): boolean {
  return typeof ports !== 'string' && ports.some((port) => isDnsPort(context, port, protocol));
}

/**
 * Reports whether a pod under the rule may get answers over the protocol. In doubt, it may: where the snapshot shows no
 * DNS pods, any pods of other namespaces may be, and whoever names port 53 for some addresses knows what answers there.
 */
export function opensDns(context: CheckContext, one: AcceptRule, protocol: Protocol): boolean {
  const { rule } = one;
  if (!coversDnsPort(context, rule, protocol)) return false;
  if (typeof rule.peers === 'string') return rule.peers === 'any';
  const isNamed = namesDns(context, rule, protocol);
  return rule.peers.some((peer) => leadsToDns(context, one, peer, isNamed));
}

function coversDnsPort(context: CheckContext, { ports }: Rule, protocol: Protocol): boolean {
  if (typeof ports === 'string') return ports === 'any';
  const wanted = clusterDns(context).ports;
  return ports.some((port) => {
    if (port.protocol !== 'any' && port.protocol !== protocol) return false;
    // What a port is called differs; a name may well be that of DNS.
    if (port.type === 'named') return port.name.startsWith('dns');
    return port.type === 'all' || wanted.some((number) => port.first <= number && number <= port.last);
  });
}

function leadsToDns(context: CheckContext, { policy }: AcceptRule, peer: Peer, isNamed: boolean): boolean {
  const dns = clusterDns(context);
  switch (peer.type) {
    case 'pods': {
      if (dns.pods.length > 0) return intersect(possible(podsOf(context, [peer], policy)), dns.pods).length > 0;
      return isNamed || !('name' in peer.namespaces);
    }
    case 'addresses':
      return isNamed || holdsDns(context, peer.addresses);
    case 'nodes':
      return true;
    case 'domains':
      return isNamed;
  }
}

/** Where caches on nodes and clouds answer: NodeLocal DNSCache, and Cloud DNS of GKE. */
const RESOLVERS = ['169.254.20.10', '169.254.169.254'].flatMap((text) => {
  const address = parseAddress(text);
  return address.ok ? [address] : [];
});

function holdsDns(context: CheckContext, addresses: Parameters<typeof contains>[0]): boolean {
  const { behaviour, plan } = context.state;
  if (RESOLVERS.some((address) => contains(addresses, address))) return true;
  if (holdsInternet(addresses, 'IPv4') || holdsInternet(addresses, 'IPv6')) return true;
  return behaviour.knobs.ipBlockMatchesPods && overlaps(addresses, unionAll([plan.pods, plan.services]));
}
