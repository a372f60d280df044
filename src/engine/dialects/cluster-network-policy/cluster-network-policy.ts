// The dialect of ClusterNetworkPolicy policy.networking.k8s.io/v1alpha2: decode, validate, normalise one object.

import type { Match, Policy, PortMatch } from '../../model/policy.ts';
import type { ManifestObject, Path } from '../../model/source.ts';
import type { Protocol } from '../../sets/traffic-set.ts';
import type { Problems } from '../decoding/problems.ts';
import type { Decoded, DecodeOptions, Dialect } from '../dialect.ts';
import { decodePolicy } from '../policy-group/decode-policy.ts';
import { notePortName } from '../policy-group/validate.ts';
import type { ProtocolFields, RuleFields, SpecFields } from './fields.ts';
import { CLUSTER_NETWORK_POLICY, TRANSPORTS } from './fields.ts';
import { CLUSTER_NETWORK_POLICY_WRITER } from './write.ts';

const API_VERSION = 'policy.networking.k8s.io/v1alpha2';

/** ClusterNetworkPolicy: tiers Admin and Baseline, first match within each. */
export const CLUSTER_NETWORK_POLICY_DIALECT: Dialect = {
  name: 'cluster-network-policy',
  kinds: [{ apiVersion: API_VERSION, kind: 'ClusterNetworkPolicy', namespaced: false }],
  decode: decodeClusterNetworkPolicy,
  writer: CLUSTER_NETWORK_POLICY_WRITER,
};

function decodeClusterNetworkPolicy(object: ManifestObject, options: DecodeOptions): Decoded {
  return decodePolicy<RuleFields, SpecFields>(object, options, {
    dialect: 'cluster-network-policy',
    apiVersion: API_VERSION,
    kind: 'ClusterNetworkPolicy',
    table: CLUSTER_NETWORK_POLICY,
    place: ({ tier, priority }): Pick<Policy, 'tier' | 'order'> => ({ tier, order: priority }),
    hasNamedPort: ({ protocols = [] }) => protocols.some((entry) => entry.destinationNamedPort !== undefined),
    validatePorts,
    readPorts: toPorts,
  });
}

function validatePorts({ protocols = [] }: RuleFields, path: Path, _channel: string, problems: Problems): void {
  for (const [i, entry] of protocols.entries()) {
    const at = [...path, 'protocols', i];
    if (entry.destinationNamedPort !== undefined) {
      notePortName(entry.destinationNamedPort, [...at, 'destinationNamedPort'], problems);
    }
    for (const transport of TRANSPORTS) {
      const range = entry[transport]?.destinationPort?.range;
      if (range === undefined || !(range.start >= range.end)) continue;
      const message = `the range starts at ${range.start} and ends at ${range.end}; its start must be below its end`;
      const hint = range.start === range.end ? { hint: `write number: ${range.start}` } : {};
      const where = [...at, transport, 'destinationPort', 'range'];
      problems.refuse('invalid-port-range', where, 'FieldValueInvalid', message, hint);
    }
  }
}

/** Missing: everything, protocols without ports included. */
function toPorts({ protocols = [] }: RuleFields, path: Path): Match<PortMatch> {
  const [first, ...rest] = protocols.map((entry, i) => toPort(entry, [...path, 'protocols', i]));
  return first === undefined ? 'any' : [first, ...rest];
}

function toPort(entry: ProtocolFields, path: Path): PortMatch {
  if (entry.destinationNamedPort !== undefined) {
    return { type: 'named', protocol: 'any', name: entry.destinationNamedPort, path };
  }
  const transport = TRANSPORTS.find((name) => entry[name] !== undefined)!;
  const protocol = transport.toUpperCase() as Protocol;
  const { number, range } = entry[transport]?.destinationPort ?? {};
  if (number !== undefined) return { type: 'range', protocol, first: number, last: number, path };
  if (range !== undefined) return { type: 'range', protocol, first: range.start, last: range.end, path };
  return { type: 'all', protocol, path };
}
