// The documents that questions answer with: exactly the JSON that programs read (docs/json.md, schemas/). Fields may be
// added, never changed. Reporters know these types and nothing else of the engine.

import type { Announced } from '../model/edit.ts';
import type { Severity } from '../model/finding.ts';
import type { PolicyRef } from '../model/policy.ts';
import type { Source } from '../model/source.ts';
import type { Family } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { Exposure } from './exposure-document.ts';
import type { FlowExplanation } from './flow-explanation-document.ts';
import type { GeneratedPolicies } from './generated-document.ts';
import type { PortableExplanation, PortableMap } from './portable-document.ts';
import type { Replay } from './replay-document.ts';
import type { SnapshotSummary } from './snapshot-document.ts';

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
      readonly kind: 'Ingress' | 'Gateway' | 'ListenerSet' | 'Route' | 'LoadBalancer' | 'NodePort' | 'ExternalIP';
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

/** A policy, and where it is written; for live objects, without a file, the source is absent. */
export type PlacedPolicyRef = PolicyRef & { readonly source?: Source };

/** Ports whose verdict is open, why, and the policies whose rules could or could not match (none: not a rule). */
export interface UnknownDocument {
  readonly ports: Ports;
  readonly reason: string;
  readonly policies: PolicyRef[];
}

/** Ports that are allowed where the conditions hold, and denied otherwise. */
export interface ConditionalDocument {
  readonly ports: Ports;
  readonly conditions: Readonly<Record<string, unknown>>[];
}

/** A rectangle: every endpoint of `from` may reach every endpoint of `to`. Absent parts are empty. */
export interface ConnectionDocument {
  /** Ids of endpoints in order. Connections with the same ends may share the list. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly family?: Family;
  readonly allowed?: Ports;
  readonly unknown?: UnknownDocument[];
  readonly conditional?: ConditionalDocument[];
  /** False: pairs of an endpoint with itself are not included. */
  readonly self?: false;
  /** In diffs: the policies behind the change, judged on one pair of the rectangle. */
  readonly policies?: PlacedPolicyRef[];
}

/** One problem in the input. `end` is one past the last character. */
export interface FindingDocument {
  readonly check: string;
  readonly severity: Severity;
  readonly rejectedByApi: boolean;
  readonly message: string;
  readonly hint?: string;
  readonly policy?: PolicyRef;
  readonly source: Source;
  readonly end?: { readonly line: number; readonly column: number };
  /** In numbers: `opens 412 pods in 19 namespaces to shop/web:8080`. */
  readonly effect?: string;
  readonly impact?: { readonly pods: number; readonly namespaces: number };
  /** One flow that shows it, as `can` takes it. */
  readonly example?: string;
  /** Other places that belong to it. */
  readonly related?: { readonly source: Source; readonly message: string }[];
  readonly fix?: FixDocument;
  readonly alternatives?: FixDocument[];
  readonly controls?: readonly string[];
  /** Stays the same while the file around it changes. */
  readonly fingerprint?: string;
  /** Set where a suppression covers it; such a finding never fails a run. */
  readonly suppressed?: { readonly reason: string; readonly until?: string };
  /** True where the baseline holds it; such a finding never fails a run. */
  readonly known?: true;
  /** In diffs: which state it is of. The same problem elsewhere in the file is one of each. */
  readonly in?: 'before' | 'after' | 'both';
}

/** A way to mend a finding. `announced`: same, closes, opens or changes; `safe`: applied unasked. */
export interface FixDocument {
  readonly title: string;
  readonly announced: Announced;
  readonly safe: boolean;
  readonly edits: EditDocument[];
}

/**
 * One change of a manifest. Exactly one of `insert` (a list item before the place), `set` (the value of a field, new or
 * not), `remove`, `rename` (of a key), `add` (a whole object) and `removeObject` says what to do there.
 */
export interface EditDocument {
  readonly source: Source;
  readonly insert?: unknown;
  readonly set?: unknown;
  readonly remove?: true;
  readonly rename?: string;
  readonly add?: Readonly<Record<string, unknown>>;
  readonly removeObject?: true;
  /** What stands there before, for `set` and `remove`; given with changes of an answer only. */
  readonly was?: unknown;
  /** The same as changes of the file's text, where there is one; positions are those of the file as read. */
  readonly text?: TextEditDocument[];
}

/** Replaces what stands from `start` to `end`, one past the last character. Lines and columns count from 1. */
export interface TextEditDocument {
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
  readonly text: string;
}

/** One way to turn an answer: edits, and everything else that they open and close. Ids are of the document's endpoints. */
export interface ChangeDocument {
  readonly title: string;
  /** The answer after it. */
  readonly verdict: 'allowed' | 'denied';
  /** True where it was proved that no smaller set of edits gives that answer; else one may exist. */
  readonly smallest: boolean;
  /** How many pairs open or close beside those that were asked about. */
  readonly beside: number;
  /** True where nothing else changes at all: no other pair, and no other port of these. */
  readonly exact: boolean;
  readonly edits: EditDocument[];
  /** Every connection that becomes possible, the wanted ones included. */
  readonly opens: ConnectionDocument[];
  readonly closes: ConnectionDocument[];
}

