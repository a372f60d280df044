// The dialect of AdminNetworkPolicy and BaselineAdminNetworkPolicy policy.networking.k8s.io/v1alpha1.

import type { Match, PortMatch } from '../../model/policy.ts';
import type { ManifestObject, Path } from '../../model/source.ts';
import type { Protocol } from '../../sets/traffic-set.ts';
import type { Problems } from '../decoding/problems.ts';
import type { Decoded, DecodeOptions, Dialect } from '../dialect.ts';
import { decodePolicy, type PolicyKind } from '../policy-group/decode-policy.ts';
import type { Obstacle } from '../policy-group/peers.ts';
import { noteExperimental, notePortName } from '../policy-group/validate.ts';
import type { PortFields, RuleFields, SpecFields } from './fields.ts';
import { ADMIN_NETWORK_POLICY, BASELINE_ADMIN_NETWORK_POLICY } from './fields.ts';
import { ADMIN_NETWORK_POLICY_WRITER } from './write.ts';

const API_VERSION = 'policy.networking.k8s.io/v1alpha1';

/** Both kinds of the frozen v1alpha1: Admin tier by priority, and the one Baseline policy of a cluster. */
export const ADMIN_NETWORK_POLICY_DIALECT: Dialect = {
  name: 'admin-network-policy',
  kinds: [
    { apiVersion: API_VERSION, kind: 'AdminNetworkPolicy', namespaced: false },
    { apiVersion: API_VERSION, kind: 'BaselineAdminNetworkPolicy', namespaced: false },
  ],
  decode: decodeAdminNetworkPolicy,
  writer: ADMIN_NETWORK_POLICY_WRITER,
};

const SHARED = {
  dialect: 'admin-network-policy',
  apiVersion: API_VERSION,
  hasNamedPort: ({ ports = [] }: RuleFields) => ports.some((port) => port.namedPort !== undefined),
  validatePorts,
  readPorts: toPorts,
} as const;

const ADMIN: PolicyKind<RuleFields, SpecFields> = {
  ...SHARED,
  kind: 'AdminNetworkPolicy',
  table: ADMIN_NETWORK_POLICY,
  place: ({ priority = 0 }) => ({ tier: 'Admin', order: priority }),
};

const BASELINE: PolicyKind<RuleFields, SpecFields> = {
  ...SHARED,
  kind: 'BaselineAdminNetworkPolicy',
  table: BASELINE_ADMIN_NETWORK_POLICY,
  place: () => ({ tier: 'Baseline', order: 0 }),
  validateObject: validateBaselineName,
};

function decodeAdminNetworkPolicy(object: ManifestObject, options: DecodeOptions): Decoded {
  const isBaseline = object.value.kind === 'BaselineAdminNetworkPolicy';
  return decodePolicy(object, options, isBaseline ? BASELINE : ADMIN);
}

function validateBaselineName(name: string, problems: Problems): void {
  if (name === 'default' || name === '') return;
  const message = `a cluster has one BaselineAdminNetworkPolicy, and its name is "default", not ${JSON.stringify(name)}`;
  // The API server reports this one for the object as a whole.
  problems.refuse('invalid-name', ['metadata', 'name'], 'FieldValueInvalid', message, {
    field: '',
    hint: 'call it default',
  });
}

function validatePorts({ ports = [] }: RuleFields, path: Path, channel: string, problems: Problems): void {
  for (const [i, { portRange, namedPort }] of ports.entries()) {
    const at = [...path, 'ports', i];
    if (portRange !== undefined && portRange.start > portRange.end) {
      const message = `the range starts at ${portRange.start} and ends at ${portRange.end}, so it matches nothing`;
      problems.note('invalid-port-range', [...at, 'portRange'], message, { hint: 'exchange start and end' });
    }
    if (namedPort !== undefined) {
      notePortName(namedPort, [...at, 'namedPort'], problems);
      if (channel === 'experimental') noteExperimental('namedPort', [...at, 'namedPort'], problems);
    }
  }
}

/** Missing: everything, protocols without ports included. */
function toPorts({ ports = [] }: RuleFields, path: Path): Match<PortMatch> | Obstacle {
  const matches: PortMatch[] = [];
  for (const [i, entry] of ports.entries()) {
    const at = [...path, 'ports', i];
    const { protocol } = entry.portNumber ?? entry.portRange ?? { protocol: 'TCP' };
    if (!isKnown(protocol)) {
      const where = [...at, entry.portNumber === undefined ? 'portRange' : 'portNumber', 'protocol'];
      const message = `${JSON.stringify(protocol)} is no protocol; there are TCP, UDP and SCTP (letter case counts)`;
      return { path: where, message };
    }
    matches.push(toPort(entry, protocol, at));
  }
  const [first, ...rest] = matches;
  return first === undefined ? 'any' : [first, ...rest];
}

function toPort({ portNumber, portRange, namedPort = '' }: PortFields, protocol: Protocol, path: Path): PortMatch {
  if (portNumber !== undefined) {
    return { type: 'range', protocol, first: portNumber.port, last: portNumber.port, path };
  }
  if (portRange !== undefined) return { type: 'range', protocol, first: portRange.start, last: portRange.end, path };
  return { type: 'named', protocol: 'any', name: namedPort, path };
}

function isKnown(protocol: string): protocol is Protocol {
  return protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP';
}
