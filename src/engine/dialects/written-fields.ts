// How each policy API writes what the model names: the fields of peers and ports, for places and for fixes. Reads nothing.

import type { Direction, Peer, Policy, PortMatch, Rule } from '../model/policy.ts';
import type { Labels } from '../model/selector.ts';
import type { Path } from '../model/source.ts';
import type { Protocol } from '../sets/traffic-set.ts';

type AddressPeer = Extract<Peer, { readonly type: 'addresses' }>;

/** Where the text of an address block stands. */
export function cidrPath({ ref }: Policy, { path }: AddressPeer): Path {
  return ref.dialect === 'network-policy' ? [...path, 'ipBlock', 'cidr'] : path;
}

/** Where the exceptions of a block stand, if there are any; undefined where the API has none. */
export function exceptPath({ ref }: Policy, { path }: AddressPeer): Path | undefined {
  return ref.dialect === 'network-policy' ? [...path, 'ipBlock', 'except'] : undefined;
}

/** Where the peers of a rule stand. */
export function peersPath(direction: Direction, { path }: Rule): Path {
  return [...path, direction === 'ingress' ? 'from' : 'to'];
}

/** Where the ports of a rule stand. */
export function portsPath({ ref }: Policy, { path }: Rule): Path {
  return [...path, ref.dialect === 'cluster-network-policy' ? 'protocols' : 'ports'];
}

/** Pods by the labels of their namespace and their own, as a peer. Empty labels: all. */
export function writePods({ ref }: Policy, namespace: Labels, pod: Labels): unknown {
  const selector = (labels: Labels) => (Object.keys(labels).length === 0 ? {} : { matchLabels: labels });
  const both = { namespaceSelector: selector(namespace), podSelector: selector(pod) };
  if (ref.dialect !== 'network-policy') return { pods: both };
  return Object.keys(pod).length === 0 ? { namespaceSelector: both.namespaceSelector } : both;
}

/** One port of one protocol, as an entry of the list of ports. */
export function writePort({ ref }: Policy, protocol: Protocol, port: number): unknown {
  switch (ref.dialect) {
    case 'network-policy':
      return { protocol, port };
    case 'admin-network-policy':
      return { portNumber: { protocol, port } };
    case 'cluster-network-policy':
      return { [protocol.toLowerCase()]: { destinationPort: { number: port } } };
  }
}

/** Where the number of a port entry of one port stands; undefined for ranges, which have two. */
export function portNumberPath({ ref }: Policy, port: PortMatch): Path | undefined {
  if (port.type !== 'range' || port.first !== port.last) return undefined;
  switch (ref.dialect) {
    case 'network-policy':
      return [...port.path, 'port'];
    case 'admin-network-policy':
      return [...port.path, 'portNumber', 'port'];
    case 'cluster-network-policy':
      return port.protocol === 'any'
        ? undefined
        : [...port.path, port.protocol.toLowerCase(), 'destinationPort', 'number'];
  }
}
