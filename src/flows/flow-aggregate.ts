// Equal records of a log, counted. Bounded: what it holds can be taken out at any time, and counting begins again at
// nothing. Knows no format and no file.

import type { FlowEnd, ObservedFlow } from '../engine/model/flow.ts';
import { endKey, type FlowFacts, factsKey } from './flow-key.ts';
import { createNumberTable } from './number-table.ts';

/** A flow that is being counted, but for how often. */
interface HeldFlow {
  readonly facts: FlowFacts;
  /** Numbers of its ends, and of all else. */
  readonly source: number;
  readonly destination: number;
  readonly rest: number;
  /** Place in the numbers. */
  readonly at: number;
  /** Of the first record. */
  file: string;
  line: number;
}

/** Counts flows. */
export interface FlowAggregate {
  /** The number of the flow with these facts. It stays valid until the next `take`. */
  of(facts: FlowFacts): number;
  /** One more record (or `count` of them) of a flow. `time` is NaN where it has none. */
  count(flow: number, count: number, time: number, file: string, line: number): void;
  /** One object for all ends that are equal. */
  share(end: FlowEnd): FlowEnd;
  /** How many distinct flows and ends are held. */
  size(): number;
  /** How often the aggregate was emptied: numbers from before are of no use after. */
  generation(): number;
  /** All flows that were recorded, in the order of their keys; the aggregate is empty then. */
  take(): ObservedFlow[];
}

/** Numbers of a flow, side by side since they change together. */
const [COUNT, FIRST, LAST, WIDTH] = [0, 1, 2, 3];

/** An empty aggregate. */
export function createAggregate(): FlowAggregate {
  const byNumbers = createNumberTable(3);
  let flows: HeldFlow[] = [];
  let numbers = new Float64Array(1024 * WIDTH);
  let ends = new Map<string, FlowEnd>();
  let endNumbers = new Map<FlowEnd, number>();
  let rests = new Map<string, number>();
  let generation = 0;

  const share = (end: FlowEnd): FlowEnd => {
    if (endNumbers.has(end)) return end;
    const key = endKey(end);
    const known = ends.get(key);
    if (known !== undefined) return known;
    ends.set(key, end);
    endNumbers.set(end, endNumbers.size);
    return end;
  };
  const numberOfRest = (facts: FlowFacts): number => {
    const key = factsKey(facts);
    const known = rests.get(key);
    if (known !== undefined) return known;
    rests.set(key, rests.size);
    return rests.size - 1;
  };
  const hold = (facts: FlowFacts, source: number, destination: number, rest: number): number => {
    const flow = flows.length;
    const at = flow * WIDTH;
    if (at === numbers.length) {
      const larger = new Float64Array(numbers.length * 2);
      larger.set(numbers);
      numbers = larger;
    }
    numbers[at + COUNT] = 0;
    numbers[at + FIRST] = Number.NaN;
    numbers[at + LAST] = Number.NaN;
    flows.push({ facts, source, destination, rest, at, file: '', line: 0 });
    byNumbers.add(flow);
    return flow;
  };
  const observed = ({ facts, at, file, line }: HeldFlow): ObservedFlow => {
    const count = numbers[at + COUNT]!;
    const first = numbers[at + FIRST]!;
    const place = { file, line };
    if (Number.isNaN(first)) return { ...facts, count, place };
    return { ...facts, count, first, last: numbers[at + LAST]!, place };
  };
  return {
    share,
    of(given) {
      const [source, destination] = [share(given.source), share(given.destination)];
      const [from, to, rest] = [endNumbers.get(source)!, endNumbers.get(destination)!, numberOfRest(given)];
      byNumbers.row[0] = from;
      byNumbers.row[1] = to;
      byNumbers.row[2] = rest;
      const known = byNumbers.find();
      if (known !== -1) return known;
      const isShared = given.source === source && given.destination === destination;
      return hold(isShared ? given : { ...given, source, destination }, from, to, rest);
    },
    count(flow, count, time, file, line) {
      const at = flow * WIDTH;
      if (numbers[at + COUNT] === 0) {
        flows[flow]!.file = file;
        flows[flow]!.line = line;
      }
      numbers[at + COUNT]! += count;
      // Comparisons with NaN are false, so a time replaces NaN and is never replaced by it.
      if (Number.isNaN(time)) return;
      if (!(numbers[at + FIRST]! <= time)) numbers[at + FIRST] = time;
      if (!(numbers[at + LAST]! >= time)) numbers[at + LAST] = time;
    },
    size: () => flows.length + ends.size,
    generation: () => generation,
    take() {
      const endRanks = ranksOf(ends.keys(), (key) => endNumbers.get(ends.get(key)!)!);
      const restRanks = ranksOf(rests.keys(), (key) => rests.get(key)!);
      const taken = flows
        .filter(({ at }) => numbers[at + COUNT]! > 0)
        .sort(
          (a, b) =>
            endRanks[a.source]! - endRanks[b.source]! ||
            endRanks[a.destination]! - endRanks[b.destination]! ||
            restRanks[a.rest]! - restRanks[b.rest]!,
        );
      byNumbers.clear();
      flows = [];
      ends = new Map();
      endNumbers = new Map();
      rests = new Map();
      generation++;
      return taken.map(observed);
    },
  };
}

/** By number: where its key stands among all keys. Sorting by ranks is the order of {@link flowKey}. */
function ranksOf(keys: Iterable<string>, numberOf: (key: string) => number): Int32Array {
  const sorted = [...keys].sort();
  const ranks = new Int32Array(sorted.length);
  for (const [rank, key] of sorted.entries()) ranks[numberOf(key)] = rank;
  return ranks;
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
