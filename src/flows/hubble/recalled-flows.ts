// Counts lines that are like lines before, without parsing them. What kind of record a line is depends on its leaf alone;
// who its ends are is put together from parts that were parsed once; then a number leads straight to the flow to count.

import { enlarged } from '../byte-table.ts';
import { countFlow, type FlowRecorder, noteTime, remember } from '../flow-recorder.ts';
import { ASIDE_REASONS, type AsideReason } from '../flow-summary.ts';
import { createNumberTable } from '../number-table.ts';
import { endOf } from './hubble-end.ts';
import { type Json, MalformedRecord } from './hubble-record.ts';
import type { Way } from './hubble-way.ts';
import {
  type ConnectionFacts,
  countedPorts,
  type FlowShape,
  factsOf,
  type Interpretation,
  interpretFlow,
  isKnownRequest,
  type RecordPorts,
} from './interpret-flow.ts';
import { createLineAddresses } from './line-addresses.ts';
import { createLineMemory, type KnownLine } from './line-memory.ts';

/** Rows before the table is begun anew; about 50 bytes each. */
const MOST_ROWS = 250_000;

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

/** Who an end is, whatever its address. */
interface Role {
  /** In the aggregate. */
  readonly number: number;
  readonly isNode: boolean;
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
  const { aggregate } = recorder;
  const table = createNumberTable(8);
  const row = table.row;
  /** By row of the table: its flow. */
  let flows = new Int32Array(1024);
  /** Rows of an end's object and the node or cluster that it depends on. */
  const roleTable = createNumberTable(2);
  let roles: Role[] = [];
  /** Rows of all that lines say but for their ends and ports. */
  const restTable = createNumberTable(3);
  let rests: number[] = [];
  const asides = new Array<number>(ASIDE_REASONS.length).fill(0);
  let kinds: (Kind | undefined)[] = [];
  /** By number of end: whether its object depends on the node that recorded it, or on that node's cluster only. */
  let areHosts: boolean[] = [];
  /** By number of node: a number for its cluster, below 0. */
  let clusters: number[] = [];
  let clusterNames: string[] = [];
  const addresses = createLineAddresses(memory, aggregate.ends.addresses);
  let forgotten = 0;
  let generation = aggregate.generation();

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
  /** Who the object of an end says that it is, whatever its address. */
  const roleOf = (end: number): Role => {
    roleTable.row[0] = end;
    roleTable.row[1] = areHosts[end] === true ? line.node : clusterOf(line.node);
    const known = roleTable.find();
    if (known !== -1) return roles[known]!;
    const nodeName = line.node === 0 ? undefined : memory.nodeOf(line.node);
    const context = { address: undefined, names: [], service: undefined, nodeName };
    const described = endOf(JSON.parse(memory.endOf(end)) as Json, context);
    const role = { number: aggregate.ends.roleOf(described), isNode: described.entity === 'node' };
    // Once an end is known to be a node, its name is part of it.
    areHosts[end] = described.node !== undefined;
    roleTable.row[1] = areHosts[end] ? line.node : clusterOf(line.node);
    if (roleTable.find() === -1) {
      roleTable.add();
      roles.push(role);
    }
    return role;
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
    if (known !== -1) return flows[known]!;
    const flow = kind.isPlain ? plainFlow(kind) : interpret(kind, ports);
    if (flow === undefined) return undefined;
    if (table.count() === MOST_ROWS) table.clear();
    const added = table.add();
    if (added === flows.length) flows = enlarged(flows, added * 2);
    flows[added] = flow;
    return flow;
  };
  /** The flow of the line whose ends say all about themselves: they are looked up, and nothing else is new. */
  const plainFlow = ({ facts, way, icmpType }: Kind): number | undefined => {
    const family = addresses.familyOf(line.sourceAddress);
    if (facts === undefined || family === undefined || family !== addresses.familyOf(line.destinationAddress))
      return undefined;
    const { ends } = aggregate;
    const sender = ends.endOf(roleOf(line.sourceEnd).number, addresses.numberOf(line.sourceAddress));
    const receiver = ends.endOf(roleOf(line.destinationEnd).number, addresses.numberOf(line.destinationAddress));
    const ports = { source: line.sourcePort || undefined, destination: line.destinationPort || undefined };
    const counted = countedPorts({ way, icmpType }, ports);
    const pair = aggregate.ports.of(counted.port, counted.sourcePort);
    const rest = restOf({ facts, source: {}, destination: {}, family, way, icmpType }, ports, counted.isKnown);
    return way === 'reply'
      ? aggregate.flowOf(receiver, sender, pair, rest)
      : aggregate.flowOf(sender, receiver, pair, rest);
  };
  const restOf = (shape: FlowShape, ports: RecordPorts, isKnown: boolean): number => {
    restTable.row[0] = line.leaf;
    restTable.row[1] = shape.family === 'IPv4' ? 4 : 6;
    restTable.row[2] = isKnown ? 1 : 0;
    const known = restTable.find();
    if (known !== -1) return rests[known]!;
    const rest = aggregate.restOf(factsOf(shape, ports));
    restTable.add();
    rests.push(rest);
    return rest;
  };
  /** The same for any line, from its flow as it would be parsed. */
  const interpret = (kind: Kind, ports: RecordPorts): number | undefined => {
    try {
      const { outcome } = interpretFlow(assemble(kind));
      return typeof outcome === 'string' ? undefined : aggregate.of(factsOf(outcome, ports));
    } catch (error) {
      if (error instanceof MalformedRecord) return undefined;
      throw error;
    }
  };
  /** Notes addresses of nodes that were never met as such; false: the line says more, and is better read in full. */
  const noteNewEnds = ({ isPlain }: Kind): boolean => {
    if (!isPlain) return false;
    noteNewEnd(line.sourceEnd, line.sourceAddress);
    noteNewEnd(line.destinationEnd, line.destinationAddress);
    return true;
  };
  const noteNewEnd = (end: number, address: number): void => {
    if (roleOf(end).isNode) remember(recorder.nodeAddresses, addresses.textOf(address));
  };
  const drop = (): void => {
    table.clear();
    roleTable.clear();
    roles = [];
    restTable.clear();
    rests = [];
    generation = aggregate.generation();
    const isForgotten = forgotten !== memory.forgotten();
    addresses.drop(isForgotten);
    if (!isForgotten) return;
    forgotten = memory.forgotten();
    kinds = [];
    areHosts = [];
    clusters = [];
    clusterNames = [];
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
        if (hasBoth && addresses.familyOf(sourceAddress) !== addresses.familyOf(destinationAddress)) return false;
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
      if (aggregate.generation() !== generation) drop();
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
