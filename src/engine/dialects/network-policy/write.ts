// The author's side of NetworkPolicy networking.k8s.io/v1: what decode reads, written.

import type { Match, Peer, PolicyDirection, PortMatch } from '../../model/policy.ts';
import { isEverything } from '../../model/selector.ts';
import { printCidrs } from '../../sets/ip-address.ts';
import { equals, intersect } from '../../sets/ip-set.ts';
import { PORT_PROTOCOLS } from '../../sets/traffic-set.ts';
import { toAddressPeer } from '../decoding/address-block.ts';
import type { Cut, DialectWriter, Fields, ItemChange, PolicyContent, RuleContent, WritePlace } from '../writer.ts';
import { writeAll } from '../writer.ts';
import { addRequirement, writeSelector } from '../writing/label-selector.ts';

/** Writes NetworkPolicies. Rules accept, and there are no tiers; `policyTypes` is always written out. */
export const NETWORK_POLICY_WRITER: DialectWriter = {
  peersField: (direction) => (direction === 'ingress' ? 'from' : 'to'),
  portsField: 'ports',
  peer: writePeer,
  port: writePort,
  rule: writeRule,
  policy: writePolicy,
  narrow,
  subjectField: 'podSelector',
  narrowSubject: (selector, keep) => addRequirement(selector, [], keep),
};

function writePeer(peer: Peer, { namespace }: Pick<WritePlace, 'namespace'>): Fields | undefined {
  if (peer.type === 'addresses') return writeBlock(peer);
  if (peer.type !== 'pods') return undefined;
  const podSelector = writeSelector(peer.pods);
  if (podSelector === undefined) return undefined;
  // Without a namespaceSelector a peer is of the policy's own namespace.
  if ('name' in peer.namespaces) return peer.namespaces.name === namespace ? { podSelector } : undefined;
  const namespaceSelector = writeSelector(peer.namespaces.selector);
  if (namespaceSelector === undefined) return undefined;
  return isEverything(peer.pods) ? { namespaceSelector } : { namespaceSelector, podSelector };
}

function writeBlock({ cidr, except, addresses }: Extract<Peer, { type: 'addresses' }>): Fields | undefined {
  const block = { cidr, ...(except.length === 0 ? {} : { except: [...except] }) };
  const read = toAddressPeer(cidr, except, []);
  return read.type === 'addresses' && equals(read.addresses, addresses) ? { ipBlock: block } : undefined;
}

function writePort(port: PortMatch): Fields | undefined {
  const { protocol } = port;
  if (!PORT_PROTOCOLS.some((known) => known === protocol)) return undefined;
  switch (port.type) {
    case 'all':
      return { protocol };
    case 'named':
      return { protocol, port: port.name };
    case 'range':
      if (port.first > port.last) return undefined;
      return { protocol, port: port.first, ...(port.last === port.first ? {} : { endPort: port.last }) };
  }
}

function writeRule(rule: RuleContent, place: WritePlace): Fields | undefined {
  if (rule.action !== 'Accept' || rule.peers === 'none' || rule.ports === 'none') return undefined;
  const list = NETWORK_POLICY_WRITER.peersField(place.direction);
  const peers = writeMatch(rule.peers, (peer) => writePeer(peer, place));
  const ports = writeMatch(rule.ports, writePort);
  if (peers === undefined || ports === undefined) return undefined;
  return { ...(peers.length === 0 ? {} : { [list]: peers }), ...(ports.length === 0 ? {} : { ports }) };
}

/** A missing list matches everything, so the list of `any` is empty. */
function writeMatch<T>(match: Match<T>, write: (item: T) => Fields | undefined): readonly Fields[] | undefined {
  return typeof match === 'string' ? [] : writeAll(match, write);
}

function writePolicy({ ref, tier, order, ingress, egress }: PolicyContent): Fields | undefined {
  if (ref.namespace === undefined || tier !== 'NetworkPolicy' || order !== 0) return undefined;
  const part = ingress ?? egress;
  if (part === undefined) return undefined;
  const podSelector = writeSelector(part.subject.pods);
  const place = { kind: ref.kind, namespace: ref.namespace };
  const rulesOf = (own: PolicyDirection | undefined, direction: 'ingress' | 'egress') =>
    writeAll(own?.rules ?? [], (rule) => writeRule(rule, { ...place, direction }));
  const rules = { ingress: rulesOf(ingress, 'ingress'), egress: rulesOf(egress, 'egress') };
  if (podSelector === undefined || rules.ingress === undefined || rules.egress === undefined) return undefined;
  const policyTypes = [...(ingress?.listed ? ['Ingress'] : []), ...(egress?.listed ? ['Egress'] : [])];
  if (policyTypes.length === 0) return undefined;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: ref.kind,
    metadata: { name: ref.name, namespace: ref.namespace },
    spec: {
      podSelector,
      policyTypes,
      ...(rules.ingress.length === 0 ? {} : { ingress: rules.ingress }),
      ...(rules.egress.length === 0 ? {} : { egress: rules.egress }),
    },
  };
}

function narrow(item: Fields, peer: Peer, cut: Cut): readonly ItemChange[] | undefined {
  if (cut.of === 'addresses') return peer.type === 'addresses' ? exceptAddresses(item, peer, cut.drop) : undefined;
  if (peer.type !== 'pods') return undefined;
  if (cut.of === 'pods') return addRequirement(item['podSelector'], ['podSelector'], cut.keep);
  // A peer without a namespaceSelector is of one namespace: without it, nothing is left.
  return 'name' in peer.namespaces
    ? undefined
    : addRequirement(item['namespaceSelector'], ['namespaceSelector'], cut.keep);
}

/** `except` may hold smaller blocks only: a whole block is removed, not excepted. */
function exceptAddresses(
  item: Fields,
  peer: Extract<Peer, { type: 'addresses' }>,
  drop: Extract<Cut, { of: 'addresses' }>['drop'],
): readonly ItemChange[] | undefined {
  const hit = intersect(peer.addresses, drop);
  const more = printCidrs(hit);
  if (more.length === 0 || equals(hit, peer.addresses)) return undefined;
  const written = (item['ipBlock'] as Fields | undefined)?.['except'];
  const path = ['ipBlock', 'except'];
  if (!Array.isArray(written)) return [{ op: 'set', path, value: more }];
  if (more.length === 1) return [{ op: 'insert', path: [...path, written.length], value: more[0] }];
  return [{ op: 'set', path, value: [...written, ...more] }];
}
