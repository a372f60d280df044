// Equal records of a log, counted. Bounded: what it holds can be taken out at any time, and counting begins again at
// nothing. Holds numbers; objects are made of them when they are taken out. Knows no format and no file.

import type { FlowEnd, ObservedFlow } from '../engine/model/flow.ts';
import { createFlowEnds, type FlowEnds, numberIn, type PackedEnds } from './flow-ends.ts';
import { type FlowFacts, factsKeyAround } from './flow-key.ts';
import { createFlowPorts, type FlowPorts } from './flow-ports.ts';
import { createNumberTable } from './number-table.ts';
import { type Rank, ranksOf, sortedByRanks } from './ranks.ts';

/** Counts flows. */
export interface FlowAggregate {
  /** The ends of its flows. Their numbers stay valid until the next `take`, as all others do. */
  readonly ends: FlowEnds;
  /** The ports of its flows. */
  readonly ports: FlowPorts;
  /** The number of all that a flow says but for its ends and ports, which are not looked at. */
  restOf(facts: FlowFacts): number;
  /** The number of the flow of two ends, a pair of ports and the rest. */
  flowOf(source: number, destination: number, ports: number, rest: number): number;
  /** The number of the flow with these facts. */
  of(facts: FlowFacts): number;
  /** One more record (or `count` of them) of a flow. `time` is NaN where it has none. */
  count(flow: number, count: number, time: number, file: string, line: number): void;
  /** All flows as they are, which stay. */
  pack(): PackedFlows;
  /** Adds flows that somebody else counted in a file, whose first line is the one after `before` lines of it. */
  addPacked(packed: PackedFlows, file: string, before: number): void;
  /** How many distinct flows and ends are held. */
  size(): number;
  /** How often the aggregate was emptied: numbers from before are of no use after. */
  generation(): number;
  /** All flows that were recorded, in the order of their keys; the aggregate is empty then. */
  take(): ObservedFlow[];
  /** The same in parts of so many flows at most, made one after the other; the aggregate is empty after the last. */
  takeInParts(most: number): Generator<ObservedFlow[]>;
}

/** Flows of one file as they go from thread to thread. */
export interface PackedFlows {
  readonly ends: PackedEnds;
  readonly ports: Int32Array;
  /** A flow of each rest. */
  readonly rests: readonly FlowFacts[];
  /** Four fields for each flow, and what is counted of it. */
  readonly flows: Int32Array;
  readonly numbers: Float64Array;
}

/** Fields of a flow. */
const [SOURCE, DESTINATION, PORTS, REST] = [0, 1, 2, 3];
/** What is counted of a flow, side by side since it changes together. The line and the file are those of the first record. */
const [COUNT, FIRST, LAST, LINE, FILE, WIDTH] = [0, 1, 2, 3, 4, 5];

/** Objects of ends that are kept for further flows, or an eighth of the flows: where there are more, each has few flows. */
const MOST_OBJECTS = 4000;

const NO_END: FlowEnd = {};

