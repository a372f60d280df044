// What a simulated application is: nodes, workloads with their pods of all times, Services, and the calls that it makes. Plain
// nouns; how they are drawn, written as manifests and seen by a log stands elsewhere.

import type { Labels } from '../../../src/engine/model/selector.ts';

/** A node; addresses of both families where the cluster has both. */
export interface SimNode {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** A port that a container listens on; `declared: false`: no manifest says so. */
export interface SimPort {
  readonly name?: string;
  readonly number: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly declared: boolean;
}

/** A pod of some time. Its labels are those of its template then, and those that its controller set. */
export interface SimPod {
  readonly name: string;
  readonly workload: SimWorkload;
  readonly labels: Labels;
  readonly addresses: readonly string[];
  readonly node: SimNode;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
}

/** How workloads run. */
export type SimKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob' | 'Job';

/** A workload. Lists grow while it is drawn. */
export interface SimWorkload {
  readonly kind: SimKind;
  readonly namespace: string;
  readonly name: string;
  /** Of its template. */
  readonly labels: Labels;
  /** By which its controller finds its pods; unused for Jobs. */
  readonly matchLabels: Labels;
  readonly hostNetwork: boolean;
  readonly ports: readonly SimPort[];
  readonly image: string;
  /** Pods that the snapshot has, and others that only a log knows. */
  readonly pods: SimPod[];
  readonly gone: SimPod[];
  readonly env: { readonly name: string; readonly value: string }[];
  readonly args: string[];
  /** Names of ConfigMaps that it mounts, with their content. */
  readonly configMaps: { readonly name: string; readonly text: string }[];
  /** Ports that the kubelet asks for; as their names where they have one and `byName` is set. */
  readonly probes: { readonly port: SimPort; readonly byName: boolean }[];
  readonly annotations: Record<string, string>;
  /** Reads from the API server, and a binding says so. */
  readonly usesApiServer: boolean;
}

/** A Service. Without `selector` its endpoints are addresses; with `externalName` it is a name of something outside. */
export interface SimService {
  readonly namespace: string;
  readonly name: string;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly headless: boolean;
  readonly clusterIPs: readonly string[];
  readonly selector?: Labels;
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  readonly externalName?: string;
  readonly ports: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol: 'TCP' | 'UDP';
    readonly target?: number | string;
    readonly nodePort?: number;
  }[];
  /** Addresses behind it, where it has no selector. */
  readonly endpoints?: { readonly addresses: readonly string[]; readonly port: number };
}

/** One end of a call. `kubelet`: the node of the other end. `nodes`: any node, for a client whose address it hides. */
export type SimEnd =
  | { readonly is: 'pods'; readonly workload: SimWorkload }
  | { readonly is: 'address'; readonly address: string }
  | { readonly is: 'kubelet' }
  | { readonly is: 'nodes' };

/** A connection that the application makes, is written down to make, or both. */
export interface SimCall {
  readonly from: SimEnd;
  readonly to: SimEnd;
  readonly protocol: 'TCP' | 'UDP';
  /** Of the destination itself. */
  readonly port: number;
  /** The Service whose address is called, and its port. */
  readonly via?: { readonly service: SimService; readonly port: number };
  /** It is part of what the application needs. Otherwise something that is written down and long out of use. */
  readonly meant: boolean;
  /** It happened while the log was written. */
  readonly called: boolean;
}

/** A whole application and its cluster. */
export interface Application {
  readonly seed: number;
  readonly nodes: readonly SimNode[];
  readonly isDualStack: boolean;
  /** False: who took the snapshot might not list nodes. */
  readonly hasNodes: boolean;
  readonly namespaces: readonly string[];
  readonly workloads: readonly SimWorkload[];
  readonly services: readonly SimService[];
  readonly calls: readonly SimCall[];
  /** Ingresses by Service, monitors by Service, webhooks by Service: objects that need nothing else. */
  readonly ingresses: readonly { readonly service: SimService; readonly port: number | string }[];
  readonly monitors: readonly { readonly service: SimService; readonly port: string }[];
  readonly webhooks: readonly { readonly service: SimService; readonly port: number }[];
  /** Policies that are there already. */
  readonly policies: readonly Readonly<Record<string, unknown>>[];
  /** When the log begins, when releases are rolled out, when it ends. */
  readonly begin: number;
  readonly middle: number;
  readonly end: number;
}

/** Key of a workload, as the engine makes it. */
export function keyOf({ namespace, kind, name }: SimWorkload): string {
  return `${namespace}/${kind}.${kind === 'Job' || kind === 'CronJob' ? 'batch' : 'apps'}/${name}`;
}

/** Reports whether labels have all of a selector's. */
export function hasLabels(labels: Labels, selector: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}
