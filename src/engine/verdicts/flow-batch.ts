// Many flows as columns of numbers, one element a flow: what verdicts are asked of at a rate at which objects would be garbage.

import { UserError } from '../model/user-error.ts';

/**
 * Flows with their ends resolved. All columns have the same length; element i of each belongs to flow i. `Int32Array` and
 * the others may be views of shared memory.
 */
export interface FlowBatch {
  /** Numbers of the ends that opened the connections; -1: nobody knows who it is. */
  readonly sources: Int32Array;
  /** Numbers of the ends that were called, as the packet arrives there: a pod, never a Service; -1: nobody knows. */
  readonly destinations: Int32Array;
  /** Positions in `FLOW_PROTOCOLS`; any other number is a protocol that no policy can speak of. */
  readonly protocols: Uint8Array;
  /** 4 or 6: the version of IP. */
  readonly families: Uint8Array;
  /** The destination's port; for ICMP and ICMPv6 type * 256 + code. */
  readonly ports: Uint16Array;
}

/** The number of flows. Throws `UserError` where columns differ in length, or the verdicts do not have room in `into`. */
export function lengthOf({ sources, destinations, protocols, families, ports }: FlowBatch, into: Uint8Array): number {
  const { length } = sources;
  for (const [name, column] of Object.entries({ destinations, protocols, families, ports })) {
    if (column.length === length) continue;
    throw new UserError('usage', `"${name}" holds ${column.length} flows, "sources" ${length}`, {
      hint: 'all columns of a batch have one element a flow',
    });
  }
  if (into.length >= length) return length;
  const hint = 'leave it away, or make it as long as the batch';
  throw new UserError('usage', `"into" has room for ${into.length} of ${length} verdicts`, { hint });
}
