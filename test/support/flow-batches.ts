// Batches of flows from flows written one by one.

import type { Flow } from '../../src/engine/model/verdict.ts';
import type { FlowBatch } from '../../src/engine/verdicts/flow-batch.ts';
import { FLOW_PROTOCOLS } from '../../src/engine/verdicts/flow-verdicts.ts';

/** A flow between numbered ends. */
export interface ResolvedFlow extends Flow {
  readonly source: number;
  readonly destination: number;
}

/** The flows as columns. */
export function batchOf(flows: readonly ResolvedFlow[]): FlowBatch {
  return {
    sources: Int32Array.from(flows, ({ source }) => source),
    destinations: Int32Array.from(flows, ({ destination }) => destination),
    protocols: Uint8Array.from(flows, ({ protocol }) => FLOW_PROTOCOLS.indexOf(protocol)),
    families: Uint8Array.from(flows, ({ family }) => (family === 'IPv4' ? 4 : 6)),
    ports: Uint16Array.from(flows, ({ port }) => port),
  };
}
