// What attribution says of flows: connections between parties, and what could not be told or needs no policy. Nouns only.

import type { Pod } from '../model/cluster.ts';
import type { Evidence, Party } from '../model/evidence.ts';
import type { FlowPlace } from '../model/flow.ts';
import type { Direction, PolicyRef } from '../model/policy.ts';
import type { Protocol } from '../sets/traffic-set.ts';

/** Why a flow was not attributed; the words of the JSON output. */
export type UnattributedReason =
  /** The log says nothing of an end: neither address nor name. */
  | 'no-address'
  /** TCP, UDP or SCTP without a port. */
  | 'no-port'
  /** The end's address is no address. */
  | 'invalid-address'
  /** Source and destination may be the other way round. */
  | 'direction-unknown'
  /** A pod that no longer exists, and nothing says surely whose it was. */
  | 'pod-gone'
  /** An address that had several owners, and the record's time does not tell which. */
  | 'address-reused'
  /** The log names a workload or pod that no workload of the snapshot is. */
  | 'unknown-workload'
  /** A Service that the snapshot does not hold. */
  | 'unknown-service'
  /** A Service without that port, or without anything behind it. */
  | 'no-endpoints'
  /** The log knows the end as something that is neither pod, node nor outside, and has no address of theirs. */
  | 'unknown-entity'
  /** It may be a pod's or an outside address: nothing shows where pods have theirs. */
  | 'unknown-range';

/** Why a flow needs no policy and is no question either; the words of the JSON output. */
export type AsideReason =
  /** NetworkPolicies name TCP, UDP and SCTP only. */
  | 'icmp'
  | 'multicast'
  | 'broadcast'
  | 'loopback'
  | 'link-local'
  /** A pod to itself: no policy can block it. */
  | 'itself'
  /** No pod at either end. */
  | 'no-pod';

/** How an end was recognised; the words of the JSON output. */
export type HowKnown =
  | 'log-workload'
  | 'log-pod'
  | 'log-labels'
  | 'pod-name'
  | 'log-history'
  | 'log-entity'
  | 'pod-address'
  | 'node-address'
  | 'service'
  | 'endpoint-slice'
  | 'outside-address';

/** One end of a flow as attributed. */
export interface AttributedEnd {
  readonly party: Party;
  /** The pod of the snapshot that it was; absent where only the workload is known, and for everything else. */
  readonly pod?: Pod;
  readonly how: HowKnown;
  /** For sentences, without a full stop: `the log names workload Deployment web`. */
  readonly says: string;
  /** True for a node that is taken for the kubelet of a pod of which nobody knows the node (ADR 15). Absent: it is known. */
  readonly supposed?: true;
}

/** Records of nodes at a probed port of pods of which nobody knows the node: taken for the kubelet's. */
export interface SupposedProbe {
  /** Key of the workload. */
  readonly workload: string;
  readonly port: number;
  readonly seen: Seen;
}

/** Where a connection went, and the port of the pod or address itself. */
export interface AttributedDestination extends AttributedEnd {
  readonly port: number;
  /** The Service whose address or port was called. */
  readonly via?: { readonly namespace: string; readonly name: string; readonly port: number };
  /** For the API server: the addresses and ports at which it may have answered, where they are known. */
  readonly at?: readonly { readonly address: string; readonly port: number }[];
}

/** What a flow was. */
export type AttributedFlow =
  | {
      readonly kind: 'connection';
      readonly from: AttributedEnd;
      /** More than one where a Service stands for several workloads or ports; never empty. */
      readonly to: readonly [AttributedDestination, ...AttributedDestination[]];
      readonly protocol: Protocol;
      /** The flow's source is `to`: the log did not say which end opened the connection, and it was the other. */
      readonly turned: boolean;
      /** How it is known who opened the connection, without a full stop. */
      readonly opened: string;
    }
  | {
      readonly kind: 'unattributed';
      readonly reason: UnattributedReason;
      /** Which end the reason is about. */
      readonly end: 'source' | 'destination' | 'both';
    }
  | { readonly kind: 'left-aside'; readonly reason: AsideReason };

/** Records of one kind, counted: how many, when, and the first of them. */
export interface Seen {
  readonly count: number;
  /** Milliseconds since 1970; absent where the log has no times. */
  readonly first?: number;
  readonly last?: number;
  readonly place: FlowPlace;
}

/** A connection that was refused and never seen to succeed. Whether it was wanted is the engineer's to say. */
export interface DeniedConnection {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: Protocol;
  readonly port: number;
  readonly via?: NonNullable<Evidence['via']>;
  /** `policy`: a policy refused at least one; `other`: only something else did. */
  readonly by: 'policy' | 'other';
  /** Reasons that the log gives, sorted; empty: none. */
  readonly reasons: readonly string[];
  /** Where it was refused, sorted; empty: the log does not say. */
  readonly directions: readonly Direction[];
  /** Policies that the log names, sorted; empty: none. */
  readonly policies: readonly PolicyRef[];
  /** Refused records, and those of packets that left before they were refused where they arrived. */
  readonly seen: Seen;
}

/** Records that could not be attributed, for one reason and between the same ends. */
export interface Unattributed {
  readonly reason: UnattributedReason;
  readonly end: 'source' | 'destination' | 'both';
  /** The ends as the log describes them: `boutique/cart-79cc5-qkd47 (10.244.0.48)`, `10.244.0.9`, `unknown`. */
  readonly source: string;
  readonly destination: string;
  readonly protocol: Protocol;
  /** Absent where the log has none, and for `direction-unknown`, where it may be either end's. */
  readonly port?: number;
  readonly seen: Seen;
}

/** Records that need no policy. */
export interface LeftAside {
  readonly reason: AsideReason;
  readonly seen: Seen;
}

/** How many records went where; they add up to `total`. */
export interface RecordCounts {
  readonly total: number;
  readonly evidence: number;
  readonly denied: number;
  readonly unattributed: number;
  readonly leftAside: number;
}

/** What a flow log says about the workloads of a snapshot. All lists are in an order that depends on content only. */
export interface Attribution {
  /**
   * Kind `observed`, one for each connection. `seen.count` may add up to more than `records.evidence`: a record of a
   * Service with several workloads behind it counts for each.
   */
  readonly evidence: readonly Evidence[];
  readonly denied: readonly DeniedConnection[];
  readonly unattributed: readonly Unattributed[];
  readonly leftAside: readonly LeftAside[];
  /** In order of workloads and ports; empty: whose kubelet it was is known of every probe. */
  readonly supposedProbes: readonly SupposedProbe[];
  readonly records: RecordCounts;
  /** Milliseconds since 1970 of the first and the last record; empty where the log has no times. */
  readonly window: { readonly first?: number; readonly last?: number };
  readonly unseen: {
    /** Keys of workloads that no record was attributed to, sorted; hostNetwork ones, which logs show as nodes, are left out. */
    readonly workloads: readonly string[];
    /** Of TCP, UDP and SCTP. */
    readonly protocols: readonly Protocol[];
  };
}
