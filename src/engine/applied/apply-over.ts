// What a cluster holds once manifests were applied to it, as `kubectl apply` does it: fields of the manifest win, fields that
// were applied before and are gone go, the rest stays. Pods of a template that changes give way to those it will make.

import { isSameValue } from '../edits/same-value.ts';
import { type ManifestObject, withValue } from '../model/source.ts';
import { canonicalGroup } from '../snapshot/kinds.ts';
import { isObject, type JsonObject } from '../snapshot/reading.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Lists that apply merges by a key instead of replacing them; only those that matter to connections. */
const MERGED_LISTS: Readonly<Record<string, string>> = { containers: 'name', initContainers: 'name' };

/**
 * The objects of the cluster with the manifests laid over. Objects of the manifests keep their places in files; those of
 * the cluster that they replace are gone.
 *
 * `from` says what the objects are laid over: `cluster` knows what was applied before, and what others set stays. Of `files`
 * nobody knows: all that is there counts as applied before, but for what only a server sets.
 */
export function applyOver(
  live: readonly ManifestObject[],
  manifests: readonly ManifestObject[],
  defaultNamespace: string,
  from: 'cluster' | 'files' = 'cluster',
): readonly ManifestObject[] {
  const keyOf = (object: ManifestObject): string => nameOf(object.value, defaultNamespace);
  const byKey = new Map(live.map((object) => [keyOf(object), object]));
  const laid = new Map<string, ManifestObject>();
  const renewed = new Set<string>();
  for (const manifest of manifests) {
    const key = keyOf(manifest);
    const before = laid.get(key) ?? byKey.get(key);
    const given = withoutStatus(manifest.value);
    const value = before === undefined ? given : merged(before.value, given, from);
    if (before !== undefined && !isSameValue(templateOf(before.value), templateOf(value))) renewed.add(key);
    laid.set(key, withValue(manifest, value));
  }
  const gone = new Set(renewed);
  // A ReplicaSet of a Deployment goes first, its pods after it; deeper chains there are none.
  for (let size = -1; size !== gone.size; ) {
    size = gone.size;
    for (const object of live) {
      const owner = ownerOf(object.value);
      if (owner !== undefined && gone.has(owner)) gone.add(keyOf(object));
    }
  }
  const kept = live.filter((object) => {
    const key = keyOf(object);
    return !laid.has(key) && !(gone.has(key) && !renewed.has(key));
  });
  return [...kept, ...laid.values()];
}

/** The API server keeps the status that it knows: a manifest's own says what was once, perhaps in another cluster. */
function withoutStatus(value: JsonObject): JsonObject {
  const { status: _, ...rest } = value;
  return rest;
}

/** Equal for the same object, in whatever version it is written. */
function nameOf(value: JsonObject, defaultNamespace: string): string {
  const { kind, apiVersion } = value;
  const metadata = isObject(value['metadata']) ? value['metadata'] : {};
  const group = canonicalGroup(String(apiVersion), String(kind));
  const isWide = CLUSTER_WIDE.test(String(kind));
  const namespace = isWide ? '' : (metadata['namespace'] ?? defaultNamespace);
  return JSON.stringify([group, kind, namespace, metadata['name']]);
}

const CLUSTER_WIDE =
  /^(Namespace|Node|GatewayClass|CustomResourceDefinition|APIService|.*Configuration|(Baseline)?AdminNetworkPolicy|Cluster.+|Global.+)$/;

function ownerOf(value: JsonObject): string | undefined {
  const metadata = isObject(value['metadata']) ? value['metadata'] : {};
  const references: readonly unknown[] = Array.isArray(metadata['ownerReferences']) ? metadata['ownerReferences'] : [];
  const owner = references.find((one) => isObject(one) && one['controller'] === true);
  if (!isObject(owner)) return undefined;
  const group = canonicalGroup(String(owner['apiVersion']), String(owner['kind']));
  return JSON.stringify([group, owner['kind'], metadata['namespace'], owner['name']]);
}

/** What pods are made from, as far as connections see it; undefined for what makes none. */
function templateOf(value: JsonObject): unknown {
  const spec = isObject(value['spec']) ? value['spec'] : {};
  const template = isObject(spec['template']) ? spec['template'] : undefined;
  if (template === undefined) return undefined;
  const own = isObject(template['spec']) ? template['spec'] : {};
  const metadata = isObject(template['metadata']) ? template['metadata'] : {};
  const ports = (list: unknown): unknown =>
    Array.isArray(list) ? list.map((one) => (isObject(one) ? [one['name'], portsOf(one)] : one)) : [];
  return [
    metadata['labels'] ?? {},
    own['hostNetwork'] ?? false,
    own['serviceAccountName'] ?? null,
    ports(own['containers']),
    ports(own['initContainers']),
  ];
}

