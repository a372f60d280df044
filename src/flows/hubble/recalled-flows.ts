// Counts lines that are like lines before, without parsing them. What kind of record a line is depends on its leaf alone;
// who its ends are is put together from parts that were parsed once; then a number leads straight to the flow to count.

import type { FlowEnd } from '../../engine/model/flow.ts';
import { parseAddress, printAddress } from '../../engine/sets/ip-address.ts';
import type { Family } from '../../engine/sets/ip-set.ts';
import { countFlow, type FlowRecorder, noteTime, remember } from '../flow-recorder.ts';
import { ASIDE_REASONS, type AsideReason } from '../flow-summary.ts';
import { createNumberTable } from '../number-table.ts';
import { endOf } from './hubble-end.ts';
import { type Json, MalformedRecord } from './hubble-record.ts';
import type { Way } from './hubble-way.ts';
import {
  type ConnectionFacts,
  type FlowShape,
  factsOf,
  type Interpretation,
  interpretFlow,
  isKnownRequest,
} from './interpret-flow.ts';
import { createLineMemory, type KnownLine } from './line-memory.ts';

/** Rows before the table is begun anew; about 60 bytes each. */
const MOST_ROWS = 500_000;

const MORE_ABOUT_ENDS = ['source_names', 'destination_names', 'source_service', 'destination_service'];

/** What is the same for all lines of a leaf. */
interface Kind {
  /** A flow of the kind; the parts that lines differ in are put into it. */
  readonly flow: Json;
  /** Index of the reason why such lines are left aside; -1: they are flows. */
  readonly aside: number;
  readonly way: Way;
  /** What lines of the kind say but for their ends, family and ports. */
  readonly facts: ConnectionFacts | undefined;
  readonly icmpType: number | undefined;
  readonly count: number;
  readonly isAudited: boolean;
  /** Both ends have objects and addresses, which say all: neither names nor Services are told beside them. */
  readonly isPlain: boolean;
}

/** Counts what was seen before. */
export interface RecalledFlows {
  /** Counts the line if one like it was taught; false: it was not, and nothing is counted. */
  count(bytes: Buffer, start: number, end: number, line: number): boolean;
  /** Teaches a line that was read in full: its flow, what it says, and whether it stands under `flow`. */
  teach(bytes: Buffer, start: number, end: number, isWrapped: boolean, flow: Json, read: Interpretation): void;
  /** To be called before lines are counted, and after: in between, what the recorder holds may lag behind. */
  sync(): void;
}

