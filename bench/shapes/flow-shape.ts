// Draws flows between the pods of a drawn cluster and addresses outside: mostly within a namespace, mostly at ports that pods
// have, and few of them seen most often. Knows nothing of the engine.

import { randomFrom } from '../random.ts';
import type { DrawnCluster } from './cluster-shape.ts';

/** Addresses outside that flows come from and go to. */
export const OUTSIDE: readonly string[] = Array.from(
  { length: 256 },
  (_, index) => `203.0.${index}.${(index * 37) % 256}`,
);

/** Protocols by the number that stands for them in a column. */
export const PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'SCTP'];

/** Flows as columns. Ends are positions in the workloads of the cluster, then in {@link OUTSIDE}. */
export interface DrawnFlows {
  readonly sources: Int32Array;
  readonly destinations: Int32Array;
  readonly protocols: Uint8Array;
  readonly ports: Uint16Array;
}

/** How many flows, and how many of them are different. */
export interface FlowsSize {
  readonly flows: number;
  readonly distinct: number;
}

const PORTS = [8080, 8443, 8080, 8443, 9090, 53, 80, 443, 5432, 30001];

/** Draws flows; equal clusters, sizes and seeds give equal flows. */
export function drawFlows({ workloads }: DrawnCluster, { flows, distinct }: FlowsSize, seed: number): DrawnFlows {
  const random = randomFrom(seed);
  const pods = workloads.length;
  const made = columnsOf(distinct);
  for (let i = 0; i < distinct; i++) {
    const one = random.integer(0, pods - 1);
    const kind = random.fraction();
    // Pods stand in the order of namespaces: those around one are mostly of its own.
    const near = Math.min(pods - 1, Math.max(0, one + random.integer(-20, 20)));
    const other =
      kind < 0.7 ? near : kind < 0.9 ? random.integer(0, pods - 1) : pods + random.integer(0, OUTSIDE.length - 1);
    const isTurned = random.chance(0.5);
    const port = random.pick(PORTS);
    made.sources[i] = isTurned ? other : one;
    made.destinations[i] = isTurned ? one : other;
    made.protocols[i] = port === 53 ? 1 : random.chance(0.99) ? 0 : 2;
    made.ports[i] = port;
  }
  if (distinct === flows) return made;
  const drawn = columnsOf(flows);
  for (let i = 0; i < flows; i++) {
    const from = Math.floor(distinct * random.fraction() ** 2);
    drawn.sources[i] = made.sources[from]!;
    drawn.destinations[i] = made.destinations[from]!;
    drawn.protocols[i] = made.protocols[from]!;
    drawn.ports[i] = made.ports[from]!;
  }
  return drawn;
}

function columnsOf(length: number): DrawnFlows {
  return {
    sources: new Int32Array(length),
    destinations: new Int32Array(length),
    protocols: new Uint8Array(length),
    ports: new Uint16Array(length),
  };
}
