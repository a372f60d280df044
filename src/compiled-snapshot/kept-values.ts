// What a compiled snapshot keeps of an object: what connections are computed from. Environment, commands, annotations of kubectl
// and the insides of objects that no answer uses are left out, and with them what may be a secret.

import { createHash } from 'node:crypto';
import { dialectOf } from '../engine/dialects/registry.ts';
import { briefOf, type ManifestObject } from '../engine/model/source.ts';
import { POD_FIELDS, type Wanted } from '../engine/snapshot/pod-fields.ts';

type Json = Readonly<Record<string, unknown>>;

/** Fields that no answer looks at, wherever they are. */
const LEFT_OUT: ReadonlySet<string> = new Set(['managedFields']);

/** Lists that no answer looks at, wherever they are; a label may be called so, too. */
const LISTS_LEFT_OUT: ReadonlySet<string> = new Set(['env', 'envFrom', 'args', 'command']);

/** What is kept of a container that is not a Pod's own. */
const CONTAINER_FIELDS: readonly string[] = ['name', 'ports', 'restartPolicy'];
const CONTAINER_LISTS: ReadonlySet<string> = new Set(['containers', 'initContainers', 'ephemeralContainers']);

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Where a value says that it was another one than one that looks the same, with fields that are left out. */
const DIGEST = 'netweir.dev/digest';

/** Reports whether an object is a policy of a dialect, which is kept whole. */
export function isPolicy(object: ManifestObject): boolean {
  const { apiVersion, kind } = briefOf(object);
  return typeof apiVersion === 'string' && typeof kind === 'string' && dialectOf(apiVersion, kind) !== undefined;
}

/**
 * The values that are kept, in order. `isUnused` says of which objects answers look only at the name. Objects of one name
 * stay as different as they were.
 */
export function keptValues(objects: readonly ManifestObject[], isUnused: (object: ManifestObject) => boolean): Json[] {
  const names = objects.map(nameOf);
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return objects.map((object, index) => {
    if (isPolicy(object)) return object.value;
    const kept = keptOf(object, isUnused(object));
    return counts.get(names[index]!) === 1 ? kept : { ...kept, [DIGEST]: digestOf(object.value) };
  });
}

function keptOf(object: ManifestObject, isUnused: boolean): Json {
  const value = briefOf(object);
  const { apiVersion, kind } = value;
  if (apiVersion === 'v1' && kind === 'Pod') return keep(value, POD_FIELDS) as Json;
  const isAccess = typeof apiVersion === 'string' && apiVersion.startsWith('rbac.authorization.k8s.io/');
  if (!isUnused || isAccess) return withoutSecrets(value) as Json;
  const { metadata, spec } = value;
  // What has a spec might make pods, which is how it is told from what cannot; it may own pods that others make for it.
  const kept = isObject(spec) ? { spec: Object.hasOwn(spec, 'replicas') ? { replicas: spec['replicas'] } : {} } : {};
  return { apiVersion, kind, ...metadataOf(metadata), ...kept };
}

function metadataOf(metadata: unknown): Json {
  if (!isObject(metadata)) return metadata === undefined ? {} : { metadata };
  const fields = ['name', 'generateName', 'namespace', 'labels', 'ownerReferences'];
  return {
    metadata: Object.fromEntries(fields.flatMap((key) => (Object.hasOwn(metadata, key) ? [[key, metadata[key]]] : []))),
  };
}

/** The fields that are wanted of a value; one that is no object or list where these are wanted is kept as it is. */
function keep(value: unknown, wanted: Wanted): unknown {
  if (wanted.type === 'fields' && isObject(value)) {
    const own = Object.keys(value).filter((key) => Object.hasOwn(wanted.fields, key));
    return Object.fromEntries(own.map((key) => [key, keep(value[key], wanted.fields[key]!)]));
  }
  if (wanted.type === 'elements' && Array.isArray(value)) return value.map((one) => keep(one, wanted.of));
  return value;
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).flatMap(([key, one]): readonly (readonly [string, unknown])[] => {
    if (LEFT_OUT.has(key) || key === LAST_APPLIED) return [];
    if (LISTS_LEFT_OUT.has(key) && Array.isArray(one)) return [];
    if (CONTAINER_LISTS.has(key) && Array.isArray(one)) return [[key, one.map(containerOf)]];
    return [[key, withoutSecrets(one)]];
  });
  return Object.fromEntries(kept);
}

function containerOf(container: unknown): unknown {
  if (!isObject(container)) return container;
  return Object.fromEntries(
    CONTAINER_FIELDS.flatMap((key) => (Object.hasOwn(container, key) ? [[key, container[key]]] : [])),
  );
}

function nameOf(object: ManifestObject): string {
  const { kind, metadata } = briefOf(object);
  const { name, generateName, namespace } = isObject(metadata) ? metadata : {};
  return JSON.stringify([kind, namespace, name, generateName]);
}

/** Equal for equal values, whatever the order of keys. */
function digestOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)) ?? '')
    .digest('base64url');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
