// Ports of nodes that lead to pods (hostPort, nodePort): the address is translated before policies judge, so that a rule for the
// node allows nothing. Knows no source of evidence.

import { type EvidenceContext, evidenceContext } from '../evidence/context.ts';
import { findHostPorts } from '../evidence/host-ports.ts';
import { arrivalsAt } from '../evidence/resolve/service-arrivals.ts';
import type { Evidence } from '../model/evidence.ts';
import type { State } from '../state.ts';

/** The evidence with pods in place of nodes, where a port of the node is known to lead to them; other ports are the node's own. */
export function throughNodePorts(state: State, evidence: readonly Evidence[]): readonly Evidence[] {
  // Built where something calls a node, which is seldom.
  let context: EvidenceContext | undefined;
  return evidence.flatMap((one): readonly Evidence[] => {
    if (one.to.type !== 'node') return [one];
    context ??= evidenceContext(state);
    const behind = [...behindHostPort(context, one), ...behindNodePort(context, one)];
    return behind.length === 0 ? [one] : behind;
  });
}

function behindHostPort(context: EvidenceContext, one: Evidence): readonly Evidence[] {
  const isMeant = (port: number): boolean => one.ports[0] === port && one.ports[1] === port;
  return findHostPorts(context)
    .filter(({ protocol, onNode }) => protocol === one.protocol && isMeant(onNode))
    .map(({ workload, title, onNode, port }) => ({
      ...one,
      to: { type: 'workload', key: workload },
      ports: [port, port],
      says: `${one.says}; port ${onNode} of nodes leads to ${title} (hostPort)`,
    }));
}

function behindNodePort(context: EvidenceContext, one: Evidence): readonly Evidence[] {
  return context.cluster.services.flatMap((service) =>
    service.ports.flatMap(({ port, protocol, nodePort }) => {
      if (protocol !== one.protocol || nodePort !== one.ports[0] || nodePort !== one.ports[1]) return [];
      const says = `${one.says}; port ${nodePort} of nodes is that of Service ${service.namespace}/${service.name}`;
      const { arrivals } = arrivalsAt(context, service, { port, protocol });
      return arrivals.map(({ to, ports, via }) => ({ ...one, to, ports, via, says }));
    }),
  );
}