/** An empty aggregate. */
export function createAggregate(): FlowAggregate {
  const ends = createFlowEnds();
  const ports = createFlowPorts();
  const flows = createNumberTable(4);
  let numbers = new Float64Array(1024 * WIDTH);
  const rests = new Map<string, number>();
  /** By number of the rest. */
  let known: Rest[] = [];
  const files: string[] = [];
  let generation = 0;

  const restOf = (facts: FlowFacts): number => {
    const { before, after } = factsKeyAround(facts);
    const rest = numberIn(rests, `${before}${after}`);
    if (rest === known.length) known.push({ facts, before, after, examples: [] });
    return rest;
  };
  const hold = (): number => {
    const flow = flows.add();
    const at = flow * WIDTH;
    if (at === numbers.length) {
      const larger = new Float64Array(numbers.length * 2);
      larger.set(numbers);
      numbers = larger;
    }
    numbers[at + COUNT] = 0;
    numbers[at + FIRST] = Number.NaN;
    numbers[at + LAST] = Number.NaN;
    return flow;
  };
  const flowOf = (source: number, destination: number, pair: number, rest: number): number => {
    flows.row[SOURCE] = source;
    flows.row[DESTINATION] = destination;
    flows.row[PORTS] = pair;
    flows.row[REST] = rest;
    const found = flows.find();
    return found === -1 ? hold() : found;
  };
  const numberOfFile = (file: string): number => {
    const found = files.lastIndexOf(file);
    return found === -1 ? files.push(file) - 1 : found;
  };
  const inOrder = (): Int32Array => {
    const [endRanks, portRanks] = [ends.ranks(), ports.ranks()];
    const rankOfRest = (text: (rest: Rest) => string): Rank => {
      const texts = [...new Set(known.map(text))];
      const ranks = new Map(Array.from(ranksOf(texts), (rank, index) => [texts[index]!, rank]));
      const byRest = Int32Array.from(known, (rest) => ranks.get(text(rest))!);
      return { of: (flow) => byRest[flows.fieldOf(flow, REST)]!, count: texts.length };
    };
    const counted = new Int32Array(flows.count())
      .map((_, flow) => flow)
      .filter((flow) => numbers[flow * WIDTH + COUNT]! > 0);
    return sortedByRanks(counted, [
      { of: (flow) => endRanks[flows.fieldOf(flow, SOURCE)]!, count: endRanks.length },
      { of: (flow) => endRanks[flows.fieldOf(flow, DESTINATION)]!, count: endRanks.length },
      rankOfRest(({ before }) => before),
      { of: (flow) => portRanks[flows.fieldOf(flow, PORTS)]!, count: portRanks.length },
      rankOfRest(({ after }) => after),
    ]);
  };
  const observed = (flow: number, source: FlowEnd, destination: FlowEnd): ObservedFlow => {
    const at = flow * WIDTH;
    const pair = flows.fieldOf(flow, PORTS);
    const [port, sourcePort] = [ports.portOf(pair), ports.sourcePortOf(pair)];
    const [count, first] = [numbers[at + COUNT]!, numbers[at + FIRST]!];
    const isTimed = !Number.isNaN(first);
    const made = { ...exampleOf(known[flows.fieldOf(flow, REST)]!, { port, sourcePort, isTimed }) };
    made.source = source;
    made.destination = destination;
    made.count = count;
    made.place = { file: files[numbers[at + FILE]!]!, line: numbers[at + LINE]! };
    if (port !== undefined) made.port = port;
    if (sourcePort !== undefined) made.sourcePort = sourcePort;
    if (isTimed) {
      made.first = first;
      made.last = numbers[at + LAST]!;
    }
    return made;
  };
  const clear = (): void => {
    ends.clear();
    ports.clear();
    flows.clear();
    rests.clear();
    known = [];
    generation++;
  };
  const takeInParts = function* (most: number): Generator<ObservedFlow[]> {
    const order = inOrder();
    const objects = new Array<FlowEnd | undefined>(ends.count());
    let made: number[] = [];
    const objectOf = (end: number): FlowEnd => {
      const found = objects[end];
      if (found !== undefined) return found;
      made.push(end);
      objects[end] = ends.objectOf(end);
      return objects[end];
    };
    const mostObjects = Math.max(MOST_OBJECTS, order.length / 8);
    for (let start = 0; start < order.length; start += most) {
      if (made.length > mostObjects) {
        for (const end of made) objects[end] = undefined;
        made = [];
      }
      const part = order.subarray(start, start + most);
      yield Array.from(part, (flow) =>
        observed(flow, objectOf(flows.fieldOf(flow, SOURCE)), objectOf(flows.fieldOf(flow, DESTINATION))),
      );
    }
    clear();
  };
  const countOne = (flow: number, count: number, time: number, file: string, line: number): void => {
    const at = flow * WIDTH;
    if (numbers[at + COUNT] === 0) {
      numbers[at + LINE] = line;
      numbers[at + FILE] = numberOfFile(file);
    }
    numbers[at + COUNT]! += count;
    // Comparisons with NaN are false, so a time replaces NaN and is never replaced by it.
    if (Number.isNaN(time)) return;
    if (!(numbers[at + FIRST]! <= time)) numbers[at + FIRST] = time;
    if (!(numbers[at + LAST]! >= time)) numbers[at + LAST] = time;
  };
  const addPacked = (packed: PackedFlows, file: string, before: number): void => {
    const [endOf, pairOf] = [ends.addPacked(packed.ends), ports.addPacked(packed.ports)];
    const restNumbers = packed.rests.map(restOf);
    const rows = packed.flows;
    for (let index = 0; index * 4 < rows.length; index++) {
      const [row, at] = [index * 4, index * WIDTH];
      // Nothing was counted of a flow that was broken after all.
      if (packed.numbers[at + COUNT] === 0) continue;
      const flow = flowOf(
        endOf[rows[row + SOURCE]!]!,
        endOf[rows[row + DESTINATION]!]!,
        pairOf[rows[row + PORTS]!]!,
        restNumbers[rows[row + REST]!]!,
      );
      countOne(
        flow,
        packed.numbers[at + COUNT]!,
        packed.numbers[at + FIRST]!,
        file,
        packed.numbers[at + LINE]! + before,
      );
      countOne(flow, 0, packed.numbers[at + LAST]!, file, 0);
    }
  };
  return {
    ends,
    ports,
    restOf,
    flowOf,
    of: (facts) => {
      const pair = ports.of(facts.port, facts.sourcePort);
      return flowOf(ends.of(facts.source), ends.of(facts.destination), pair, restOf(facts));
    },
    count: countOne,
    pack: () => ({
      ends: ends.pack(),
      ports: ports.pack(),
      rests: known.map(({ facts }) => facts),
      flows: flows.rows(),
      numbers: numbers.slice(0, flows.count() * WIDTH),
    }),
    addPacked,
    size: () => flows.count() + ends.count(),
    generation: () => generation,
    take: () => [...takeInParts(Number.POSITIVE_INFINITY)].flat(),
    takeInParts,
  };
}

type Made = { -readonly [Key in keyof ObservedFlow]: ObservedFlow[Key] };

/** All that a flow says but for its ends and ports. */
interface Rest {
  /** A flow of it. */
  readonly facts: FlowFacts;
  /** What stands before and after the ports in the keys of its flows. */
  readonly before: string;
  readonly after: string;
  /** Flows of it to copy, by what they have: a copy of a shape that exists is made faster than a new object. */
  readonly examples: Made[];
}

/** A flow of the rest with these fields, whose values are another's. */
function exampleOf(
  { facts, examples }: Rest,
  has: { readonly port: number | undefined; readonly sourcePort: number | undefined; readonly isTimed: boolean },
): Made {
  const which = (has.port === undefined ? 0 : 1) + (has.sourcePort === undefined ? 0 : 2) + (has.isTimed ? 4 : 0);
  const known = examples[which];
  if (known !== undefined) return known;
  const { port: _, sourcePort: __, ...rest } = facts;
  const made: Made = {
    ...rest,
    source: NO_END,
    destination: NO_END,
    count: 0,
    place: { file: '', line: 0 },
    ...(has.port === undefined ? {} : { port: 0 }),
    ...(has.sourcePort === undefined ? {} : { sourcePort: 0 }),
    ...(has.isTimed ? { first: 0.5, last: 0.5 } : {}),
  };
  examples[which] = made;
  return made;
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
