// Clients outside that come through a port of the node (hostPort): whoever reaches the node reaches the pod, with an address of
// its own.

import { findHostPorts } from '../host-ports.ts';
import type { EvidenceSource } from '../source-of-evidence.ts';

/** See the file's head. */
export const hostPorts: EvidenceSource = (context, findings) => {
  for (const { workload, title, protocol, onNode, port, source } of findHostPorts(context)) {
    findings.add({
      from: { type: 'outside' },
      to: { type: 'workload', key: workload },
      protocol,
      ports: [port, port],
      kind: 'host-port',
      confidence: 'likely',
      says: `${title} has port ${onNode} of its nodes (hostPort)`,
      brief: `hostPort ${onNode}`,
      source: source(),
    });
  }
};