/** What was not read or understood. */
export interface GapDocument {
  readonly reason: string;
  readonly message: string;
  readonly namespaces: readonly string[] | 'all';
  readonly file?: string;
}

/** Fields that every answer about connections carries. */
export interface Common {
  readonly apiVersion: typeof API_VERSION;
  readonly cni: string;
  readonly assumptions: string[];
  readonly notes: string[];
  /** Empty: the input was complete. */
  readonly incomplete: GapDocument[];
}

/** What may talk to what. Pairs that no connection holds are denied. */
export interface ConnectivityMap extends Common {
  readonly kind: 'ConnectivityMap';
  readonly protocols: Protocol[];
  readonly endpoints: EndpointDocument[];
  readonly connections: ConnectionDocument[];
  readonly findings: FindingDocument[];
}

/** One word over all pairs: allowed means all of them, denied none, partly some. */
export type AnswerVerdict = 'allowed' | 'denied' | 'partly' | 'unknown';

/** May it? */
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

/** One step of a trace. `perhaps` is set where it applies only perhaps, and says why. */
export interface StepDocument {
  readonly tier?: string;
  readonly policy?: PolicyRef;
  readonly rule?: { readonly index: number; readonly name?: string };
  readonly action: string;
  readonly perhaps?: string;
  readonly because: string;
  readonly source?: Source;
}

/** What one side decided. `isolatedBy` is empty where no policy isolates it in this direction. */
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

/** Ports of one protocol and family that share a trace. */
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

/** Why. Cases are in order of source, destination, family, protocol and port. */
export interface Explanation extends Common {
  readonly kind: 'Explanation';
  readonly from: string;
  readonly to: string;
  readonly verdict: AnswerVerdict;
  readonly cases: ExplanationCase[];
  /** Smallest edits that would turn the answer, best first; empty where there are none. */
  readonly changes: ChangeDocument[];
  /** Ends of the connections of `changes`. Absent: none. */
  readonly endpoints?: EndpointDocument[];
}

/** All that can reach the subject, or be reached by it. */
export interface WhoCan extends Common {
  readonly kind: 'WhoCan';
  readonly question: 'reach' | 'be-reached-by';
  readonly subject: string;
  readonly endpoints: EndpointDocument[];
  readonly connections: ConnectionDocument[];
}

/** Pairs that were open and still are, for other ports. Absent unknown and conditional parts are empty. */
export interface ChangedConnection {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly family?: Family;
  readonly before: Ports;
  readonly after: Ports;
  readonly unknownBefore?: UnknownDocument[];
  readonly unknownAfter?: UnknownDocument[];
  readonly conditionalBefore?: ConditionalDocument[];
  readonly conditionalAfter?: ConditionalDocument[];
  readonly policies?: PlacedPolicyRef[];
}

/** What changed from one state to another. */
export interface ConnectivityDiff extends Common {
  readonly kind: 'ConnectivityDiff';
  readonly endpoints: EndpointDocument[];
  readonly added: ConnectionDocument[];
  readonly removed: ConnectionDocument[];
  readonly changed: ChangedConnection[];
  readonly findings: FindingDocument[];
}

/** What became of one test. A passed one has no witness. */
export interface TestResult {
  readonly name: string;
  readonly passed: boolean;
  readonly source: Source;
  /** A pair that breaks the test, with what it may use. */
  readonly witness?: ConnectionDocument;
  /** What the test asserts of the witness's pair: `5432/TCP allowed`. Absent where that is not said in ports. */
  readonly expected?: string;
  /** One paragraph for a person. */
  readonly explanation?: string;
  /** Where an end of the witness does not exist: the objects that make it, to be applied. */
  readonly manifests?: Readonly<Record<string, unknown>>[];
}

/** Results in the order of the tests. */
export interface TestReport extends Common {
  readonly kind: 'TestReport';
  readonly tests: TestResult[];
  readonly endpoints: EndpointDocument[];
  readonly summary: { readonly passed: number; readonly failed: number };
  /** What keeps the results from counting: mistakes in tests, policies that the API server would reject. Absent: nothing. */
  readonly findings?: FindingDocument[];
}

/** All problems of the input. */
export interface Findings {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Findings';
  readonly findings: FindingDocument[];
  readonly incomplete: GapDocument[];
  readonly summary: Readonly<Record<Severity, number>>;
}

/** Every document kind. */
export type Document =
  | Exposure
  | ConnectivityMap
  | Answer
  | Explanation
  | WhoCan
  | ConnectivityDiff
  | PortableMap
  | PortableExplanation
  | TestReport
  | GeneratedPolicies
  | Replay
  | SnapshotSummary
  | FlowExplanation
  | Findings;
