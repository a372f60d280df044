// The author's side of AdminNetworkPolicy and BaselineAdminNetworkPolicy policy.networking.k8s.io/v1alpha1.

import type { PortMatch } from '../../model/policy.ts';
import { everyPort, PORT_PROTOCOLS } from '../../sets/traffic-set.ts';
import { policyGroupWriter } from '../policy-group/write.ts';
import type { DialectWriter, Fields } from '../writer.ts';

/** Writes both kinds of v1alpha1; the Baseline one has neither Pass nor domain names, and no priority. */
export const ADMIN_NETWORK_POLICY_WRITER: DialectWriter = policyGroupWriter({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  portsField: 'ports',
  port: writePort,
  action: (action, kind) => {
    if (action === 'Pass' && isBaseline(kind)) return undefined;
    return action === 'Accept' ? 'Allow' : action;
  },
  hasPeer: (type, kind) => type !== 'domains' || !isBaseline(kind),
  place: ({ ref, tier, order }) => {
    if (tier !== (isBaseline(ref.kind) ? 'Baseline' : 'Admin')) return undefined;
    return isBaseline(ref.kind) ? {} : { priority: order };
  },
});

function isBaseline(kind: string): boolean {
  return kind === 'BaselineAdminNetworkPolicy';
}

function writePort(port: PortMatch): Fields | undefined {
  if (port.type === 'named') return port.protocol === 'any' ? { namedPort: port.name } : undefined;
  const protocol = PORT_PROTOCOLS.find((known) => known === port.protocol);
  if (protocol === undefined) return undefined;
  const every = everyPort(protocol);
  const { first, last } = port.type === 'all' ? { first: every[0]!, last: every[1]! - 1 } : port;
  if (first > last) return undefined;
  return first === last
    ? { portNumber: { protocol, port: first } }
    : { portRange: { protocol, start: first, end: last } };
}
