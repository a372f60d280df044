// What an object is and how it is called: apiVersion, kind, namespace, name; and the order in which objects stand.
// Knows no field outside of apiVersion, kind and metadata.

import { briefOf, type ManifestObject } from '../model/source.ts';
import { type BuiltInKind, builtInKind, canonicalGroup, mistakenKind } from './kinds.ts';
import { operatorKind } from './operators.ts';
import { isObject, type JsonObject, objectAt, type Reading, startReading, stringAt } from './reading.ts';

/** What an object is used for. `custom` may carry pod templates; `other` is used for nothing but its name. */
export type Use = 'built-in' | 'policy' | 'operator' | 'custom' | 'mistaken' | 'other';

/** One object with its name. */
export interface Identified {
  readonly object: ManifestObject;
  readonly use: Use;
  /** The table's entry for `built-in`, and for `mistaken` the one that was meant. */
  readonly builtIn: BuiltInKind | undefined;
  readonly apiVersion: string;
  readonly kind: string;
  /** The group as it is known today, empty for core. */
  readonly group: string;
  /** Empty for cluster-scoped kinds and for policies that name none and need none. */
  readonly namespace: string;
  /** Empty where the object has none, which nothing but a policy or an unused object may. */
  readonly name: string;
  /** Whether the name is one that the API server is to complete. */
  readonly isGenerated: boolean;
  /** Its metadata; empty where it has none. */
  readonly metadata: JsonObject;
  readonly reading: Reading;
}

/** How objects are told apart. */
export interface IdentifyOptions {
  readonly defaultNamespace: string;
  isPolicy(apiVersion: string, kind: string): boolean;
}

/** Kinds of policy that live in a namespace although they may be written without one. */
const NAMESPACED_POLICY = 'NetworkPolicy';

/** Groups whose objects may show parts of pods as patterns or schemas, but never make any. */
const NEVER_WORKLOADS: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'constraints.gatekeeper.sh',
  'kyverno.io',
  'mutations.gatekeeper.sh',
  'policies.kyverno.io',
  'templates.gatekeeper.sh',
]);

/** Finds out what an object is and how it is called. Problems with its metadata are noted in the reading. */
export function identify(object: ManifestObject, options: IdentifyOptions): Identified {
  const reading = startReading(object);
  const value: unknown = briefOf(object);
  const root: JsonObject = isObject(value) ? value : {};
  const apiVersion = typeof root.apiVersion === 'string' ? root.apiVersion : '';
  const kind = typeof root.kind === 'string' ? root.kind : '';
  const entry = builtInKind(apiVersion, kind);
  const meant = entry ?? mistakenKind(apiVersion, kind);
  const group = canonicalGroup(apiVersion, kind);
  const use = useOf(apiVersion, kind, group, entry, meant, root, options);
  const metadata = objectAt(reading, root, 'metadata', []) ?? {};
  const name =
    stringAt(reading, metadata, 'name', ['metadata']) ?? stringAt(reading, metadata, 'generateName', ['metadata']);
  const isGenerated = metadata.name === undefined || metadata.name === null || metadata.name === '';
  const written = stringAt(reading, metadata, 'namespace', ['metadata']);
  const isNamespaced =
    use === 'policy' ? kind === NAMESPACED_POLICY : use === 'other' ? false : (meant?.namespaced ?? true);
  const namespace = meant?.namespaced === false ? '' : (written ?? (isNamespaced ? options.defaultNamespace : ''));
  return {
    object,
    use,
    builtIn: meant,
    apiVersion,
    kind,
    group,
    namespace,
    name: name ?? '',
    isGenerated,
    metadata,
    reading,
  };
}

function useOf(
  apiVersion: string,
  kind: string,
  group: string,
  entry: BuiltInKind | undefined,
  meant: BuiltInKind | undefined,
  root: JsonObject,
  options: IdentifyOptions,
): Use {
  if (entry !== undefined) return 'built-in';
  if (options.isPolicy(apiVersion, kind)) return 'policy';
  if (operatorKind(apiVersion, kind) !== undefined) return 'operator';
  if (meant !== undefined) return 'mistaken';
  return group !== '' && isObject(root.spec) && !NEVER_WORKLOADS.has(group) ? 'custom' : 'other';
}

/** `namespace/Kind.group/name`, without the suffix for the core group: the key of workloads, unique for each object. */
export function keyOf(object: Pick<Identified, 'namespace' | 'kind' | 'group' | 'name'>): string {
  return `${object.namespace}/${object.kind}${object.group === '' ? '' : `.${object.group}`}/${object.name}`;
}

/** How an object is called in messages: `Deployment shop/web`, `Node n1`. */
export function titleOf(object: Pick<Identified, 'namespace' | 'kind' | 'name'>): string {
  return `${object.kind} ${object.namespace === '' ? '' : `${object.namespace}/`}${object.name || '(no name)'}`;
}

/** Orders texts by code unit, the same on every machine. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders objects by namespace, kind, group, name; of the same name by the place where they were written. */
export function compareIdentified(a: Identified, b: Identified): number {
  return (
    compareTexts(a.namespace, b.namespace) ||
    compareTexts(a.kind, b.kind) ||
    compareTexts(a.group, b.group) ||
    compareTexts(a.name, b.name) ||
    compareTexts(a.apiVersion, b.apiVersion) ||
    comparePlaces(a.object, b.object)
  );
}

/** Orders objects by file and line; those without a place are equal. Costly where the files are the same. */
export function comparePlaces(a: ManifestObject, b: ManifestObject): number {
  const byFile = compareTexts(a.file ?? '', b.file ?? '');
  if (byFile !== 0 || a.file === undefined) return byFile;
  const [from, to] = [a.locate([]), b.locate([])];
  return (from.line ?? 0) - (to.line ?? 0) || (from.column ?? 0) - (to.column ?? 0);
}

/** Where an object was written, for messages: `k8s/web.yaml:3`, `the cluster` for one without a file. */
export function placeOf(object: ManifestObject): string {
  const { file, line } = object.locate([]);
  return `${file ?? object.file ?? 'the cluster'}${line === undefined ? '' : `:${line}`}`;
}
