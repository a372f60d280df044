// The document of `generate`: policies in order, what each workload needs and why, what is not known, and the proof.

import type { Confidence, EvidenceKind } from '../model/evidence.ts';
import type { FlowPlace } from '../model/flow.ts';
import type { Direction, PolicyRef } from '../model/policy.ts';
import type { Source } from '../model/source.ts';
import type { Family } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { Common, Ports } from './documents.ts';
import type { UnattributedDocument } from './replay-document.ts';

/** One end of a needed connection. `key` is that of the workload, `cidrs` those of addresses; others have neither. */
export interface PartyDocument {
  readonly type: 'workload' | 'pods' | 'addresses' | 'outside' | 'node' | 'domain' | 'api-server';
  /** For people: `shop/web`, `203.0.113.7`. */
  readonly name: string;
  readonly key?: string;
  readonly cidrs?: readonly string[];
}

/** One reason for one connection. */
export interface EvidenceDocument {
  readonly kind: EvidenceKind;
  readonly confidence: Confidence;
  readonly says: string;
  /** The same in a few words for where both ends are in sight; absent where `says` is short enough. */
  readonly brief?: string;
  readonly source?: Source;
  readonly via?: { readonly namespace: string; readonly name: string; readonly port: number };
  /** Observed connections: how often, when (RFC 3339), and one record. */
  readonly seen?: {
    readonly count: number;
    readonly first?: string;
    readonly last?: string;
    readonly place: FlowPlace;
  };
}

/** A connection that is needed, and what becomes of it under the generated policies. */
export interface NeedDocument {
  /** Unique within the document only. */
  readonly id: number;
  readonly from: PartyDocument;
  readonly to: PartyDocument;
  readonly protocol: Protocol;
  /** Of the destination itself, inclusive. */
  readonly ports: readonly [number, number];
  readonly confidence: Confidence;
  /** Strongest first, at least one. */
  readonly evidence: readonly EvidenceDocument[];
  /** `unproved`: nobody is there to judge, such as the addresses of a DNS name. */
  readonly verdict: 'allowed' | 'denied' | 'unknown' | 'unproved';
  /** Why it is not allowed; absent where it is. */
  readonly reason?: string;
  /** Why an end's policy has no rule for it, and what to do. Empty: every policy concerned has one. */
  readonly unwritten: readonly { readonly direction: Direction; readonly why: string; readonly hint: string }[];
}

/** One workload of the namespaces asked for. Numbers are ids of needs. */
export interface GeneratedWorkload {
  readonly key: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly pods?: number;
  /** `planned`: it gets a policy. Otherwise why not. */
  readonly status: 'planned' | 'host-network' | 'unselectable' | 'no-pods';
  /** How its pods are selected, as people write it; absent where nothing does. */
  readonly selector?: string;
  /** Keys of workloads that the selector cannot tell apart from it. */
  readonly alsoSelects: readonly string[];
  readonly ingress: readonly number[];
  readonly egress: readonly number[];
}

/** A rule of a generated policy: the needs that it is for. */
export interface GeneratedRule {
  readonly needs: readonly number[];
  /** Set where its blocks hold more addresses than were needed. */
  readonly widened?: { readonly blocks: number; readonly exact: number; readonly factor: number };
}

/** One generated policy. */
export interface GeneratedPolicy {
  readonly policy: PolicyRef;
  readonly purpose: 'workload' | 'default-deny';
  readonly workload?: string;
  readonly ingress: readonly GeneratedRule[];
  readonly egress: readonly GeneratedRule[];
  /** True where it is proved that no fewer rules say the same. */
  readonly smallest: boolean;
  /** The object, to be applied. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** Something that only the engineer knows. */
export interface QuestionDocument {
  readonly about: string;
  readonly workload?: string;
  readonly says: string;
  readonly hint: string;
  readonly source?: Source;
}

/** Connections that are allowed and that nothing needs: every source may reach every destination. */
export interface UnjustifiedDocument {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly family: Family;
  readonly ports: Ports;
  /** Judged for the first source and each destination, and in the first 100 for up to 49 more sources and the first destination. */
  readonly policies: readonly PolicyRef[];
  readonly reason: string;
}

/** One thing that stands between the policies and enforcing them. `blocks`: `--require-ready` fails; `warns`: it does not. */
export interface ReadinessDocument {
  readonly level: 'blocks' | 'warns';
  readonly about: string;
  readonly workload?: string;
  readonly says: string;
  readonly hint: string;
}

/** Generated policies and everything that is to be known about them. */
export interface GeneratedPolicies extends Common {
  readonly kind: 'GeneratedPolicies';
  readonly namespaces: readonly string[];
  /** Namespaces that get no default deny since policies that were there before isolate all of their pods already; often none. */
  readonly closed: readonly { readonly namespace: string; readonly policies: readonly PolicyRef[] }[];
  /** Facts of the platform that were used, one line each. */
  readonly platform: readonly string[];
  /** Records of flow logs that are evidence of nothing, since nobody knows whose they are; empty without `--flows`. */
  readonly unattributed: readonly UnattributedDocument[];
  readonly workloads: readonly GeneratedWorkload[];
  readonly needs: readonly NeedDocument[];
  /** In the order in which they are to be applied; to be taken back in the opposite one. */
  readonly policies: readonly GeneratedPolicy[];
  readonly questions: readonly QuestionDocument[];
  readonly proof: {
    /** Every need that is at least as sure as was asked for is allowed. */
    readonly sound: boolean;
    readonly needs: number;
    readonly allowed: number;
    /** Everything that is allowed is needed. */
    readonly tight: boolean;
    /** Pairs of ends that are allowed something. */
    readonly connections: number;
    readonly unjustified: readonly UnjustifiedDocument[];
    /** Pairs of ends of it. */
    readonly unjustifiedPairs: number;
    /** Pairs of which nobody knows whether something that nothing needs is allowed, by reason, with one of them. */
    readonly undecided: readonly { readonly reason: string; readonly pairs: number; readonly example: string }[];
    /** After each step of the order everything works that works in the end. */
    readonly safeOrder: boolean;
    readonly steps: number;
    readonly unsafeSteps: readonly { readonly step: number; readonly policy: PolicyRef; readonly need: number }[];
    /** What selectors will miss or take in a rollout, in the next run of a Job, or beside a second release. */
    readonly surprises: readonly { readonly workload: string; readonly when: string; readonly what: string }[];
  };
  /** Policies of earlier runs that are no longer part of the set; the proof takes them for deleted. */
  readonly obsolete: readonly PolicyRef[];
  readonly ready: boolean;
  readonly readiness: readonly ReadinessDocument[];
  /** Connections that `--forbid` took away from the evidence. */
  readonly forbidden: readonly {
    readonly ban: string;
    readonly from: string;
    readonly to: string;
    readonly says: string;
  }[];
}
