// Fields of ClusterNetworkPolicy policy.networking.k8s.io/v1alpha2 (bundle v0.2.0).

import type { ObjectType } from '../decoding/field-table.ts';
import * as group from '../policy-group/fields.ts';

/** Destination ports of one protocol; exactly one of number and range. */
export interface DestinationPortFields {
  readonly number?: number;
  readonly range?: { readonly start: number; readonly end: number };
}

/** The protocols with ports, as field names. */
export const TRANSPORTS = ['tcp', 'udp', 'sctp'] as const;

/** A decoded entry of `protocols`: exactly one field is set. */
export type ProtocolFields = {
  readonly [transport in (typeof TRANSPORTS)[number]]?: { readonly destinationPort?: DestinationPortFields };
} & { readonly destinationNamedPort?: string };

/** A decoded rule; missing `protocols`: everything, ICMP included. */
export interface RuleFields extends group.RuleFields {
  readonly protocols?: readonly ProtocolFields[];
}

/** A decoded spec. */
export interface SpecFields extends group.SpecFields<RuleFields> {
  readonly tier: 'Admin' | 'Baseline';
  readonly priority: number;
}

const RANGE: ObjectType = {
  type: 'object',
  what: 'a range of ports',
  fields: {
    start: { type: group.PORT_NUMBER, required: true },
    end: { type: group.PORT_NUMBER, required: true },
  },
};

const DESTINATION_PORT: ObjectType = {
  type: 'object',
  what: 'a destination port',
  exactlyOne: { none: 'missing-field', several: 'several-fields' },
  fields: { number: { type: group.PORT_NUMBER }, range: { type: RANGE } },
  mistakes: { port: { meant: 'number', hint: 'write "number"' } },
};

const PROTOCOL: ObjectType = {
  type: 'object',
  what: 'a protocol entry',
  exactlyOne: { none: 'missing-field', several: 'several-fields' },
  fields: {
    ...Object.fromEntries(
      TRANSPORTS.map((name) => [
        name,
        {
          type: {
            type: 'object',
            what: `"${name}"`,
            notEmpty: 'missing-field',
            cure: 'for every port write destinationPort: {range: {start: 1, end: 65535}}',
            fields: { destinationPort: { type: DESTINATION_PORT } },
            mistakes: {
              port: { meant: 'destinationPort', hint: 'write destinationPort: {number: …}' },
              number: { meant: 'destinationPort', hint: 'write destinationPort: {number: …}' },
            },
          },
        },
      ]),
    ),
    destinationNamedPort: { type: { type: 'string' } },
  },
  mistakes: {
    TCP: { meant: 'tcp', hint: 'write "tcp"' },
    UDP: { meant: 'udp', hint: 'write "udp"' },
    SCTP: { meant: 'sctp', hint: 'write "sctp"' },
    portNumber: { hint: 'v1alpha2 writes {tcp: {destinationPort: {number: 80}}}' },
    portRange: { hint: 'v1alpha2 writes {tcp: {destinationPort: {range: {start: 80, end: 90}}}}' },
    namedPort: { meant: 'destinationNamedPort', hint: 'v1alpha2 writes "destinationNamedPort"' },
  },
};

/** The whole object. */
export const CLUSTER_NETWORK_POLICY: ObjectType = group.policyTable({
  what: 'a ClusterNetworkPolicy',
  actions: ['Accept', 'Deny', 'Pass'],
  maxItems: 25,
  needsNamespaceSelector: false,
  hasDomainNames: true,
  ports: { field: 'protocols', entry: PROTOCOL },
  fields: {
    tier: { type: { type: 'string', oneOf: ['Admin', 'Baseline'], check: 'invalid-tier' }, required: true },
    priority: group.PRIORITY,
  },
  ruleMistakes: {
    ports: { meant: 'protocols', hint: 'v1alpha2 writes "protocols": [{tcp: {destinationPort: {number: 80}}}]' },
    port: { meant: 'protocols', hint: 'write "protocols", a list' },
    protocol: { meant: 'protocols', hint: 'write "protocols", a list' },
  },
});
