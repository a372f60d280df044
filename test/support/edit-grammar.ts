// Every single edit of policies that the grammar of repairs knows, and more of each sort than a search would try, written on
// plain manifests with no code of the engine's search: what a brute force draws smaller sets from.

import type { Edit } from '../../src/engine/model/edit.ts';
import type { ManifestObject, Path } from '../../src/engine/model/source.ts';
import type { Manifest } from './replay.ts';

/** One end of a goal, as manifests know it; no namespace: an address outside. */
export interface GrammarEnd {
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** With prefix lengths. */
  readonly addresses: readonly string[];
}

/** What is to be turned. */
export interface GrammarGoal {
  readonly from: GrammarEnd;
  readonly to: GrammarEnd;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly first: number;
  readonly last: number;
  readonly want: 'allowed' | 'denied';
}

/** An edit, or two that a splitting takes. `isolates`: a policy without rules is added. */
export interface GrammarEdit {
  readonly edits: readonly Edit[];
  readonly isolates: boolean;
}

/** Which rules. */
export type Direction = 'ingress' | 'egress';
/** An object of a manifest. */
export type Value = { readonly [key: string]: unknown };

/** Both directions, in the order in which edits are listed. */
export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];
/** The label with a namespace's name. */
export const NAME = 'kubernetes.io/metadata.name';
/** Edits that isolate nobody. */
export const plain = (...edits: Edit[]): GrammarEdit => ({ edits, isolates: false });
/** The field with the peers of a rule. */
export const listOf = (direction: Direction): string => (direction === 'ingress' ? 'from' : 'to');
/** A list of objects; empty for anything else. */
export const items = (value: unknown): readonly Value[] => (Array.isArray(value) ? (value as Value[]) : []);

/** Selectors that mean the end: each of its labels alone, all of them, everything. */
export function selectors({ labels }: GrammarEnd): Value[] {
  const single = Object.entries(labels).map(([key, value]) => ({ matchLabels: { [key]: value } }));
  return [...single, { matchLabels: labels }, {}];
}

function exclusions({ labels }: GrammarEnd): Value[] {
  return Object.entries(labels).map(([key, value]) => ({ key, operator: 'NotIn', values: [value] }));
}

function networkPolicyPeers(end: GrammarEnd, home: string): Value[] {
  const blocks = end.addresses.map((cidr) => ({ ipBlock: { cidr } }));
  if (end.namespace === undefined) return blocks;
  const own = end.namespace === home ? selectors(end).map((podSelector) => ({ podSelector })) : [];
  const byName = selectors(end).map((podSelector) => ({
    namespaceSelector: { matchLabels: { [NAME]: end.namespace } },
    podSelector,
  }));
  return [...own, ...byName, { namespaceSelector: {} }, ...blocks];
}

function clusterPeers(end: GrammarEnd, direction: Direction): Value[] {
  if (end.namespace === undefined) return direction === 'ingress' ? [] : [{ networks: end.addresses }];
  return selectors(end).map((podSelector) => ({
    pods: { namespaceSelector: { matchLabels: { [NAME]: end.namespace } }, podSelector },
  }));
}

/** Every single edit, for both directions and all policies. */
export function singleEdits(objects: readonly ManifestObject[], goal: GrammarGoal): GrammarEdit[] {
  const policies = objects.filter(({ value }) => String(value['kind']).endsWith('NetworkPolicy'));
  const edits = policies.flatMap((object) => editsOf(object, goal));
  return [...edits, ...newPolicies(policies, goal)];
}

function editsOf(object: ManifestObject, goal: GrammarGoal): GrammarEdit[] {
  const isPlain = object.value['kind'] === 'NetworkPolicy';
  const spec = object.value['spec'] as Value;
  return DIRECTIONS.flatMap((direction) => {
    const rules = items(spec[direction]);
    const narrowed = rules.flatMap((rule, index) => {
      const accepts = isPlain || rule['action'] === 'Accept' || rule['action'] === 'Allow';
      // To open, rules that deny or pass on are narrowed; to close, those that accept.
      return accepts === (goal.want === 'denied') ? narrowRule(object, direction, rule, index, goal) : [];
    });
    const left = goal.want === 'denied' ? leaveOut(object, direction, goal) : [];
    const added = isPlain ? addToNetworkPolicy(object, direction, goal) : addToClusterPolicy(object, direction, goal);
    return [...narrowed, ...left, ...added];
  });
}

const ends = (direction: Direction, { from, to }: GrammarGoal): { subject: GrammarEnd; peer: GrammarEnd } =>
  direction === 'ingress' ? { subject: to, peer: from } : { subject: from, peer: to };

/** The ports of a goal as an entry of a NetworkPolicy. */
export function networkPolicyPort({ protocol, first, last }: GrammarGoal): Value {
  return { protocol, port: first, ...(last === first ? {} : { endPort: last }) };
}

