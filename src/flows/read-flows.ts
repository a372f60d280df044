// All flows of some logs in memory at once, each once: what most questions want. Built on the streaming reading.

import type { ObservedFlow } from '../engine/model/flow.ts';
import { mergeFlows } from './flow-aggregate.ts';
import { flowKey } from './flow-key.ts';
import type { FlowSummary } from './flow-summary.ts';
import { type ReadFlowsOptions, readFlowLog } from './read-flow-log.ts';

/** Flows, and what there is to say about where they come from. */
export interface FlowsRead {
  /** Each flow once, sorted by what it says. Never empty. */
  readonly flows: readonly ObservedFlow[];
  readonly summary: FlowSummary;
}

/**
 * Reads the logs at the paths; errors are those of {@link readFlowLog}. Memory grows with the number of distinct flows. All
 * are counted before the first is made an object of, unless `held` says otherwise.
 */
export async function readFlows(paths: readonly string[], options: ReadFlowsOptions): Promise<FlowsRead> {
  const { held = Number.POSITIVE_INFINITY } = options;
  const flows: ObservedFlow[] = [];
  const summary = await readFlowLog(paths, { ...options, held }, (batch) => {
    for (const flow of batch) flows.push(flow);
  });
  return { flows: Number.isFinite(held) ? joined(flows) : flows, summary };
}

function joined(flows: readonly ObservedFlow[]): ObservedFlow[] {
  const byKey = new Map<string, ObservedFlow>();
  for (const flow of flows) {
    const key = flowKey(flow);
    const before = byKey.get(key);
    byKey.set(key, before === undefined ? flow : mergeFlows(before, flow));
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, flow]) => flow);
}
