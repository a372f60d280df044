// The author's side of ClusterNetworkPolicy policy.networking.k8s.io/v1alpha2: what decode reads, written.

import type { PortMatch } from '../../model/policy.ts';
import { everyPort } from '../../sets/traffic-set.ts';
import { policyGroupWriter } from '../policy-group/write.ts';
import type { DialectWriter, Fields } from '../writer.ts';
import { TRANSPORTS } from './fields.ts';

/** Writes ClusterNetworkPolicies. */
export const CLUSTER_NETWORK_POLICY_WRITER: DialectWriter = policyGroupWriter({
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  portsField: 'protocols',
  port: writePort,
  action: (action) => action,
  hasPeer: () => true,
  place: ({ tier, order }) => (tier === 'NetworkPolicy' ? undefined : { tier, priority: order }),
});

function writePort(port: PortMatch): Fields | undefined {
  if (port.type === 'named') return port.protocol === 'any' ? { destinationNamedPort: port.name } : undefined;
  const transport = TRANSPORTS.find((name) => name.toUpperCase() === port.protocol);
  if (transport === undefined) return undefined;
  // The field of a protocol may not be empty: every port is written as a range.
  const every = everyPort(transport.toUpperCase() as 'TCP' | 'UDP' | 'SCTP');
  const { first, last } = port.type === 'all' ? { first: every[0]!, last: every[1]! - 1 } : port;
  if (first > last) return undefined;
  const destinationPort = first === last ? { number: first } : { range: { start: first, end: last } };
  return { [transport]: { destinationPort } };
}
