// Which apiVersion and kind mean what to a snapshot: a table, and how to look things up in it. Knows no field of any kind.

/** What an object is to the snapshot. `workload` has a pod template at a place that the table knows. */
export type Role =
  | 'pod'
  | 'workload'
  | 'namespace'
  | 'node'
  | 'service'
  | 'endpoint-slice'
  | 'endpoints'
  | 'ingress'
  | 'gateway'
  | 'listener-set'
  | 'gateway-route'
  | 'reference-grant'
  | 'openshift-route';

/** One kind that every cluster has, or whose API Netweir reads. */
export interface BuiltInKind {
  readonly kind: string;
  /** API group, empty for core. */
  readonly group: string;
  readonly role: Role;
  readonly namespaced: boolean;
  /** The apiVersion that is served today. */
  readonly current: string;
  /** Older ones that some servers still have, with the same fields. */
  readonly served: readonly string[];
  /** Versions that servers have dropped, but whose fields still read the same. */
  readonly removed: readonly string[];
}

function builtIn(
  kind: string,
  role: Role,
  current: string,
  removed: readonly string[] = [],
  served: readonly string[] = [],
): BuiltInKind {
  const namespaced = role !== 'namespace' && role !== 'node';
  return { kind, group: groupOf(current), role, namespaced, current, served, removed };
}

/** A kind of the Gateway API by its versions without the group; the newest first, as its CRDs list them. */
function gatewayKind(
  kind: string,
  role: Role,
  versions: { readonly served?: readonly string[]; readonly removed?: readonly string[] } = {},
): BuiltInKind {
  const inGroup = (names: readonly string[] = []) => names.map((name) => `gateway.networking.k8s.io/${name}`);
  return builtIn(kind, role, 'gateway.networking.k8s.io/v1', inGroup(versions.removed), inGroup(versions.served));
}

/**
 * The kinds that a snapshot is made of; removed versions from the Kubernetes deprecation guide, those of the Gateway API
 * from its CRDs (docs/semantics/gateway-api.md). `v1` is where OpenShift 3 had its Routes.
 */
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
  gatewayKind('Gateway', 'gateway', { served: ['v1beta1'], removed: ['v1alpha2'] }),
  gatewayKind('ListenerSet', 'listener-set'),
  gatewayKind('HTTPRoute', 'gateway-route', { served: ['v1beta1'], removed: ['v1alpha2'] }),
  gatewayKind('GRPCRoute', 'gateway-route', { removed: ['v1alpha2'] }),
  gatewayKind('TLSRoute', 'gateway-route', { served: ['v1alpha2', 'v1alpha3'] }),
  gatewayKind('TCPRoute', 'gateway-route', { served: ['v1alpha2'] }),
  gatewayKind('UDPRoute', 'gateway-route', { served: ['v1alpha2'] }),
  gatewayKind('ReferenceGrant', 'reference-grant', { served: ['v1beta1'], removed: ['v1alpha2'] }),
  builtIn('Route', 'openshift-route', 'route.openshift.io/v1', ['v1']),
];

const BY_VERSION_AND_KIND: ReadonlyMap<string, BuiltInKind> = new Map(
  BUILT_IN_KINDS.flatMap((entry) =>
    [entry.current, ...entry.served, ...entry.removed].map(
      (apiVersion) => [`${apiVersion} ${entry.kind}`, entry] as const,
    ),
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
  if (last.apiVersion !== apiVersion || last.kind !== kind) {
    last = { apiVersion, kind, entry: BY_VERSION_AND_KIND.get(`${apiVersion} ${kind}`) };
  }
  return last.entry;
}

/** What was looked up last: objects of one kind come by thousands, and each is looked up several times. */
let last: { readonly apiVersion: string; readonly kind: string; readonly entry: BuiltInKind | undefined } = {
  apiVersion: '',
  kind: '',
  entry: undefined,
};

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
