// Equal records of a log, counted. Bounded: what it holds can be taken out at any time, and counting begins again at
// nothing. Knows no format and no file.

import type { FlowEnd, ObservedFlow } from '../engine/model/flow.ts';
import { endKey, type FlowFacts, factsKey } from './flow-key.ts';

/** A flow that is being counted. A count of 0 is one that has not been recorded since the last `take`. */
export interface CountedFlow {
  readonly facts: FlowFacts;
  /** Numbers of its ends. */
  readonly source: number;
  readonly destination: number;
  /** Numbers of the ends, then all else: equal only for equal flows, until the next `take`. */
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
  /** One object for all ends that are equal. */
  share(end: FlowEnd): FlowEnd;
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
  let ends = new Map<string, FlowEnd>();
  let numbers = new Map<FlowEnd, number>();
  let generation = 0;

  const share = (end: FlowEnd): FlowEnd => {
    if (numbers.has(end)) return end;
    const key = endKey(end);
    const known = ends.get(key);
    if (known !== undefined) return known;
    ends.set(key, end);
    numbers.set(end, numbers.size);
    return end;
  };
  return {
    share,
    of(given) {
      const [source, destination] = [share(given.source), share(given.destination)];
      // Keys of ends are long: numbers stand for them as long as the flow is held.
      const [from, to] = [numbers.get(source)!, numbers.get(destination)!];
      const key = `${from} ${to} ${factsKey(given)}`;
      let flow = flows.get(key);
      if (flow === undefined) {
        const facts =
          given.source === source && given.destination === destination ? given : { ...given, source, destination };
        flow = {
          facts,
          source: from,
          destination: to,
          key,
          count: 0,
          first: Number.NaN,
          last: Number.NaN,
          file: '',
          line: 0,
        };
        flows.set(key, flow);
      }
      return flow;
    },
    size: () => flows.size,
    generation: () => generation,
    take() {
      const taken = [...flows.values()].filter(({ count }) => count > 0);
      const ranks = new Int32Array(numbers.size);
      const inOrder = [...ends].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [rank, [, end]] of inOrder.entries()) ranks[numbers.get(end)!] = rank;
      flows = new Map();
      ends = new Map();
      numbers = new Map();
      generation++;
      return taken.sort((a, b) => compareFlows(a, b, ranks)).map(observed);
    },
  };
}

/** The order of {@link flowKey}, by ranks of ends instead of their keys. Keys of flows with the same ends begin alike. */
function compareFlows(a: CountedFlow, b: CountedFlow, ranks: Int32Array): number {
  return (
    ranks[a.source]! - ranks[b.source]! || ranks[a.destination]! - ranks[b.destination]! || (a.key < b.key ? -1 : 1)
  );
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
