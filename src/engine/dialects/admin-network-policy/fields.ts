// Fields of AdminNetworkPolicy and BaselineAdminNetworkPolicy policy.networking.k8s.io/v1alpha1 (bundle v0.1.7).

import type { Field, ObjectType } from '../decoding/field-table.ts';
import * as group from '../policy-group/fields.ts';

/** A decoded port entry: exactly one field is set. */
export interface PortFields {
  readonly portNumber?: { readonly protocol: string; readonly port: number };
  readonly portRange?: { readonly protocol: string; readonly start: number; readonly end: number };
  readonly namedPort?: string;
}

/** A decoded rule; missing `ports`: every port and protocol. */
export interface RuleFields extends group.RuleFields {
  readonly ports?: readonly PortFields[];
}

/** A decoded spec; BaselineAdminNetworkPolicy has no priority. */
export interface SpecFields extends group.SpecFields<RuleFields> {
  readonly priority?: number;
}

// An unvalidated text in the CRD: what it may be is decided when it is normalised.
const PROTOCOL: Field = { type: { type: 'string' }, default: 'TCP', without: 'the entry would mean TCP' };

const PORT: ObjectType = {
  type: 'object',
  what: 'a port entry',
  exactlyOne: { none: 'missing-field', several: 'several-fields' },
  fields: {
    portNumber: {
      type: {
        type: 'object',
        what: '"portNumber"',
        fields: { protocol: PROTOCOL, port: { type: group.PORT_NUMBER, required: true } },
        mistakes: { number: { meant: 'port', hint: 'write "port"' } },
      },
    },
    portRange: {
      type: {
        type: 'object',
        what: '"portRange"',
        fields: {
          protocol: PROTOCOL,
          start: { type: group.PORT_NUMBER, required: true },
          end: { type: group.PORT_NUMBER, required: true },
        },
      },
    },
    namedPort: { type: { type: 'string' }, isExperimental: true },
  },
  mistakes: {
    port: { meant: 'portNumber', hint: 'write portNumber: {protocol: TCP, port: …}' },
    protocol: { meant: 'portNumber', hint: 'write portNumber: {protocol: …, port: …}' },
    endPort: { meant: 'portRange', hint: 'write portRange: {protocol: TCP, start: …, end: …}' },
  },
};

const SHARED = {
  maxItems: 100,
  needsNamespaceSelector: true,
  ports: { field: 'ports', entry: PORT },
  ruleMistakes: {
    protocols: { meant: 'ports', hint: 'v1alpha1 writes "ports": [{portNumber: {protocol: TCP, port: 80}}]' },
    port: { meant: 'ports', hint: 'write "ports", a list' },
  },
} as const;

/** The whole AdminNetworkPolicy. */
export const ADMIN_NETWORK_POLICY: ObjectType = group.policyTable({
  ...SHARED,
  what: 'an AdminNetworkPolicy',
  actions: ['Allow', 'Deny', 'Pass'],
  hasDomainNames: true,
  fields: { priority: group.PRIORITY },
});

/** The whole BaselineAdminNetworkPolicy. */
export const BASELINE_ADMIN_NETWORK_POLICY: ObjectType = group.policyTable({
  ...SHARED,
  what: 'a BaselineAdminNetworkPolicy',
  actions: ['Allow', 'Deny'],
  hasDomainNames: false,
  fields: {},
});
