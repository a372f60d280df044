// The document of a replay: exactly the JSON that programs read (docs/json.md, schemas/). Fields may be added, never changed.

import type { Direction, PolicyRef } from '../model/policy.ts';
import type { Source } from '../model/source.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { Common, DirectionDocument, EndpointDocument, PlacedPolicyRef } from './documents.ts';

/** What the policies do to an observed connection. */
export type ReplayOutcome =
  /** It got through, and would not any more. */
  | 'newly-denied'
  /** A policy refused it, or the policies before would, and these would not. */
  | 'newly-allowed'
  | 'still-denied'
  | 'still-allowed'
  /** Whether it would be denied cannot be told. */
  | 'undecidable';

/** Records of a log, counted. Times are ISO 8601 with milliseconds; absent where the log has none. */
export interface SeenDocument {
  readonly count: number;
  readonly first?: string;
  readonly last?: string;
  /** The first record, by file and line. */
  readonly file: string;
  readonly line: number;
}

/** One connection that was observed, under the policies asked about. */
export interface ReplayedConnection {
  readonly from: number;
  readonly to: number;
  readonly protocol: Protocol;
  /** Of the destination itself: the pod's, never the Service's. */
  readonly port: number;
  /** The Service that was called. Absent: none, or the log does not show it. */
  readonly via?: { readonly namespace: string; readonly name: string; readonly port: number };
  readonly outcome: ReplayOutcome;
  /** What the log says became of it: `refused` by a policy, `dropped` for another reason or none given, `unknown`. */
  readonly log: 'passed' | 'refused' | 'dropped' | 'unknown';
  /** How often the log saw it refused beside; absent: never. */
  readonly refused?: number;
  /** Why it was refused or dropped, in the log's words. Absent: it does not say. */
  readonly refusedFor?: string[];
  /** Policies that the log names for refusing it. Absent: none. */
  readonly refusedBy?: PolicyRef[];
  /** Under the policies before the proposal; absent where none is laid over them. */
  readonly before?: 'allowed' | 'denied' | 'partly' | 'unknown';
  /** Under the policies asked about. `partly`: for some pods of a workload, in some family. */
  readonly verdict: 'allowed' | 'denied' | 'partly' | 'unknown';
  /** Why the verdict is unknown. */
  readonly reason?: string;
  /** What either side decides, for one pair of pods; absent for `still-allowed`. */
  readonly egress?: DirectionDocument;
  readonly ingress?: DirectionDocument;
  readonly seen: SeenDocument;
}

/** A rule that allows more than was observed. */
export interface UnusedRule {
  readonly policy: PlacedPolicyRef;
  readonly direction: Direction;
  readonly rule: { readonly index: number; readonly name?: string };
  readonly source: Source;
  /** How many observed connections it allows; 0: the whole rule was never used. */
  readonly used: number;
  /** Entries of its peers that no observed connection used; empty where all were, or the rule has none. */
  readonly peers: { readonly says: string; readonly source: Source }[];
  readonly ports: { readonly says: string; readonly source: Source }[];
  /** Workloads that its peers name and that no observed connection used; the first of them, and how many there are. */
  readonly endpoints: number[];
  readonly total: number;
}

/** Records that could not be attributed. `reason` is one of the words of docs/replay.md. */
export interface UnattributedDocument {
  readonly reason: string;
  /** Which end the reason is about. */
  readonly end: 'source' | 'destination' | 'both';
  /** The ends in the log's words. */
  readonly source: string;
  readonly destination: string;
  readonly protocol: Protocol;
  readonly port?: number;
  readonly seen: SeenDocument;
}

/** Which observed connections the policies would deny, and which they allow that were never used. */
export interface Replay extends Common {
  readonly kind: 'Replay';
  /** Whether a proposal was laid over policies; else the log alone says what was before. */
  readonly proposed: boolean;
  /** First and last record; empty where the log has no times. */
  readonly window: { readonly first?: string; readonly last?: string };
  /** Records: those of connections, those without attribution and those that need no policy add up to `total`. */
  readonly records: {
    readonly total: number;
    readonly connections: number;
    readonly unattributed: number;
    readonly leftAside: number;
    /** Those that were not understood, beside all others. Absent: none. */
    readonly broken?: number;
  };
  readonly endpoints: EndpointDocument[];
  /** By outcome in the order of {@link ReplayOutcome}, then by ends and port. */
  readonly observed: ReplayedConnection[];
  /** In order of policy, direction and rule. */
  readonly unused: UnusedRule[];
  readonly unattributed: UnattributedDocument[];
  readonly leftAside: { readonly reason: string; readonly seen: SeenDocument }[];
  /** Endpoints that no record names: nothing is known of what they need. */
  readonly unseen: number[];
  /** How many connections have each outcome, and how many rules are listed as unused. */
  readonly summary: {
    readonly newlyDenied: number;
    readonly newlyAllowed: number;
    readonly stillDenied: number;
    readonly stillAllowed: number;
    readonly undecidable: number;
    readonly unusedRules: number;
  };
}