function addToNetworkPolicy(object: ManifestObject, direction: Direction, goal: GrammarGoal): GrammarEdit[] {
  if (goal.want === 'denied') return [];
  const { spec, metadata } = object.value as { spec: Value; metadata: { namespace: string } };
  const peers = networkPolicyPeers(ends(direction, goal).peer, metadata.namespace);
  const rules = items(spec[direction]);
  const list = listOf(direction);
  const inRules = rules.flatMap((rule, index) => {
    const path: Path = ['spec', direction, index];
    const [has, ports] = [items(rule[list]), items(rule['ports'])];
    const more = has.length === 0 ? [] : peers.map((value) => insert(object, [...path, list, has.length], value));
    const port = networkPolicyPort(goal);
    return [...more, ...(ports.length === 0 ? [] : [insert(object, [...path, 'ports', ports.length], port)])];
  });
  const newRules = peers.flatMap((peer) => [{ [list]: [peer], ports: [networkPolicyPort(goal)] }, { [list]: [peer] }]);
  return [...inRules, ...newRules.map((rule) => append(object, ['spec', direction], spec[direction], rule))];
}

/** Rules of an ordered tier for a goal, for each way to name its peer and each action that helps. */
export function clusterRules(object: Manifest, direction: Direction, goal: GrammarGoal): Value[] {
  const isOurs = object['kind'] === 'ClusterNetworkPolicy';
  const { protocol, first, last } = goal;
  const destinationPort = first === last ? { number: first } : { range: { start: first, end: last } };
  const ports = isOurs
    ? { protocols: [{ [protocol.toLowerCase()]: { destinationPort } }] }
    : { ports: [{ portRange: { protocol, start: first, end: last } }] };
  const actions = goal.want === 'denied' ? ['Deny'] : [isOurs ? 'Accept' : 'Allow', 'Pass'];
  return clusterPeers(ends(direction, goal).peer, direction).flatMap((peer) =>
    actions.map((action) => ({ action, [listOf(direction)]: [peer], ...ports })),
  );
}

function addToClusterPolicy(object: ManifestObject, direction: Direction, goal: GrammarGoal): GrammarEdit[] {
  const rules = clusterRules(object.value, direction, goal);
  const written = (object.value['spec'] as Value)[direction];
  if (!Array.isArray(written)) return rules.map((rule) => append(object, ['spec', direction], written, rule));
  return rules.flatMap((rule) => [...written, null].map((_, at) => insert(object, ['spec', direction, at], rule)));
}

function narrowRule(
  object: ManifestObject,
  direction: Direction,
  rule: Value,
  index: number,
  goal: GrammarGoal,
): GrammarEdit[] {
  const path: Path = ['spec', direction, index];
  const list = listOf(direction);
  const { peer } = ends(direction, goal);
  const peers = items(rule[list]).flatMap((item, at) => [
    ...(items(rule[list]).length > 1 ? [plain({ op: 'remove' as const, object, path: [...path, list, at] })] : []),
    ...narrowPeer(object, [...path, list, at], item, peer),
  ]);
  const field = object.value['kind'] === 'ClusterNetworkPolicy' ? 'protocols' : 'ports';
  const ports = items(rule[field]);
  const withoutPort =
    ports.length > 1 ? ports.map((_, at) => plain({ op: 'remove', object, path: [...path, field, at] })) : [];
  return [
    plain({ op: 'remove', object, path }),
    ...peers,
    ...withoutPort,
    ...cutPorts(object, [...path, field], ports, goal),
  ];
}

/** Entries of NetworkPolicies whose range begins or ends with the goal's, and rules without entries. */
function cutPorts(object: ManifestObject, path: Path, ports: readonly Value[], goal: GrammarGoal): GrammarEdit[] {
  if (object.value['kind'] !== 'NetworkPolicy') return [];
  const { protocol, first, last } = goal;
  const others = (from: number, to: number): Value[] => [
    ...(from < first ? [{ protocol, port: from, endPort: first - 1 }] : []),
    ...(last < to ? [{ protocol, port: last + 1, endPort: to }] : []),
  ];
  if (ports.length === 0) {
    const rest = ['TCP', 'UDP', 'SCTP'].filter((one) => one !== protocol).map((one) => ({ protocol: one }));
    return [plain({ op: 'set', object, path, value: [...others(1, 65535), ...rest] })];
  }
  return ports.flatMap((entry, at) => {
    const number = entry['port'] ?? 1;
    if (typeof number !== 'number' || (entry['protocol'] ?? 'TCP') !== protocol) return [];
    const end =
      entry['port'] === undefined || entry['port'] === null ? 65535 : ((entry['endPort'] as number) ?? number);
    return others(number, end).map((value) => plain({ op: 'set', object, path: [...path, at], value }));
  });
}

