// Ports of nodes that lead to pods: a question about the node's address is not one about the pods, and the answer says so.

import type { World } from '../endpoints/world.ts';
import { evidenceContext } from '../evidence/context.ts';
import { findHostPorts } from '../evidence/host-ports.ts';
import * as traffic from '../sets/traffic-set.ts';
import { list } from './notes.ts';
import type { Target } from './target.ts';

/**
 * One note for each hostPort or nodePort that is asked about at a node. What arrives there is translated before policies judge it,
 * so that those of the pods decide. Empty where no port is named, and for destinations that are no nodes.
 */
export function nodePortNotes(world: World, destinations: readonly Target[], isPortNamed: boolean): string[] {
  const nodes = destinations.filter(({ unit: { endpoint } }) => endpoint.node !== undefined);
  if (!isPortNamed || nodes.length === 0) return [];
  const isAsked = (protocol: traffic.Protocol, port: number) =>
    nodes.some(({ asked }) => traffic.contains(asked, protocol, port));
  const { cluster } = world.state;
  const behind = new Map<string, string[]>();
  const add = (what: string, title: string): void => {
    const titles = behind.get(what) ?? [];
    if (!titles.includes(title)) titles.push(title);
    behind.set(what, titles);
  };
  for (const { protocol, onNode, port, title } of findHostPorts(evidenceContext(world.state))) {
    if (isAsked(protocol, onNode)) add(`port ${onNode} of nodes is a hostPort`, `${title}:${port}`);
  }
  for (const service of cluster.services) {
    for (const { nodePort, protocol, port } of service.ports) {
      if (nodePort === undefined || !isAsked(protocol, nodePort)) continue;
      add(`port ${nodePort} of nodes is a nodePort`, `${service.namespace}/service/${service.name}:${port}`);
    }
  }
  return [...behind].map(
    ([what, titles]) => `${what}: where it leads, the policies of the pods decide; ask about ${list(titles)}`,
  );
}
