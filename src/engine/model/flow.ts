// What a flow log says, in one shape for every format: who opened a connection to whom, and what became of it. Knows no log
// format, and not which workload an address belongs to.

import type { Family } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { Direction, PolicyRef } from './policy.ts';
import type { Labels } from './selector.ts';

/** One end of a flow, as the log itself describes it. Every field is absent where the log does not say. */
export interface FlowEnd {
  /** In canonical text. */
  readonly address?: string;
  readonly namespace?: string;
  /** The pod's own name, which may be one that no longer exists. */
  readonly pod?: string;
  /** The top owner that the log names: a CronJob rather than its Job. */
  readonly workload?: { readonly kind: string; readonly name: string };
  /** Labels of the pod, of which a log may keep only some; absent where it has none of it, empty where it says that there are none. */
  readonly labels?: Labels;
  /**
   * What the log knows the end to be where it is no pod of this cluster: a node, the API server's node, something outside;
   * `other` is neither of them, such as an endpoint of the plugin itself.
   */
  readonly entity?: 'node' | 'outside' | 'other';
  /** The end's address is a Service's, not yet translated: the log names it, or `entity` says outside and a snapshot knows better. */
  readonly service?: { readonly namespace: string; readonly name: string };
  /** DNS names that the log knows for the address, sorted. */
  readonly names?: readonly string[];
  /** Name of the node, where the end is one and the log says which. */
  readonly node?: string;
  /** The log says that an API server answers at the address, on a node or outside. */
  readonly apiServer?: true;
  /** Labels of the pod's namespace, of which a log may keep only some; absent where it has none. */
  readonly namespaceLabels?: Labels;
  /** The pod is one of another cluster, of this name: `entity` is then `other`, and nothing else says who it is. */
  readonly cluster?: string;
}

/** What became of a flow. Only `denied` with `by: 'policy'` says something about policies. */
export type FlowVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'denied'; readonly by: 'policy' | 'other'; readonly reason?: string }
  | { readonly kind: 'unknown' };

/** A record of a log: where it stands, and when it was written. Lines count from 1. */
export interface FlowPlace {
  readonly file: string;
  readonly line: number;
}

/**
 * Equal records of a log, counted. `source` is who opened the connection and `destination` who was called: a reader turns
 * replies round, and leaves `opened` unknown where the log does not tell which it was.
 */
export interface ObservedFlow {
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  readonly family: Family;
  readonly protocol: Protocol;
  /** Destination port of the connection; the type for ICMP and ICMPv6. Absent where the log does not say. */
  readonly port?: number;
  /** Source port; present only where `opened` is unknown, since it may then be the destination's. */
  readonly sourcePort?: number;
  /** `known`: the log says which end opened the connection. `unknown`: source and destination may be the other way round. */
  readonly opened: 'known' | 'unknown';
  readonly verdict: FlowVerdict;
  /** Which end's node wrote it down: egress at the source, ingress at the destination. Absent: unknown, or on the way. */
  readonly seenAt?: Direction;
  /** Policies that the log names for the verdict, sorted. Absent: none named. */
  readonly policies?: readonly PolicyRef[];
  /** Policies that the log names and whose kind has no dialect here, sorted. Absent: none. */
  readonly foreignPolicies?: readonly Omit<PolicyRef, 'dialect'>[];
  /** Records that said so, at least 1. */
  readonly count: number;
  /** Milliseconds since 1970 of the first and the last of them; absent where the log has no times. */
  readonly first?: number;
  readonly last?: number;
  /** The first of them. */
  readonly place: FlowPlace;
}