function narrowPeer(object: ManifestObject, path: Path, item: Value, peer: GrammarEnd): GrammarEdit[] {
  if (item['ipBlock'] !== undefined) {
    const { except } = item['ipBlock'] as Value;
    return peer.addresses.length === 0
      ? []
      : [
          plain({
            op: 'set',
            object,
            path: [...path, 'ipBlock', 'except'],
            value: [...items(except), ...peer.addresses],
          }),
        ];
  }
  if (peer.namespace === undefined) return [];
  const name = { key: NAME, operator: 'NotIn', values: [peer.namespace] };
  const pods = item['pods'] as Value | undefined;
  const base: Path = pods === undefined ? path : [...path, 'pods'];
  const holder = pods ?? item;
  const byLabel = exclusions(peer).flatMap((one) => {
    if (item['namespaces'] === undefined) return require(object, [...base, 'podSelector'], holder['podSelector'], one);
    const value = { pods: { namespaceSelector: item['namespaces'], podSelector: { matchExpressions: [one] } } };
    return [plain({ op: 'set', object, path, value })];
  });
  const field = item['namespaces'] === undefined ? 'namespaceSelector' : 'namespaces';
  const isNamed = holder[field] !== undefined && holder[field] !== null;
  return [...byLabel, ...(isNamed ? require(object, [...base, field], holder[field], name) : [])];
}

function leaveOut(object: ManifestObject, direction: Direction, goal: GrammarGoal): GrammarEdit[] {
  const spec = object.value['spec'] as Value;
  const { subject } = ends(direction, goal);
  return exclusions(subject).flatMap((one) => {
    if (object.value['kind'] === 'NetworkPolicy')
      return require(object, ['spec', 'podSelector'], spec['podSelector'], one);
    const written = spec['subject'] as Value;
    const pods = written['pods'] as Value | undefined;
    if (pods !== undefined)
      return require(object, ['spec', 'subject', 'pods', 'podSelector'], pods['podSelector'], one);
    const value = { pods: { namespaceSelector: written['namespaces'], podSelector: { matchExpressions: [one] } } };
    return [plain({ op: 'set', object, path: ['spec', 'subject'], value })];
  });
}

function newPolicies(policies: readonly ManifestObject[], goal: GrammarGoal): GrammarEdit[] {
  return DIRECTIONS.flatMap((direction) => {
    const { subject, peer } = ends(direction, goal);
    const { namespace } = subject;
    if (namespace === undefined) return [];
    const type = direction === 'ingress' ? 'Ingress' : 'Egress';
    const networkPolicy = (podSelector: Value, rules: readonly Value[]): Value => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'brute', namespace },
      spec: { podSelector, policyTypes: [type], [direction]: rules },
    });
    const subjects = selectors(subject).slice(0, -1);
    if (goal.want === 'denied') {
      const isolating = subjects.map((one) => ({ edits: [added(networkPolicy(one, []))], isolates: true }));
      return [...isolating, ...tierPolicies(policies, subject, direction, goal)];
    }
    const rules = networkPolicyPeers(peer, namespace).map((one) => ({
      [listOf(direction)]: [one],
      ports: [networkPolicyPort(goal)],
    }));
    const opening = subjects.flatMap((one) => rules.map((rule) => plain(added(networkPolicy(one, [rule])))));
    return [...opening, ...tierPolicies(policies, subject, direction, goal)];
  });
}

/** Policies of the ordered tiers, where the input has some: before all others, and behind them. */
function tierPolicies(
  policies: readonly ManifestObject[],
  subject: GrammarEnd,
  direction: Direction,
  goal: GrammarGoal,
): GrammarEdit[] {
  const like = policies.filter(({ value }) =>
    ['ClusterNetworkPolicy', 'AdminNetworkPolicy'].includes(String(value['kind'])),
  );
  return like.flatMap(({ value }) => {
    const spec = value['spec'] as Value & { priority: number };
    const orders = [spec.priority - 1, 1, 999].filter((order) => order >= 0);
    return orders.flatMap((priority) =>
      clusterPeers(subject, 'ingress').flatMap((pods) =>
        clusterRules(value, direction, goal).map((rule) => {
          const tier = spec['tier'] === undefined ? {} : { tier: spec['tier'] };
          const own = { ...tier, priority, subject: pods, [direction]: [rule] };
          return plain(added({ ...value, metadata: { name: 'brute' }, spec: own }));
        }),
      ),
    );
  });
}

/** Adds an object. */
export function added(value: Value): Edit {
  return { op: 'add-object', value };
}

/** Inserts an item into a list. */
export function insert(object: ManifestObject, path: Path, value: unknown): GrammarEdit {
  return plain({ op: 'insert', object, path, value });
}

/** Adds an item behind those of a list, which need not be there. */
export function append(object: ManifestObject, path: Path, list: unknown, value: unknown): GrammarEdit {
  return Array.isArray(list)
    ? insert(object, [...path, list.length], value)
    : plain({ op: 'set', object, path, value: [value] });
}

/** Adds a requirement to a selector, which need not be there. */
export function require(object: ManifestObject, path: Path, selector: unknown, one: Value): GrammarEdit[] {
  if (typeof selector !== 'object' || selector === null) {
    return [plain({ op: 'set', object, path, value: { matchExpressions: [one] } })];
  }
  const list = (selector as Value)['matchExpressions'];
  return [append(object, [...path, 'matchExpressions'], list, one)];
}
