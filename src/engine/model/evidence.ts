// Why a connection is needed: nouns shared by everything that finds evidence (manifests, platforms, flows, engineers) and by
// what turns evidence into policies. Knows no source of evidence and no policy API.

import type { Protocol } from '../sets/traffic-set.ts';
import type { FlowPlace } from './flow.ts';
import type { NamespaceScope } from './policy.ts';
import type { Selector } from './selector.ts';
import type { Source } from './source.ts';

/** One end of a needed connection. Nobody and everybody cannot be written down by leaving something out. */
export type Party =
  /** All pods of a workload of the snapshot, by its key. */
  | { readonly type: 'workload'; readonly key: string }
  /** Pods that the snapshot need not hold, by selectors: what a platform or an engineer names. `what` for sentences. */
  | { readonly type: 'pods'; readonly namespaces: NamespaceScope; readonly pods: Selector; readonly what: string }
  /** Exactly these addresses, as canonical CIDRs, at least one. `what` says whose they are, where that is known. */
  | { readonly type: 'addresses'; readonly cidrs: readonly [string, ...string[]]; readonly what?: string }
  /** Any address outside of the cluster: clients of a load balancer, an egress that an engineer opened. */
  | { readonly type: 'outside' }
  /** A node itself; without a name the node that the other end runs on (kubelet). */
  | { readonly type: 'node'; readonly name?: string }
  /** A DNS name whose addresses nobody knows. NetworkPolicies cannot name it. */
  | { readonly type: 'domain'; readonly name: string }
  /**
   * The API server, wherever it runs. As the destination, ports are those of Service `default/kubernetes` (443), to be
   * replaced by those of its endpoints, and as the source (webhooks, aggregation) its addresses: both the platform knows.
   */
  | { readonly type: 'api-server' };

/** Where evidence comes from; the words of the JSON output. */
export const EVIDENCE_KINDS = [
  'stated',
  'observed',
  'environment',
  'argument',
  'configuration',
  'ingress-route',
  'exposed-service',
  'host-port',
  'webhook',
  'api-service',
  'api-server',
  'scrape',
  'peers',
  'probe',
  'dns',
  'metadata',
  'mesh',
  'service',
] as const;

/** See {@link EVIDENCE_KINDS}. */
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** `certain`: it happened, or the object means nothing else. `likely`: so it is written. `possible`: a reading among others. */
export type Confidence = 'certain' | 'likely' | 'possible';

/** One reason for one connection. The same connection may have many. */
export interface Evidence {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: Protocol;
  /** Ports of the destination itself (the pod's, never the Service's), inclusive. Type 0–255 for ICMP. */
  readonly ports: readonly [number, number];
  readonly kind: EvidenceKind;
  readonly confidence: Confidence;
  /** One sentence without a full stop: `CART_ADDR of shop/web names Service shop/cart, port 7070`. */
  readonly says: string;
  /** The same in a few words for where both ends are in sight: `CART_ADDR`. Absent: `says` is short enough. */
  readonly brief?: string;
  /** Where it is written; absent for what is not (observed flows, facts of platforms). */
  readonly source?: Source;
  /** The Service whose name or address was used. */
  readonly via?: { readonly namespace: string; readonly name: string; readonly port: number };
  /** For observed connections: how often, when (milliseconds since 1970), and one record. */
  readonly seen?: {
    readonly count: number;
    readonly first?: number;
    readonly last?: number;
    readonly place: FlowPlace;
  };
}

/** Something that evidence leaves open and only the engineer knows. Never answered by opening more. */
export interface OpenQuestion {
  /** What it is about, a kebab-case word: `unknown-address`, `unresolved-name`, `several-readings`. */
  readonly about: string;
  /** Key of the workload concerned; absent where it is about the whole cluster. */
  readonly workload?: string;
  /** What is not known, one sentence without a full stop. */
  readonly says: string;
  /** Ports of workloads that it is about: where something is known to call each of them, nobody need ask. Absent: none. */
  readonly arrivals?: readonly { readonly workload: string; readonly port: number; readonly source?: Source }[];
  /** Who would call there, as `--allow` takes it; set with `arrivals`. */
  readonly client?: string;
  /** The connection that it is about: where the engineer allows or forbids it, nobody need ask. Absent: none, or not known. */
  readonly connection?: Pick<Evidence, 'from' | 'to' | 'protocol' | 'ports'>;
  /** A port on which the workload calls somebody unknown: where the engineer allows it a call there, nobody need ask. Absent: none. */
  readonly callOn?: number;
  /** How to settle it: a flag to give, a thing to read. */
  readonly hint: string;
  readonly source?: Source;
}

/** What a source of evidence found, in an order that depends on its input's content only. */
export interface EvidenceFound {
  readonly evidence: readonly Evidence[];
  readonly questions: readonly OpenQuestion[];
}

/** A text equal only for parties that are the same; also the order of parties. */
export function partyKey(party: Party): string {
  switch (party.type) {
    case 'workload':
      return `workload ${party.key}`;
    case 'pods':
      return `pods ${JSON.stringify([party.namespaces, party.pods])}`;
    case 'addresses':
      return `addresses ${party.cidrs.join(',')}`;
    case 'outside':
      return 'outside';
    case 'node':
      return `node ${party.name ?? ''}`;
    case 'domain':
      return `domain ${party.name}`;
    case 'api-server':
      return 'api-server';
  }
}