/** The API server writes the protocol where nobody does. */
function portsOf(container: JsonObject): unknown {
  const ports = Array.isArray(container['ports']) ? container['ports'] : [];
  return ports.map((port) =>
    isObject(port) ? [port['name'] ?? null, port['containerPort'] ?? null, port['protocol'] ?? 'TCP'] : port,
  );
}

function merged(live: JsonObject, manifest: JsonObject, from: 'cluster' | 'files'): JsonObject {
  const past = from === 'files' ? withoutServerFields(live) : pastOf(live);
  return withNodePorts(live, mergeMaps(live, manifest, withoutStatus(past)));
}

function pastOf(live: JsonObject): JsonObject {
  const metadata = isObject(live['metadata']) ? live['metadata'] : {};
  const annotations = isObject(metadata['annotations']) ? metadata['annotations'] : {};
  return applied(annotations[LAST_APPLIED]);
}

/** Fields that the API server or a controller sets, and that no manifest takes away by saying nothing of them. */
const SERVER_METADATA: readonly string[] = [
  'uid',
  'creationTimestamp',
  'resourceVersion',
  'generation',
  'ownerReferences',
];
const SERVER_SPEC: Readonly<Record<string, readonly string[]>> = {
  Pod: ['nodeName'],
  Service: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'],
};

function withoutServerFields(value: JsonObject): JsonObject {
  const kept = (map: unknown, fields: readonly string[]): unknown =>
    isObject(map) ? Object.fromEntries(Object.entries(map).filter(([key]) => !fields.includes(key))) : map;
  const { metadata, spec, ...rest } = value;
  return {
    ...rest,
    metadata: kept(metadata, SERVER_METADATA),
    ...(spec === undefined ? {} : { spec: kept(spec, SERVER_SPEC[String(value['kind'])] ?? []) }),
  };
}

/** The API server gives a Service's port the node port that it had, where nobody asks for another. */
function withNodePorts(live: JsonObject, value: JsonObject): JsonObject {
  const [before, spec] = [live['spec'], value['spec']];
  if (value['kind'] !== 'Service' || !isObject(before) || !isObject(spec)) return value;
  if (!Array.isArray(before['ports']) || !Array.isArray(spec['ports']) || !ON_NODES.includes(spec['type']))
    return value;
  const past: readonly unknown[] = before['ports'];
  const ports = spec['ports'].map((port: unknown) => {
    if (!isObject(port) || port['nodePort'] !== undefined) return port;
    const same = past.find((one) => isObject(one) && isSamePort(one, port));
    const nodePort = isObject(same) ? same['nodePort'] : undefined;
    return nodePort === undefined ? port : { ...port, nodePort };
  });
  return { ...value, spec: { ...spec, ports } };
}

const ON_NODES: readonly unknown[] = ['NodePort', 'LoadBalancer'];

function isSamePort(a: JsonObject, b: JsonObject): boolean {
  return a['port'] === b['port'] && (a['protocol'] ?? 'TCP') === (b['protocol'] ?? 'TCP');
}

function applied(text: unknown): JsonObject {
  if (typeof text !== 'string') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function mergeMaps(live: JsonObject, manifest: JsonObject, before: JsonObject): JsonObject {
  const result: Record<string, unknown> = { ...live };
  for (const key of Object.keys(before)) if (!Object.hasOwn(manifest, key)) delete result[key];
  for (const [key, value] of Object.entries(manifest)) {
    const [own, past] = [live[key], before[key]];
    if (value === null) delete result[key];
    else if (isObject(value) && isObject(own)) result[key] = mergeMaps(own, value, isObject(past) ? past : {});
    else result[key] = mergeLists(key, own, value, past);
  }
  return result;
}

/** Sidecars that somebody injected stay beside the containers of the manifest. */
function mergeLists(key: string, live: unknown, manifest: unknown, before: unknown): unknown {
  const by = MERGED_LISTS[key];
  if (by === undefined || !Array.isArray(live) || !Array.isArray(manifest)) return manifest;
  const past: readonly unknown[] = Array.isArray(before) ? before : [];
  const named = new Set([...manifest, ...past].map((item) => (isObject(item) ? item[by] : undefined)));
  return [...manifest, ...live.filter((item) => isObject(item) && !named.has(item[by]))];
}
