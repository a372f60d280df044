// The author's side of policy.networking.k8s.io, as far as both versions agree: subjects, peers, rules, whole objects.

import type { Action, Peer, PolicyDirection, PortMatch, Subject } from '../../model/policy.ts';
import { isEverything } from '../../model/selector.ts';
import { parseCidr, printCidrs } from '../../sets/ip-address.ts';
import { equals, intersect, isEmpty, subtract } from '../../sets/ip-set.ts';
import type { Cut, DialectWriter, Fields, ItemChange, PolicyContent, RuleContent, WritePlace } from '../writer.ts';
import { writeAll } from '../writer.ts';
import { addRequirement, isFields, writeSelector } from '../writing/label-selector.ts';
import { MAX_NETWORKS } from './fields.ts';

/** How one version differs from the other. */
export interface WriterShape {
  readonly apiVersion: string;
  readonly portsField: string;
  /** One item of the list of ports. */
  port(port: PortMatch): Fields | undefined;
  /** The word for an action; undefined where the kind has none. */
  action(action: Action, kind: string): string | undefined;
  /** Whether the kind has peers of this type. */
  hasPeer(type: Peer['type'], kind: string): boolean;
  /** The fields of the spec besides subject and rules; undefined where the kind has no such tier. */
  place(policy: PolicyContent): Fields | undefined;
}

/** The writer of one version. */
export function policyGroupWriter(shape: WriterShape): DialectWriter {
  return {
    peersField: (direction) => (direction === 'ingress' ? 'from' : 'to'),
    portsField: shape.portsField,
    peer: (peer, place) => writePeer(peer, place, shape),
    port: shape.port,
    rule: (rule, place) => writeRule(rule, place, shape),
    policy: (policy) => writePolicy(policy, shape),
    narrow,
    subjectField: 'subject',
    narrowSubject: (subject, keep) => (isFields(subject) ? narrowPods(subject, { of: 'pods', keep }) : undefined),
  };
}

function writePeer(peer: Peer, { kind, direction }: WritePlace, shape: WriterShape): Fields | undefined {
  if (!shape.hasPeer(peer.type, kind) || (direction === 'ingress' && peer.type !== 'pods')) return undefined;
  switch (peer.type) {
    case 'pods':
      return writePods(peer);
    case 'addresses':
      return writeNetwork(peer);
    case 'nodes': {
      const nodes = writeSelector(peer.nodes);
      return nodes === undefined ? undefined : { nodes };
    }
    case 'domains':
      return { domainNames: [...peer.names] };
  }
}

/** Both selectors are always written: v1alpha1 requires them, and a missing one surprises readers of v1alpha2. */
function writePods({ namespaces, pods }: Subject): Fields | undefined {
  if ('name' in namespaces) return undefined;
  const [namespaceSelector, podSelector] = [writeSelector(namespaces.selector), writeSelector(pods)];
  if (namespaceSelector === undefined || podSelector === undefined) return undefined;
  return isEverything(pods) ? { namespaces: namespaceSelector } : { pods: { namespaceSelector, podSelector } };
}

/** Networks have no exceptions. */
function writeNetwork({ cidr, except }: Extract<Peer, { type: 'addresses' }>): Fields | undefined {
  return except.length > 0 ? undefined : { networks: [cidr] };
}

function writeRule(rule: RuleContent, place: WritePlace, shape: WriterShape): Fields | undefined {
  const action = shape.action(rule.action, place.kind);
  if (action === undefined || typeof rule.peers === 'string' || rule.ports === 'none') return undefined;
  const peers = writeAll(rule.peers, (peer) => writePeer(peer, place, shape));
  const ports = rule.ports === 'any' ? [] : writeAll(rule.ports, shape.port);
  if (peers === undefined || ports === undefined) return undefined;
  return {
    ...(rule.name === undefined ? {} : { name: rule.name }),
    action,
    [place.direction === 'ingress' ? 'from' : 'to']: peers,
    ...(ports.length === 0 ? {} : { [shape.portsField]: ports }),
  };
}

function writePolicy(policy: PolicyContent, shape: WriterShape): Fields | undefined {
  const { ref, ingress, egress } = policy;
  const own = shape.place(policy);
  const part = ingress ?? egress;
  const subject = part === undefined ? undefined : writePods(part.subject);
  const rulesOf = (one: PolicyDirection | undefined, direction: 'ingress' | 'egress') =>
    writeAll(one?.rules ?? [], (rule) => writeRule(rule, { kind: ref.kind, direction }, shape));
  const rules = { ingress: rulesOf(ingress, 'ingress'), egress: rulesOf(egress, 'egress') };
  if (own === undefined || subject === undefined) return undefined;
  if (rules.ingress === undefined || rules.egress === undefined) return undefined;
  return {
    apiVersion: shape.apiVersion,
    kind: ref.kind,
    metadata: { name: ref.name },
    spec: {
      ...own,
      subject,
      ...(rules.ingress.length === 0 ? {} : { ingress: rules.ingress }),
      ...(rules.egress.length === 0 ? {} : { egress: rules.egress }),
    },
  };
}

function narrow(item: Fields, peer: Peer, cut: Cut): readonly ItemChange[] | undefined {
  if (cut.of === 'addresses') return peer.type === 'addresses' ? replaceNetwork(item, peer, cut.drop) : undefined;
  return peer.type === 'pods' ? narrowPods(item, cut) : undefined;
}

/** Peers of pods and subjects are written alike. */
function narrowPods(item: Fields, cut: Exclude<Cut, { of: 'addresses' }>): readonly ItemChange[] | undefined {
  const pods = item['pods'];
  if (isFields(pods)) {
    const field = cut.of === 'pods' ? 'podSelector' : 'namespaceSelector';
    return addRequirement(pods[field], ['pods', field], cut.keep);
  }
  if (cut.of === 'namespaces') return addRequirement(item['namespaces'], ['namespaces'], cut.keep);
  // Whole namespaces become pods of namespaces, which alone can be told apart.
  const podSelector = writeSelector(cut.keep);
  if (podSelector === undefined) return undefined;
  return [{ op: 'set', path: [], value: { pods: { namespaceSelector: item['namespaces'] ?? {}, podSelector } } }];
}

/** What is left of one network takes its place in the list. */
function replaceNetwork(
  item: Fields,
  peer: Extract<Peer, { type: 'addresses' }>,
  drop: Extract<Cut, { of: 'addresses' }>['drop'],
): readonly ItemChange[] | undefined {
  const left = subtract(peer.addresses, drop);
  const networks = item['networks'];
  const at = peer.path.at(-1);
  if (isEmpty(intersect(peer.addresses, drop)) || isEmpty(left)) return undefined;
  if (!Array.isArray(networks) || typeof at !== 'number' || !isSame(networks[at], peer)) return undefined;
  const [only, ...more] = printCidrs(left);
  // No network may stand in the list twice: what is left of one may be another.
  if (more.length === 0 && !networks.includes(only)) return [{ op: 'set', path: ['networks', at], value: only }];
  const all = [...networks.slice(0, at), only, ...more, ...networks.slice(at + 1)];
  return all.length > MAX_NETWORKS ? undefined : [{ op: 'set', path: ['networks'], value: [...new Set(all)] }];
}

function isSame(written: unknown, peer: Extract<Peer, { type: 'addresses' }>): boolean {
  const cidr = typeof written === 'string' ? parseCidr(written) : undefined;
  return cidr?.ok === true && equals(cidr.set, peer.addresses);
}
