// Which apiVersion and kind mean what to a snapshot: a table, and how to look things up in it. Knows no field of any kind.

/** What an object is to the snapshot. `workload` has a pod template at a place that the table knows. */
export type Role = 'pod' | 'workload' | 'namespace' | 'node' | 'service' | 'endpoint-slice' | 'endpoints' | 'ingress';

/** One kind that every cluster has. */
export interface BuiltInKind {
  readonly kind: string;
  /** API group, empty for core. */
  readonly group: string;
  readonly role: Role;
  readonly namespaced: boolean;
  /** The apiVersion that is served today. */
  readonly current: string;
  /** Versions that servers have dropped, but whose fields still read the same. */
  readonly removed: readonly string[];
}

function builtIn(kind: string, role: Role, current: string, removed: readonly string[] = []): BuiltInKind {
  const namespaced = role !== 'namespace' && role !== 'node';
  return { kind, group: groupOf(current), role, namespaced, current, removed };
}

/** The kinds that a snapshot is made of; removed versions from the Kubernetes deprecation guide. */
export const BUILT_IN_KINDS: readonly BuiltInKind[] = [
  builtIn('Pod', 'pod', 'v1'),
  builtIn('Deployment', 'workload', 'apps/v1', ['apps/v1beta1', 'apps/v1beta2', 'extensions/v1beta1']),
  builtIn('ReplicaSet', 'workload', 'apps/v1', ['apps/v1beta2', 'extensions/v1beta1']),
  builtIn('StatefulSet', 'workload', 'apps/v1', ['apps/v1beta1', 'apps/v1beta2']),
  builtIn('DaemonSet', 'workload', 'apps/v1', ['apps/v1beta2', 'extensions/v1beta1']),
  builtIn('ReplicationController', 'workload', 'v1'),
  builtIn('Job', 'workload', 'batch/v1'),
  builtIn('CronJob', 'workload', 'batch/v1', ['batch/v1beta1', 'batch/v2alpha1']),
  builtIn('Namespace', 'namespace', 'v1'),
  builtIn('Node', 'node', 'v1'),
  builtIn('Service', 'service', 'v1'),
  builtIn('EndpointSlice', 'endpoint-slice', 'discovery.k8s.io/v1', ['discovery.k8s.io/v1beta1']),
  builtIn('Endpoints', 'endpoints', 'v1'),
  builtIn('Ingress', 'ingress', 'networking.k8s.io/v1', ['networking.k8s.io/v1beta1', 'extensions/v1beta1']),
];

const BY_VERSION_AND_KIND: ReadonlyMap<string, BuiltInKind> = new Map(
  BUILT_IN_KINDS.flatMap((entry) =>
    [entry.current, ...entry.removed].map((apiVersion) => [`${apiVersion} ${entry.kind}`, entry] as const),
  ),
);

const BY_KIND: ReadonlyMap<string, BuiltInKind> = new Map(BUILT_IN_KINDS.map((entry) => [entry.kind, entry]));

/** Groups in which a kind of the table under an unknown version can only be a mistake, not a custom resource. */
const SERVER_GROUPS: ReadonlySet<string> = new Set([...BUILT_IN_KINDS.map((entry) => entry.group), 'extensions']);

/** The group of an apiVersion; empty for core. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The entry for an apiVersion and kind, dropped versions included; undefined for every other kind. */
export function builtInKind(apiVersion: string, kind: string): BuiltInKind | undefined {
  return BY_VERSION_AND_KIND.get(`${apiVersion} ${kind}`);
}

/** The entry that was surely meant by a kind under an apiVersion that no server has for it (`v1` Deployment). */
export function mistakenKind(apiVersion: string, kind: string): BuiltInKind | undefined {
  const entry = BY_KIND.get(kind);
  if (entry === undefined || !SERVER_GROUPS.has(groupOf(apiVersion))) return undefined;
  return builtInKind(apiVersion, kind) === undefined ? entry : undefined;
}

/** The group under which an object is known: `extensions` Deployments are those of `apps`. */
export function canonicalGroup(apiVersion: string, kind: string): string {
  return builtInKind(apiVersion, kind)?.group ?? groupOf(apiVersion);
}
