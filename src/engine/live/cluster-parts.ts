// A snapshot by namespace: objects of one namespace are read together, whatever is in the others. So an event costs what its
// namespace costs, and what is read is what reading everything would lead to. Knows no endpoints.

import type { Behaviour } from '../model/behaviour.ts';
import type { Namespace, Node, Pod, Service, Workload } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import { briefOf, type ManifestObject } from '../model/source.ts';
import { loadState, type State } from '../state.ts';
import { nameObject } from './object-events.ts';

/** What was read of one namespace; `''` for objects of none. */
export interface Part {
  /** By key; several of one key are merged when they are read, as everywhere. */
  readonly objects: ReadonlyMap<string, readonly ManifestObject[]>;
  readonly pods: readonly Pod[];
  /** By key. */
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly services: readonly Service[];
  /** Those that count, by their objects. */
  readonly policies: ReadonlyMap<ManifestObject, Policy>;
}

/** A whole snapshot. */
export interface ClusterParts {
  /** By namespace. */
  readonly byName: ReadonlyMap<string, Part>;
  /** Those with an object, by name. */
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly nodes: readonly Node[];
}

/** How objects are read. */
export interface ReadOptions {
  readonly behaviour: Behaviour;
  readonly defaultNamespace: string;
}

/** Objects that replace all others of their key; none: the key is gone. */
export type ObjectChanges = ReadonlyMap<string, { readonly namespace: string; readonly objects: ManifestObject[] }>;

/** What changed between two snapshots. */
export interface PartsChange {
  readonly parts: ClusterParts;
  /** Namespaces whose pods may be others, or may look otherwise to policies. */
  readonly touched: ReadonlySet<string>;
  readonly hasOtherNodes: boolean;
  readonly removed: readonly Policy[];
  readonly added: readonly Policy[];
}

const EMPTY_PART: Part = {
  objects: new Map(),
  pods: [],
  workloads: new Map(),
  services: [],
  policies: new Map(),
};

/** Reads all objects. */
export function readParts(objects: readonly ManifestObject[], options: ReadOptions): ClusterParts {
  const state = loadState({ objects, ...options });
  const { cluster } = state;
  const byKey = new Map<string, Map<string, ManifestObject[]>>();
  for (const object of objects) {
    const { namespace, key } = nameObject(object, options);
    const own = into(byKey, namespace, () => new Map<string, ManifestObject[]>());
    into(own, key, () => []).push(object);
  }
  const drafts = new Map<string, Draft>();
  const draft = (namespace: string) => into(drafts, namespace, emptyDraft);
  for (const pod of cluster.pods) draft(pod.namespace).pods.push(pod);
  for (const [key, workload] of cluster.workloads) draft(workload.namespace).workloads.set(key, workload);
  for (const service of cluster.services) draft(service.namespace).services.push(service);
  for (const policy of state.policies) draft(policy.ref.namespace ?? '').policies.set(policy.object, policy);
  const byName = new Map<string, Part>();
  for (const namespace of [...new Set([...byKey.keys(), ...drafts.keys()])].sort()) {
    const part = drafts.get(namespace) ?? emptyDraft();
    byName.set(namespace, { ...part, objects: byKey.get(namespace) ?? new Map() });
  }
  return { byName, namespaces: declaredIn(state), nodes: cluster.nodes };
}

interface Draft {
  readonly pods: Pod[];
  readonly workloads: Map<string, Workload>;
  readonly services: Service[];
  readonly policies: Map<ManifestObject, Policy>;
}

function emptyDraft(): Draft {
  return { pods: [], workloads: new Map(), services: [], policies: new Map() };
}

/** Reads the parts that changes touch anew; the others are the same objects. */
export function changeParts(before: ClusterParts, changes: ObjectChanges, options: ReadOptions): PartsChange {
  const byNamespace = new Map<string, [key: string, objects: ManifestObject[]][]>();
  for (const [key, { namespace, objects }] of changes) into(byNamespace, namespace, () => []).push([key, objects]);
  const byName = new Map(before.byName);
  const touched = new Set<string>();
  let { namespaces, nodes } = before;
  const wide = byNamespace.get('');
  if (wide !== undefined) {
    const was = byName.get('') ?? EMPTY_PART;
    const result = changeWide(was, wide, before, options);
    byName.set('', result.part);
    ({ namespaces, nodes } = result);
    for (const name of result.touched) touched.add(name);
  }
  const hasOtherNodes = nodes !== before.nodes;
  const read = new Set(byNamespace.keys());
  read.delete('');
  // Pods of the host network may have the addresses of their nodes.
  if (hasOtherNodes) {
    for (const [name, { pods }] of byName) if (pods.some(({ hostNetwork }) => hostNetwork)) read.add(name);
  }
  for (const name of read) {
    const was = byName.get(name) ?? EMPTY_PART;
    byName.set(name, readPart(was, withChanges(was.objects, byNamespace.get(name) ?? []), name, nodes, options));
    touched.add(name);
  }
  const [removed, added]: [Policy[], Policy[]] = [[], []];
  for (const name of byNamespace.keys()) {
    const [was, is] = [before.byName.get(name) ?? EMPTY_PART, byName.get(name)!];
    for (const [object, policy] of was.policies) if (!is.policies.has(object)) removed.push(policy);
    for (const [object, policy] of is.policies) if (!was.policies.has(object)) added.push(policy);
  }
  return { parts: { byName, namespaces, nodes }, touched, hasOtherNodes, removed, added };
}