/** Nothing taught yet. */
export function createRecalledFlows(recorder: FlowRecorder): RecalledFlows {
  const memory = createLineMemory();
  const { line } = memory;
  const table = createNumberTable(8);
  const row = table.row;
  const endTable = createNumberTable(3);
  const asides = new Array<number>(ASIDE_REASONS.length).fill(0);
  let kinds: (Kind | undefined)[] = [];
  let ends: FlowEnd[] = [];
  /** By number of end: whether its object depends on the node that recorded it, or on that node's cluster only. */
  let areHosts: boolean[] = [];
  /** By number of node: a number for its cluster, below 0. */
  let clusters: number[] = [];
  let clusterNames: string[] = [];
  /** By number of address. */
  let families: (Family | undefined)[] = [];
  let addresses: string[] = [];
  let forgotten = 0;
  let generation = recorder.aggregate.generation();

  const readAddress = (address: number): void => {
    const parsed = parseAddress(memory.addressOf(address));
    families[address] = parsed.ok ? parsed.family : undefined;
    addresses[address] = parsed.ok ? printAddress(parsed.family, parsed.value) : '';
  };
  const familyOf = (address: number): Family => {
    if (families[address] === undefined) readAddress(address);
    return families[address]!;
  };
  const addressOf = (address: number): string => {
    if (addresses[address] === undefined) readAddress(address);
    return addresses[address]!;
  };
  const clusterOf = (node: number): number => {
    if (node === 0) return 0;
    if (clusters[node] === undefined) {
      const name = memory.nodeOf(node);
      const cluster = name.slice(0, Math.max(0, name.lastIndexOf('/')));
      if (!clusterNames.includes(cluster)) clusterNames.push(cluster);
      clusters[node] = -1 - clusterNames.indexOf(cluster);
    }
    return clusters[node];
  };
  const describe = (end: number, address: number): FlowEnd => {
    endTable.row[0] = end;
    endTable.row[1] = address;
    endTable.row[2] = areHosts[end] === true ? line.node : clusterOf(line.node);
    const known = endTable.find();
    if (known !== -1) return ends[known]!;
    const context = {
      address: addressOf(address),
      names: [],
      service: undefined,
      nodeName: line.node === 0 ? undefined : memory.nodeOf(line.node),
    };
    const shared = recorder.aggregate.share(endOf(JSON.parse(memory.endOf(end)) as Json, context));
    // Once an end is known to be a node, its name is part of it.
    areHosts[end] = shared.node !== undefined;
    endTable.row[2] = areHosts[end] ? line.node : clusterOf(line.node);
    endTable.add(ends.length);
    ends.push(shared);
    return shared;
  };
  /** The flow that a line of a kind would be parsed to, as far as it matters. */
  const assemble = ({ flow }: Kind): Json => {
    const ip = flow['IP'] as Json | undefined;
    const part = (key: string, number: number, text: (number: number) => unknown): Json =>
      number === 0 ? {} : { [key]: text(number) };
    return {
      ...flow,
      ...part('node_name', line.node, memory.nodeOf),
      ...part('source', line.sourceEnd, (number) => JSON.parse(memory.endOf(number))),
      ...part('destination', line.destinationEnd, (number) => JSON.parse(memory.endOf(number))),
      ...(ip === undefined || ip === null
        ? {}
        : {
            IP: {
              ...ip,
              ...part('source', line.sourceAddress, memory.addressOf),
              ...part('destination', line.destinationAddress, memory.addressOf),
            },
          }),
    };
  };
  /** The flow of the line that was recalled; undefined where it is none after all, which only its parts show. */
  const flowOf = (kind: Kind): number | undefined => {
    const { way } = kind;
    const { sourcePort, destinationPort } = line;
    const ports = { source: sourcePort || undefined, destination: destinationPort || undefined };
    const isKnown = way === 'by-ports' ? isKnownRequest(ports.source, ports.destination) : way !== 'unknown';
    row[0] = line.leaf;
    row[1] = line.sourceAddress;
    row[2] = line.destinationAddress;
    row[3] = line.sourceEnd;
    row[4] = line.destinationEnd;
    row[5] = line.node;
    // The port that the flow drops must not tell records apart.
    row[6] = isKnown ? -1 : sourcePort;
    row[7] = way === 'reply' ? sourcePort : destinationPort;
    const known = table.find();
    if (known !== -1) return known;
    const shape = kind.isPlain ? shapeOf(kind) : interpret(kind);
    if (shape === undefined) return undefined;
    const flow = recorder.aggregate.of(factsOf(shape, ports));
    if (table.count() === MOST_ROWS) table.clear();
    table.add(flow);
    return flow;
  };
  /** What the line says whose ends say all about themselves: they are looked up, and nothing else is new. */
  const shapeOf = ({ facts, way, icmpType }: Kind): FlowShape | undefined => {
    const { sourceAddress, destinationAddress } = line;
    if (facts === undefined || familyOf(sourceAddress) !== familyOf(destinationAddress)) return undefined;
    const sender = describe(line.sourceEnd, sourceAddress);
    const receiver = describe(line.destinationEnd, destinationAddress);
    const [source, destination] = way === 'reply' ? [receiver, sender] : [sender, receiver];
    return { facts, source, destination, family: familyOf(sourceAddress), way, icmpType };
  };
  /** The same for any line, from its flow as it would be parsed. */
  const interpret = (kind: Kind): FlowShape | undefined => {
    try {
      const { outcome } = interpretFlow(assemble(kind));
      return typeof outcome === 'string' ? undefined : outcome;
    } catch (error) {
      if (error instanceof MalformedRecord) return undefined;
      throw error;
    }
  };
  /** Notes addresses of nodes that were never met as such; false: the line says more, and is better read in full. */
  const noteNewEnds = ({ isPlain }: Kind): boolean => {
    if (!isPlain) return false;
    for (const end of [
      describe(line.sourceEnd, line.sourceAddress),
      describe(line.destinationEnd, line.destinationAddress),
    ])
      if (end.entity === 'node') remember(recorder.nodeAddresses, end.address!);
    return true;
  };
  const drop = (): void => {
    table.clear();
    endTable.clear();
    ends = [];
    generation = recorder.aggregate.generation();
    if (forgotten === memory.forgotten()) return;
    forgotten = memory.forgotten();
    kinds = [];
    areHosts = [];
    clusters = [];
    clusterNames = [];
    families = [];
    addresses = [];
  };

  return {
    count(bytes, start, end, number) {
      if (!memory.recall(bytes, start, end)) return false;
      const kind = kinds[line.leaf];
      if (kind === undefined) return false;
      if (line.isNewEnd && !noteNewEnds(kind)) return false;
      if (kind.aside >= 0) {
        // Both addresses are good ones; a line of two families is broken, whatever else it is.
        const { sourceAddress, destinationAddress } = line;
        const hasBoth = sourceAddress > 0 && destinationAddress > 0;
        if (hasBoth && familyOf(sourceAddress) !== familyOf(destinationAddress)) return false;
        asides[kind.aside]!++;
      } else {
        const flow = flowOf(kind);
        if (flow === undefined) return false;
        countFlow(recorder, flow, kind.count, line.time, number);
        if (kind.isAudited) recorder.audited++;
      }
      if (line.isNewEnd) memory.keepEnds();
      noteTime(recorder, line.time);
      return true;
    },
    teach(bytes, start, end, isWrapped, flow, { outcome, count, isAudited }) {
      const isLearnt = memory.learn(bytes, start, end, isWrapped);
      if (memory.forgotten() !== forgotten) drop();
      if (!isLearnt || kinds[line.leaf] !== undefined) return;
      kinds[line.leaf] = kindOf(flow, outcome, count, isAudited, line);
    },
    sync() {
      for (const [index, count] of asides.entries()) {
        if (count === 0) continue;
        const reason: AsideReason = ASIDE_REASONS[index]!;
        recorder.aside.set(reason, (recorder.aside.get(reason) ?? 0) + count);
        asides[index] = 0;
      }
      if (recorder.aggregate.generation() !== generation) drop();
    },
  };
}

/** What a line says that was read in full, less what the next of its kind may say otherwise. */
function kindOf(
  flow: Json,
  outcome: Interpretation['outcome'],
  count: number,
  isAudited: boolean,
  { sourceAddress, destinationAddress, sourceEnd, destinationEnd }: KnownLine,
): Kind {
  const hasParts = sourceAddress > 0 && destinationAddress > 0 && sourceEnd > 0 && destinationEnd > 0;
  const common = {
    // The ends are put in from what is known of them, and would only take memory.
    flow: { ...flow, ...(sourceEnd === 0 ? {} : { source: {} }), ...(destinationEnd === 0 ? {} : { destination: {} }) },
    count,
    isAudited,
    isPlain: hasParts && !MORE_ABOUT_ENDS.some((key) => flow[key] !== undefined && flow[key] !== null),
  };
  if (typeof outcome === 'string') {
    const aside = ASIDE_REASONS.indexOf(outcome);
    return { ...common, aside, way: 'unknown', facts: undefined, icmpType: undefined };
  }
  const { way, facts, icmpType } = outcome;
  return { ...common, aside: -1, way, facts, icmpType };
}
