// Equal records of a log, counted. Bounded: what it holds can be taken out at any time, and counting begins again at
// nothing. Knows no format and no file.

import type { ObservedFlow } from '../engine/model/flow.ts';
import { type FlowFacts, flowKey } from './flow-key.ts';

/** A flow that is being counted. A count of 0 is one that has not been recorded since the last `take`. */
export interface CountedFlow {
  readonly facts: FlowFacts;
  readonly key: string;
  count: number;
  /** Milliseconds since 1970; NaN: no record had a time. */
  first: number;
  last: number;
  /** Of the first record. */
  file: string;
  line: number;
}

/** Counts flows. */
export interface FlowAggregate {
  /** The flow with these facts. It stays valid until the next `take`. */
  of(facts: FlowFacts): CountedFlow;
  /** How many distinct flows are held. */
  size(): number;
  /** How often the aggregate was emptied: what was got from `of` before is of no use after. */
  generation(): number;
  /** All flows that were recorded, in the order of their keys; the aggregate is empty then. */
  take(): ObservedFlow[];
}

/** An empty aggregate. */
export function createAggregate(): FlowAggregate {
  let flows = new Map<string, CountedFlow>();
  let generation = 0;
  return {
    of(facts) {
      const key = flowKey(facts);
      let flow = flows.get(key);
      if (flow === undefined) {
        flow = { facts, key, count: 0, first: Number.NaN, last: Number.NaN, file: '', line: 0 };
        flows.set(key, flow);
      }
      return flow;
    },
    size: () => flows.size,
    generation: () => generation,
    take() {
      const taken = [...flows.values()].filter(({ count }) => count > 0);
      flows = new Map();
      generation++;
      return taken.sort((a, b) => (a.key < b.key ? -1 : 1)).map(observed);
    },
  };
}

/** One more record (or `count` of them) of a flow. `time` is NaN where the record has none. */
export function countRecord(flow: CountedFlow, count: number, time: number, file: string, line: number): void {
  if (flow.count === 0) {
    flow.file = file;
    flow.line = line;
  }
  flow.count += count;
  // Comparisons with NaN are false, so a time replaces NaN and is never replaced by it.
  if (Number.isNaN(time)) return;
  if (!(flow.first <= time)) flow.first = time;
  if (!(flow.last >= time)) flow.last = time;
}

function observed({ facts, count, first, last, file, line }: CountedFlow): ObservedFlow {
  return {
    ...facts,
    count,
    ...(Number.isNaN(first) ? {} : { first, last }),
    place: { file, line },
  };
}

/** Two parts of the same flow as one: counts added, the times of both, the place of the first part. */
export function mergeFlows(a: ObservedFlow, b: ObservedFlow): ObservedFlow {
  const firsts = [a.first, b.first].filter((time) => time !== undefined);
  const lasts = [a.last, b.last].filter((time) => time !== undefined);
  return {
    ...a,
    count: a.count + b.count,
    ...(firsts.length === 0 ? {} : { first: Math.min(...firsts), last: Math.max(...lasts) }),
  };
}
