// The documents that questions answer with: exactly the JSON that programs read (docs/json.md, schemas/). Fields may be
// added, never changed. Reporters know these types and nothing else of the engine.

import type { Severity } from '../model/finding.ts';
import type { PolicyRef } from '../model/policy.ts';
import type { Source } from '../model/source.ts';
import type { Family } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';

/** The version that every document carries. */
export const API_VERSION = 'netweir.dev/v1alpha1';

/** `all` is every port of the document's protocols. Ranges are inclusive, ascending, disjoint. */
export type Ports = 'all' | Partial<Record<Protocol, [number, number][]>>;

/** Readers skip endpoint types and fields that they do not know. */
export type EndpointDocument = {
  /** Unique within the document only. */
  readonly id: number;
  /** Stable across documents. */
  readonly key: string;
  /** True where something unread or not understood could change answers about it. */
  readonly incomplete?: boolean;
  /** In diffs: where it exists, and its key before a rename. */
  readonly in?: 'before' | 'after' | 'both';
  readonly was?: string;
} & (
  | {
      readonly type: 'workload';
      readonly namespace: string;
      readonly kind: string;
      readonly name: string;
      readonly pods?: number;
      /** What tells the variants of one workload apart: label, named port, address. */
      readonly variant?: Readonly<Record<string, string>>;
      readonly hostNetwork?: boolean;
    }
  | { readonly type: 'addresses'; readonly ranges: [string, string][]; readonly name?: string }
  | {
      readonly type: 'entry';
      readonly kind: 'Ingress' | 'LoadBalancer' | 'NodePort' | 'ExternalIP';
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly type: 'node'; readonly name: string }
  | { readonly type: 'domain'; readonly name: string }
  | {
      readonly type: 'pods';
      readonly namespaceSelector: unknown;
      readonly podSelector: unknown;
      /** As the user wrote it. */
      readonly name: string;
    }
);

export interface UnknownDocument {
  readonly ports: Ports;
  readonly reason: string;
  readonly policies: PolicyRef[];
}

export interface ConditionalDocument {
  readonly ports: Ports;
  readonly conditions: Readonly<Record<string, unknown>>[];
}

/** A rectangle: every endpoint of `from` may reach every endpoint of `to`. Absent parts are empty. */
export interface ConnectionDocument {
  readonly from: number[];
  readonly to: number[];
  readonly family?: Family;
  readonly allowed?: Ports;
  readonly unknown?: UnknownDocument[];
  readonly conditional?: ConditionalDocument[];
  /** False: pairs of an endpoint with itself are not included. */
  readonly self?: false;
}

export interface FindingDocument {
  readonly check: string;
  readonly severity: Severity;
  readonly rejectedByApi: boolean;
  readonly message: string;
  readonly hint?: string;
  readonly policy?: PolicyRef;
  readonly source: Source;
  readonly end?: { readonly line: number; readonly column: number };
}

/** What was not read or understood. */
export interface GapDocument {
  readonly reason: string;
  readonly message: string;
  readonly namespaces: readonly string[] | 'all';
  readonly file?: string;
}

/** Fields that every answer about connections carries. */
interface Common {
  readonly apiVersion: typeof API_VERSION;
  readonly cni: string;
  readonly assumptions: string[];
  readonly notes: string[];
  /** Empty: the input was complete. */
  readonly incomplete: GapDocument[];
}

export interface ConnectivityMap extends Common {
  readonly kind: 'ConnectivityMap';
  readonly protocols: Protocol[];
  readonly endpoints: EndpointDocument[];
  readonly connections: ConnectionDocument[];
  readonly findings: FindingDocument[];
}

export type AnswerVerdict = 'allowed' | 'denied' | 'partly' | 'unknown';

export interface Answer extends Common {
  readonly kind: 'Answer';
  readonly question: 'can';
  /** As asked. */
  readonly from: string;
  readonly to: string;
  readonly verdict: AnswerVerdict;
  /** What every pair may use, of what was asked. */
  readonly ports: Ports;
  readonly endpoints: EndpointDocument[];
  /** Pairs whose verdict differs from the answer's, with what they may use. */
  readonly exceptions: ConnectionDocument[];
  readonly reason?: string;
}

export interface StepDocument {
  readonly tier?: string;
  readonly policy?: PolicyRef;
  readonly rule?: { readonly index: number; readonly name?: string };
  readonly action: string;
  readonly perhaps?: string;
  readonly because: string;
  readonly source?: Source;
}

export interface DirectionDocument {
  readonly verdict: string;
  readonly reason?: string;
  readonly isolatedBy: (PolicyRef & { readonly source?: Source })[];
  readonly steps: StepDocument[];
  readonly nearest?: {
    readonly policy: PolicyRef;
    readonly rule: number;
    readonly source: Source;
    readonly why: string;
  };
}

export interface ExplanationCase {
  readonly family: Family;
  readonly protocol: Protocol;
  readonly ports: [number, number][];
  /** Key of the variant or pod on each side. */
  readonly fromPod: string;
  readonly toPod: string;
  readonly verdict: string;
  readonly reason?: string;
  readonly egress: DirectionDocument;
  readonly ingress: DirectionDocument;
}

export interface Explanation extends Common {
  readonly kind: 'Explanation';
  readonly from: string;
  readonly to: string;
  readonly verdict: AnswerVerdict;
  readonly cases: ExplanationCase[];
  /** Smallest edits that would turn the answer; empty until the repair search exists. */
  readonly changes: unknown[];
}

export interface WhoCan extends Common {
  readonly kind: 'WhoCan';
  readonly question: 'reach' | 'be-reached-by';
  readonly subject: string;
  readonly endpoints: EndpointDocument[];
  readonly connections: ConnectionDocument[];
}

export interface ChangedConnection {
  readonly from: number[];
  readonly to: number[];
  readonly family?: Family;
  readonly before: Ports;
  readonly after: Ports;
  readonly unknownBefore?: UnknownDocument[];
  readonly unknownAfter?: UnknownDocument[];
  readonly conditionalBefore?: ConditionalDocument[];
  readonly conditionalAfter?: ConditionalDocument[];
}

export interface ConnectivityDiff extends Common {
  readonly kind: 'ConnectivityDiff';
  readonly endpoints: EndpointDocument[];
  readonly added: ConnectionDocument[];
  readonly removed: ConnectionDocument[];
  readonly changed: ChangedConnection[];
  readonly findings: FindingDocument[];
}

export interface TestResult {
  readonly name: string;
  readonly passed: boolean;
  readonly source: Source;
  /** A pair that breaks the test, with what it may use. */
  readonly witness?: ConnectionDocument;
  /** One paragraph for a person. */
  readonly explanation?: string;
}

export interface TestReport extends Common {
  readonly kind: 'TestReport';
  readonly tests: TestResult[];
  readonly endpoints: EndpointDocument[];
  readonly summary: { readonly passed: number; readonly failed: number };
}

export interface Findings {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Findings';
  readonly findings: FindingDocument[];
  readonly incomplete: GapDocument[];
  readonly summary: Readonly<Record<Severity, number>>;
}

/** Every document kind. */
export type Document = ConnectivityMap | Answer | Explanation | WhoCan | ConnectivityDiff | TestReport | Findings;
