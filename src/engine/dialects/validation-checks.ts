// The table of every problem that decoding a policy can report. Documentation and `lint --list` are made from it.

import type { Severity } from '../model/finding.ts';

/** Ids of the problems that decoding finds. Stable: people suppress findings by them. */
export type ValidationCheckId =
  | 'unknown-field'
  | 'experimental-field'
  | 'removed-field'
  | 'wrong-type'
  | 'missing-field'
  | 'several-fields'
  | 'invalid-name'
  | 'invalid-namespace'
  | 'invalid-label'
  | 'invalid-annotation'
  | 'cluster-scoped-namespace'
  | 'invalid-policy-type'
  | 'invalid-tier'
  | 'invalid-priority'
  | 'invalid-action'
  | 'invalid-subject'
  | 'invalid-selector'
  | 'null-label'
  | 'empty-peer'
  | 'conflicting-peer'
  | 'invalid-cidr'
  | 'sloppy-cidr'
  | 'non-canonical-cidr'
  | 'except-outside-cidr'
  | 'invalid-domain'
  | 'invalid-port'
  | 'invalid-port-name'
  | 'invalid-end-port'
  | 'invalid-port-range'
  | 'invalid-protocol'
  | 'named-port-without-pods'
  | 'empty-list'
  | 'too-many-items'
  | 'too-long'
  | 'duplicate-item'
  | 'undecidable-subject'
  | 'not-understood';

/** One kind of problem. */
export interface ValidationCheck {
  /** Severity of a finding that does not reject the object; one that does is at least `high`. */
  readonly severity: Severity;
  /** Whether the API server refuses an object with it: always, never, or depending on kind, channel or server. */
  readonly rejects: 'always' | 'never' | 'sometimes';
  /** One line for lists. */
  readonly summary: string;
}

/** Every check by its id. */
export const VALIDATION_CHECKS: Readonly<Record<ValidationCheckId, ValidationCheck>> = {
  'unknown-field': {
    severity: 'critical',
    rejects: 'always',
    summary: 'a field that the API does not have; dropped silently where validation is not strict',
  },
  'experimental-field': {
    severity: 'low',
    rejects: 'never',
    summary: 'a field that only the experimental channel of the CRD has',
  },
  'removed-field': { severity: 'low', rejects: 'never', summary: 'a field without meaning that older servers wrote' },
  'wrong-type': { severity: 'high', rejects: 'always', summary: 'a value of the wrong JSON type' },
  'missing-field': { severity: 'high', rejects: 'always', summary: 'a required field that is missing, null or empty' },
  'several-fields': { severity: 'high', rejects: 'always', summary: 'not exactly one of several alternative fields' },
  'invalid-name': { severity: 'high', rejects: 'always', summary: 'metadata.name is missing or not a DNS subdomain' },
  'invalid-namespace': { severity: 'high', rejects: 'always', summary: 'metadata.namespace is not a DNS label' },
  'invalid-label': {
    severity: 'high',
    rejects: 'always',
    summary: 'a label of the policy itself has a bad key or value',
  },
  'invalid-annotation': {
    severity: 'high',
    rejects: 'always',
    summary: 'an annotation has a bad key, or all are too long',
  },
  'cluster-scoped-namespace': {
    severity: 'low',
    rejects: 'never',
    summary: 'a cluster-scoped policy names a namespace, which the API server removes',
  },
  'invalid-policy-type': {
    severity: 'high',
    rejects: 'always',
    summary: 'policyTypes is not a list of Ingress and Egress',
  },
  'invalid-tier': { severity: 'high', rejects: 'always', summary: 'the tier is neither Admin nor Baseline' },
  'invalid-priority': { severity: 'high', rejects: 'always', summary: 'the priority is outside 0-1000' },
  'invalid-action': {
    severity: 'high',
    rejects: 'always',
    summary: 'an action that this kind of policy does not have',
  },
  'invalid-subject': {
    severity: 'high',
    rejects: 'always',
    summary: 'the subject is not exactly one of namespaces, pods',
  },
  'invalid-selector': {
    severity: 'high',
    rejects: 'always',
    summary: 'a label selector with a bad operator, key, value or list of values',
  },
  'null-label': {
    severity: 'medium',
    rejects: 'never',
    summary: 'a label value of null: stored as "" in NetworkPolicy, dropped from the selector in custom resources',
  },
  'empty-peer': { severity: 'high', rejects: 'always', summary: 'a peer that says nothing' },
  'conflicting-peer': { severity: 'high', rejects: 'always', summary: 'a peer with fields that exclude each other' },
  'invalid-cidr': { severity: 'high', rejects: 'always', summary: 'not an address block in CIDR notation' },
  'sloppy-cidr': {
    severity: 'medium',
    rejects: 'sometimes',
    summary: 'a CIDR with host bits, leading zeros or an IPv4-mapped address: servers disagree on it',
  },
  'non-canonical-cidr': {
    severity: 'info',
    rejects: 'never',
    summary: 'an IPv6 block that RFC 5952 writes differently',
  },
  'except-outside-cidr': {
    severity: 'high',
    rejects: 'always',
    summary: 'an exception that is not a smaller block within its cidr',
  },
  'invalid-domain': { severity: 'high', rejects: 'always', summary: 'not a domain name or *. pattern' },
  'invalid-port': { severity: 'high', rejects: 'always', summary: 'a port number outside 1-65535' },
  'invalid-port-name': {
    severity: 'medium',
    rejects: 'sometimes',
    summary: 'a port name that no container port can have',
  },
  'invalid-end-port': {
    severity: 'high',
    rejects: 'always',
    summary: 'endPort without a numeric port, or below it, or outside 1-65535',
  },
  'invalid-port-range': {
    severity: 'medium',
    rejects: 'sometimes',
    summary: 'a range of ports whose start is not below its end',
  },
  'invalid-protocol': { severity: 'high', rejects: 'always', summary: 'a protocol other than TCP, UDP and SCTP' },
  'named-port-without-pods': {
    severity: 'medium',
    rejects: 'sometimes',
    summary: 'a port name in a rule whose peers have no port names (networks, nodes, domain names)',
  },
  'empty-list': { severity: 'high', rejects: 'always', summary: 'a list that needs at least one item' },
  'too-many-items': { severity: 'high', rejects: 'always', summary: 'a list longer than the API allows' },
  'too-long': { severity: 'high', rejects: 'always', summary: 'a text longer than the API allows' },
  'duplicate-item': { severity: 'high', rejects: 'always', summary: 'the same item twice in a list that is a set' },
  'undecidable-subject': {
    severity: 'high',
    rejects: 'never',
    summary: 'a subject that the API accepts and nobody can evaluate; the policy is applied to no pod',
  },
  'not-understood': {
    severity: 'high',
    rejects: 'never',
    summary: 'something that the API accepts and nobody can evaluate; the rule is closed',
  },
};
