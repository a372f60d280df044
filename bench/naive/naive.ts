// The reference: NetworkPolicy straight from the specification, on raw objects, one flow at a time. Slow on purpose and
// independent of the engine, so that an error in one is not an error in both.

import type { Json } from '../shapes/policy-shape.ts';
import { type AdminEnd, type AdminVerdict, adminTiers, isAdminPolicy } from './naive-admin.ts';

/** One end of a flow: a raw Pod or workload object with a pod template, or an address outside of the cluster. */
export type NaiveEnd = { readonly object: Json } | { readonly address: string };

/** One flow to ask about. */
export interface NaiveFlow {
  readonly from: NaiveEnd;
  readonly to: NaiveEnd;
  readonly protocol: string;
  readonly port: number;
  /** Absent: IPv4. Both ends must have an address of the family, or may have any. */
  readonly family?: Family;
}

/** An address family. */
export type Family = 'IPv4' | 'IPv6';

/** `unknown`: a block covers part of the addresses that a pod without one may have. */
export type NaiveVerdict = 'allowed' | 'denied' | 'unknown';

/** Where pods without an address may be: the range that the engine assumes too. */
const POD_RANGE = '10.0.0.0/8';

/** As manifests have it. */
export type Selector = { matchLabels?: Record<string, string>; matchExpressions?: Requirement[] };
type Requirement = { key: string; operator: string; values?: string[] };
type Port = { protocol?: string; port?: number | string; endPort?: number };
type Peer = { podSelector?: Selector; namespaceSelector?: Selector; ipBlock?: { cidr: string; except?: string[] } };
type Rule = { from?: Peer[]; to?: Peer[]; ports?: Port[] };
type Spec = { podSelector?: Selector; policyTypes?: string[]; ingress?: Rule[]; egress?: Rule[] };
type Metadata = { name: string; namespace?: string; labels?: Record<string, string> };
type Container = { ports?: { name?: string; containerPort: number; protocol?: string }[] };
type PodSpec = { containers: Container[] };
type Answer = 'yes' | 'no' | 'maybe';

/** What the evaluator sees of an end. */
interface Seen {
  readonly namespace?: string;
  readonly labels: Record<string, string>;
  readonly ports: NonNullable<Container['ports']>;
  /** Absent for a pod without an address. */
  readonly address?: string;
}

/** An evaluator over the namespaces and policies of one cluster. Looks at every policy of a namespace for every flow. */
export function naiveEvaluator(
  namespaces: readonly Json[],
  policies: readonly Json[],
): (flow: NaiveFlow) => NaiveVerdict {
  const labelsOf = new Map<string, Record<string, string>>();
  for (const { metadata } of namespaces) {
    const { name, labels } = metadata as Metadata;
    labelsOf.set(name, { ...labels, 'kubernetes.io/metadata.name': name });
  }
  const specsOf = new Map<string, Spec[]>();
  const above = policies.filter(isAdminPolicy);
  const tiers = above.length === 0 ? undefined : adminTiers(above);
  for (const policy of policies) {
    if (isAdminPolicy(policy)) continue;
    const { metadata, spec } = policy;
    const { namespace = 'default' } = metadata as Metadata;
    const own = specsOf.get(namespace) ?? [];
    own.push(spec as Spec);
    specsOf.set(namespace, own);
  }

  function peerMatches(peer: Peer, other: Seen, namespace: string): Answer {
    if (peer.ipBlock !== undefined) return inBlock(peer.ipBlock, other.address);
    if (other.namespace === undefined) return 'no';
    const isThere =
      peer.namespaceSelector === undefined
        ? other.namespace === namespace
        : matches(peer.namespaceSelector, labelsOf.get(other.namespace)!);
    return isThere && matches(peer.podSelector ?? {}, other.labels) ? 'yes' : 'no';
  }

  function adminEnd({ namespace, labels, address }: Seen): AdminEnd {
    return {
      ...(namespace === undefined ? {} : { namespace }),
      matchesNamespace: (selector) => matches(selector, labelsOf.get(namespace!)!),
      matchesPod: (selector) => matches(selector, labels),
      isWithin: (cidr) => inBlock({ cidr }, address) === 'yes',
    };
  }

  /** Admin tier, NetworkPolicies, Baseline: the first that says something decides; nothing: allowed. */
  function direction(
    subject: Seen,
    other: Seen,
    destination: Seen,
    side: 'ingress' | 'egress',
    flow: NaiveFlow,
  ): Answer {
    if (subject.namespace === undefined) return 'yes';
    const byPolicies = () => byNetworkPolicies(subject, other, destination, side, flow);
    if (tiers === undefined) return byPolicies() ?? 'yes';
    const { protocol, port } = flow;
    const asked = { side, subject: adminEnd(subject), other: adminEnd(other), protocol, port };
    const say = (verdict: AdminVerdict): Answer | undefined =>
      verdict === 'none' ? undefined : verdict === 'accept' ? 'yes' : 'no';
    return say(tiers.admin(asked)) ?? byPolicies() ?? say(tiers.baseline(asked)) ?? 'yes';
  }

  /** Undefined: no NetworkPolicy is for the subject. */
  function byNetworkPolicies(
    subject: Seen,
    other: Seen,
    destination: Seen,
    side: 'ingress' | 'egress',
    flow: NaiveFlow,
  ): Answer | undefined {
    const type = side === 'ingress' ? 'Ingress' : 'Egress';
    const applied = (specsOf.get(subject.namespace!) ?? []).filter(
      (spec) => typesOf(spec).includes(type) && matches(spec.podSelector ?? {}, subject.labels),
    );
    if (applied.length === 0) return undefined;
    let answer: Answer = 'no';
    for (const spec of applied) {
      for (const rule of spec[side] ?? []) {
        if (!portsMatch(rule.ports, destination, flow)) continue;
        const peers = (side === 'ingress' ? rule.from : rule.to) ?? [];
        const found = peers.length === 0 ? ['yes'] : peers.map((peer) => peerMatches(peer, other, subject.namespace!));
        if (found.includes('yes')) return 'yes';
        if (found.includes('maybe')) answer = 'maybe';
      }
    }
    return answer;
  }

  // What is seen of an object is worked out once for each family.
  const known = { IPv4: new Map<Json, Seen>(), IPv6: new Map<Json, Seen>() };
  const look = (end: NaiveEnd, family: Family): Seen => {
    if ('address' in end) return see(end, family);
    const seen = known[family].get(end.object) ?? see(end, family);
    known[family].set(end.object, seen);
    return seen;
  };

  return (flow) => {
    const { family = 'IPv4' } = flow;
    const [from, to] = [look(flow.from, family), look(flow.to, family)];
    const egress = direction(from, to, to, 'egress', flow);
    if (egress === 'no') return 'denied';
    const ingress = direction(to, from, to, 'ingress', flow);
    if (ingress === 'no') return 'denied';
    return egress === 'maybe' || ingress === 'maybe' ? 'unknown' : 'allowed';
  };
}

