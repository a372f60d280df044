// A unit is what questions count and documents list: an endpoint for the evaluators together with what it stands for.

import type { IngressRoute, Namespace, Node, Pod, Service, Workload } from '../model/cluster.ts';
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

/** A way into the cluster, and what stands behind it: units by key with their target ports. */
export interface EntryPoint {
  readonly kind: 'Ingress' | 'LoadBalancer' | 'NodePort' | 'ExternalIP';
  readonly object: Service | IngressRoute;
  readonly targets: readonly { readonly key: string; readonly traffic: TrafficSet }[];
}