type KeyChanges = readonly (readonly [key: string, objects: readonly ManifestObject[]])[];

function withChanges(objects: Part['objects'], changes: KeyChanges): Part['objects'] {
  const next = new Map(objects);
  for (const [key, own] of changes) {
    if (own.length === 0) next.delete(key);
    else next.set(key, own);
  }
  return next;
}

function readPart(
  was: Part,
  objects: Part['objects'],
  namespace: string,
  nodes: readonly Node[],
  options: ReadOptions,
): Part {
  // Policies say nothing of what else is read: those whose objects stay are not read again, and are the very same, so that
  // nobody takes them for others.
  const policies = new Map<ManifestObject, Policy>();
  const all: ManifestObject[] = [];
  for (const [key, own] of objects) {
    const known = was.objects.get(key) === own ? own.find((object) => was.policies.has(object)) : undefined;
    if (known !== undefined) policies.set(known, was.policies.get(known)!);
    else for (const object of own) all.push(object);
  }
  const hosts = new Set(all.flatMap(hostOf));
  const near = nodes.flatMap(({ name, object }) => (hosts.has(name) ? [object] : []));
  const state = loadState({ objects: [...all, ...near], ...options });
  for (const policy of state.policies) policies.set(policy.object, was.policies.get(policy.object) ?? policy);
  const { cluster } = state;
  return {
    objects,
    pods: cluster.pods.filter((pod) => pod.namespace === namespace),
    workloads: cluster.workloads,
    services: cluster.services,
    policies,
  };
}

/** The node whose addresses a pod of the host network may have. */
function hostOf(object: ManifestObject): string[] {
  const { spec } = briefOf(object);
  if (typeof spec !== 'object' || spec === null || Reflect.get(spec, 'hostNetwork') !== true) return [];
  const name: unknown = Reflect.get(spec, 'nodeName');
  return typeof name === 'string' ? [name] : [];
}

/** Objects of no namespace do not know of each other: those of the changed keys are read alone. */
function changeWide(
  was: Part,
  changes: KeyChanges,
  before: ClusterParts,
  options: ReadOptions,
): { part: Part; namespaces: ClusterParts['namespaces']; nodes: readonly Node[]; touched: ReadonlySet<string> } {
  const load = (objects: readonly ManifestObject[]) => loadState({ objects, ...options });
  const gone = load(changes.flatMap(([key]) => was.objects.get(key) ?? []));
  const come = load(changes.flatMap(([, objects]) => objects));
  const policies = new Map(was.policies);
  for (const { object } of gone.policies) policies.delete(object);
  for (const policy of come.policies) policies.set(policy.object, was.policies.get(policy.object) ?? policy);
  const [left, right] = [declaredIn(gone), declaredIn(come)];
  const namespaces = new Map(before.namespaces);
  for (const name of left.keys()) namespaces.delete(name);
  for (const [name, namespace] of right) namespaces.set(name, namespace);
  const names = new Set(gone.cluster.nodes.map(({ name }) => name));
  const nodes = before.nodes.filter(({ name }) => !names.has(name));
  const isSame = names.size === 0 && come.cluster.nodes.length === 0;
  return {
    part: { ...was, objects: withChanges(was.objects, changes), policies },
    namespaces,
    nodes: isSame ? before.nodes : [...nodes, ...come.cluster.nodes].sort((a, b) => (a.name < b.name ? -1 : 1)),
    touched: new Set([...left.keys(), ...right.keys()]),
  };
}

function declaredIn({ cluster }: State): Map<string, Namespace> {
  return new Map([...cluster.namespaces].filter(([, { declared }]) => declared));
}

function into<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