/** Whether the policy is for the pods of the Pod or workload; both of one namespace. */
export function selects(policy: Json, object: Json): boolean {
  return matches((policy.spec as Spec).podSelector ?? {}, see({ object }).labels);
}

function see(end: NaiveEnd, family: Family = 'IPv4'): Seen {
  if ('address' in end) return { labels: {}, ports: [], address: end.address };
  const { kind, metadata, spec, status } = end.object;
  const { namespace = 'default', labels = {} } = metadata as Metadata;
  const isPod = kind === 'Pod';
  const template = (spec as { template?: { metadata: Metadata; spec: PodSpec } }).template;
  const own = isPod ? (spec as PodSpec) : template!.spec;
  const ports = own.containers.flatMap((container) => container.ports ?? []);
  const address = isPod ? addressOf(status as PodStatus, family) : undefined;
  const seen = { namespace, labels: isPod ? labels : (template!.metadata.labels ?? {}), ports };
  return address === undefined ? seen : { ...seen, address };
}

type PodStatus = { podIP: string; podIPs: { ip: string }[] };

function addressOf({ podIPs }: PodStatus, family: Family): string | undefined {
  return podIPs.find(({ ip }) => familyOf(ip) === family)?.ip;
}

/** The family of an address or cidr. */
function familyOf(text: string): Family {
  return text.includes(':') ? 'IPv6' : 'IPv4';
}

/** The families that an end has an address of; a workload without addresses: IPv4. */
export function familiesOf(end: NaiveEnd): readonly Family[] {
  if ('address' in end) return [familyOf(end.address)];
  if (end.object.kind !== 'Pod') return ['IPv4'];
  return (end.object.status as PodStatus).podIPs.map(({ ip }) => familyOf(ip));
}

function typesOf(spec: Spec): readonly string[] {
  if (spec.policyTypes !== undefined && spec.policyTypes.length > 0) return spec.policyTypes;
  return (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

function portsMatch(ports: readonly Port[] | undefined, destination: Seen, flow: NaiveFlow): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some(({ protocol = 'TCP', port, endPort }) => {
    if (protocol !== flow.protocol) return false;
    if (port === undefined) return true;
    if (typeof port === 'number') return flow.port >= port && flow.port <= (endPort ?? port);
    return destination.ports.some(
      (own) => own.name === port && (own.protocol ?? 'TCP') === protocol && own.containerPort === flow.port,
    );
  });
}

function matches(selector: Selector, labels: Record<string, string>): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return equal && (selector.matchExpressions ?? []).every((one) => holds(one, labels[one.key]));
}

function holds({ operator, values = [] }: Requirement, value: string | undefined): boolean {
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  const isIn = value !== undefined && values.includes(value);
  return operator === 'In' ? isIn : !isIn;
}

/** Whether the address lies in the cidr and in none of the exceptions; without an address, whether all of POD_RANGE does. */
function inBlock({ cidr, except = [] }: NonNullable<Peer['ipBlock']>, address: string | undefined): Answer {
  if (familyOf(cidr) !== familyOf(address ?? POD_RANGE)) return 'no';
  const [first, last] = rangeOf(address ?? POD_RANGE);
  const covers = (text: string) => rangeOf(text)[0] <= first && rangeOf(text)[1] >= last;
  const touches = (text: string) => rangeOf(text)[0] <= last && rangeOf(text)[1] >= first;
  if (!touches(cidr) || except.some(covers)) return 'no';
  return covers(cidr) && !except.some(touches) ? 'yes' : 'maybe';
}

/** First and last address of an address or cidr, as numbers. */
function rangeOf(text: string): readonly [number | bigint, number | bigint] {
  const [address, length] = text.split('/');
  if (familyOf(text) === 'IPv6') {
    const size = 1n << BigInt(128 - Number(length ?? 128));
    const first = (numberOf(address!) / size) * size;
    return [first, first + size - 1n];
  }
  const value = address!.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length ?? 32));
  const first = Math.floor(value / size) * size;
  return [first, first + size - 1];
}

/** The value of an IPv6 address in hexadecimal groups. */
function numberOf(address: string): bigint {
  const [head, tail] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - head!.length - tail.length }, () => '0');
  return [...head!, ...zeros, ...(tail ?? [])].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
