// A unit is what questions count and documents list: an endpoint for the evaluators together with what it stands for.

import type { Namespace, Node, Pod, Service, Workload } from '../model/cluster.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { IpSet } from '../sets/ip-set.ts';
import type { TrafficSet } from '../sets/traffic-set.ts';

/** One unit. Its key is `endpoint.key`. */
export type Unit = { readonly endpoint: Endpoint } & (
  | {
      readonly type: 'workload';
      readonly workload: Workload;
      /** Pods of the workload that no policy can tell apart; at least one. */
      readonly pods: readonly Pod[];
      /** What tells this variant from the others; absent where the workload has one kind of pod. */
      readonly variant?: Readonly<Record<string, string>>;
    }
  | { readonly type: 'addresses'; readonly set: IpSet; readonly name?: string }
  | { readonly type: 'node'; readonly node: Node }
  | { readonly type: 'hypothetical'; readonly namespace: Namespace; readonly text: string }
  | { readonly type: 'outside-name'; readonly service: Service }
  | { readonly type: 'entry'; readonly entry: EntryPoint }
);

/** What lets traffic in. A ListenerSet stands for the Gateway that it belongs to where the input does not hold the set. */
export type EntryKind = 'Ingress' | 'Gateway' | 'ListenerSet' | 'Route' | 'LoadBalancer' | 'NodePort' | 'ExternalIP';

/** What stands behind a way in, by key of its unit: what surely arrives there, and what does if a route is attached. */
export interface EntryTarget {
  readonly key: string;
  readonly traffic: TrafficSet;
  /** Disjoint from `traffic`; empty but for routes of Gateways. */
  readonly perhaps: TrafficSet;
}

/** A way into the cluster. The object of that name need not be in the input: a route may name it. */
export interface EntryPoint {
  readonly kind: EntryKind;
  readonly namespace: string;
  readonly name: string;
  /** Sorted by key, never empty. */
  readonly targets: readonly EntryTarget[];
}
