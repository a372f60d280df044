// The snapshot from which every answer is computed: plain, immutable, already free of Kubernetes field names.

import type { Family, IpSet } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { GatewayObjects } from './gateway.ts';
import type { Labels, Selector } from './selector.ts';
import type { ManifestObject, Path } from './source.ts';

/** A namespace. Where no Namespace object was read, only the automatic name label is known (`declared: false`). */
export interface Namespace {
  readonly name: string;
  /** With `kubernetes.io/metadata.name` always set to the name, whatever the object says. */
  readonly labels: Labels;
  readonly declared: boolean;
  readonly object?: ManifestObject;
}

/** A port that a container declares. `from` tells which list of containers it was found in. */
export interface ContainerPort {
  readonly name?: string;
  readonly protocol: Protocol;
  readonly number: number;
  readonly from: 'container' | 'sidecar' | 'init';
}

/** What owns pods: the top of an owner chain, or a pod that nobody owns. */
export interface Workload {
  /** `namespace/Kind.group/name`; the core group has no suffix: `shop/Deployment.apps/web`, `shop/Pod/debug`. */
  readonly key: string;
  readonly namespace: string;
  readonly kind: string;
  /** API group, empty for core. */
  readonly group: string;
  readonly name: string;
  /** Number of pods that it asks for or has; undefined where nothing says (a DaemonSet without pods). */
  readonly replicas?: number;
  readonly object?: ManifestObject;
}

/** One pod, real or as a template would make it. */
export interface Pod {
  readonly namespace: string;
  /** The pod's own name, or the workload's for a template. */
  readonly name: string;
  /** Key of its workload. */
  readonly workload: string;
  readonly labels: Labels;
  /**
   * Keys that its controller will set on the pod to values that nobody knows before it exists, sorted; never keys of
   * `labels`. Only templates have any; absent: none.
   */
  readonly openLabels?: readonly string[];
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
  readonly serviceAccount: string;
  /** Name of its node; undefined where it is not scheduled. */
  readonly node?: string;
  /** Its addresses in canonical text, empty for a template or a pending pod. For hostNetwork pods: the node's. */
  readonly addresses: readonly string[];
  /** True for a pod that exists, false for one made from a template. */
  readonly real: boolean;
  readonly object: ManifestObject;
  /** Where its spec stands in the object; absent: `spec`. */
  readonly specPath?: Path;
}

/** A node. */
export interface Node {
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly string[];
  readonly podCIDRs: readonly string[];
  readonly object: ManifestObject;
}

/** One port of a Service. `target` is a number, a name, or undefined for "same as port". */
export interface ServicePort {
  readonly name?: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly target?: number | string;
  readonly nodePort?: number;
}

/** A Service. `selector` is undefined for a selector-less one: its endpoints come from EndpointSlices. */
export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly headless: boolean;
  readonly selector?: Selector;
  readonly externalName?: string;
  readonly clusterIPs: readonly string[];
  readonly externalIPs: readonly string[];
  readonly ipFamilies: readonly Family[];
  readonly externalTrafficPolicy: 'Cluster' | 'Local';
  readonly ports: readonly ServicePort[];
  readonly object: ManifestObject;
}

/** Endpoints of a Service as an EndpointSlice (or Endpoints object) lists them. */
export interface EndpointSlice {
  readonly namespace: string;
  /** Name of the Service, from label `kubernetes.io/service-name`; undefined where it has none. */
  readonly service?: string;
  readonly endpoints: readonly { readonly addresses: readonly string[]; readonly pod?: string }[];
  readonly ports: readonly { readonly name?: string; readonly protocol: Protocol; readonly port?: number }[];
  readonly object: ManifestObject;
}

/** An Ingress, as far as traffic goes: the Services behind it. */
export interface IngressRoute {
  readonly namespace: string;
  readonly name: string;
  readonly className?: string;
  readonly backends: readonly { readonly service: string; readonly port?: number | string }[];
  readonly object: ManifestObject;
}

/** A Route of OpenShift: the Services behind it, each once, sorted; weight 0 is left out. */
export interface OpenShiftRoute {
  readonly namespace: string;
  readonly name: string;
  readonly services: readonly string[];
  /** The port of the endpoints that the router uses, a name or a number as text; absent: all of them. */
  readonly targetPort?: string;
  readonly object: ManifestObject;
}

/** Something that was not read or not understood; answers within its scope could change with it. */
export interface Gap {
  readonly reason: 'unreadable' | 'unparsable' | 'not-understood' | 'not-listable';
  readonly message: string;
  /** Names of the namespaces whose pods' answers could change; `all` if that cannot be narrowed. */
  readonly namespaces: readonly string[] | 'all';
  readonly file?: string;
  /** Set where policies are missing that are in force, so that no verdict about pods of the namespaces is sure. */
  readonly lost?: 'policies';
}

/** An object that makes pods through an operator that Netweir does not know (Prometheus, Alertmanager …). */
export interface OperatorObject {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly object: ManifestObject;
}

/** The whole snapshot. Arrays are sorted by namespace and name, so that input order never shows. */
export interface Cluster {
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** By key. */
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly ingresses: readonly IngressRoute[];
  readonly openShiftRoutes: readonly OpenShiftRoute[];
  readonly gatewayApi: GatewayObjects;
  readonly operatorObjects: readonly OperatorObject[];
  readonly gaps: readonly Gap[];
}

/** Where addresses of a cluster lie, as shown by the snapshot or assumed. */
export interface AddressPlan {
  readonly families: readonly Family[];
  readonly pods: IpSet;
  readonly services: IpSet;
  readonly nodes: IpSet;
  /** Which of the ranges nothing in the snapshot or on the command line shows. */
  readonly assumed: readonly ('families' | 'podCIDRs' | 'nodeCIDRs' | 'serviceCIDRs')[];
}
