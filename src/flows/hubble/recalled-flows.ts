// Counts lines that are like lines before, without parsing them. What kind of record a line is depends on its leaf alone;
// who its ends are is put together from parts that were parsed once; then a number leads straight to the flow to count.

import type { FlowEnd } from '../../engine/model/flow.ts';
import { parseAddress } from '../../engine/sets/ip-address.ts';
import type { CountedFlow } from '../flow-aggregate.ts';
import { countFlow, type FlowRecorder, noteTime } from '../flow-recorder.ts';
import { ASIDE_REASONS, type AsideReason } from '../flow-summary.ts';
import { endOf } from './hubble-end.ts';
import { type Json, MalformedRecord } from './hubble-record.ts';
import type { Way } from './hubble-way.ts';
import { factsOf, type Interpretation, interpretFlow, isKnownRequest } from './interpret-flow.ts';
import { createLineMemory } from './line-memory.ts';
import { createNumberTable } from './number-table.ts';

/** Rows before the table is begun anew; about 60 bytes each. */
const MOST_ROWS = 500_000;

/** What is the same for all lines of a leaf. */
interface Kind {
  /** A flow of the kind; the parts that lines differ in are put into it. */
  readonly flow: Json;
  /** Index of the reason why such lines are left aside; -1: they are flows. */
  readonly aside: number;
  readonly way: Way;
  readonly count: number;
  readonly isAudited: boolean;
  /** Neither names nor Services are told with the ends, so that their objects and addresses say all. */
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
  let flows: CountedFlow[] = [];
  let ends: FlowEnd[] = [];
  /** By number of address: 4 or 6. */
  let families: number[] = [];
  let forgotten = 0;
  let generation = recorder.aggregate.generation();

  const familyOf = (address: number): number => {
    if (families[address] === undefined) {
      const parsed = parseAddress(memory.addressOf(address));
      families[address] = parsed.ok && parsed.family === 'IPv6' ? 6 : 4;
    }
    return families[address];
  };
  const describe = (side: 'source' | 'destination', isPlain: boolean): FlowEnd | undefined => {
    const isSource = side === 'source';
    const [end, address] = isSource
      ? [line.sourceEnd, line.sourceAddress]
      : [line.destinationEnd, line.destinationAddress];
    if (end === 0 || !isPlain) return undefined;
    endTable.row[0] = end;
    endTable.row[1] = address;
    endTable.row[2] = line.node;
    const known = endTable.find();
    return known === -1 ? undefined : ends[known];
  };
  const remember = (end: FlowEnd): FlowEnd => {
    const shared = recorder.aggregate.share(end);
    endTable.add(ends.length);
    ends.push(shared);
    return shared;
  };
  /** The flow that a line of a kind would be parsed to, as far as it matters, without its ends. */
  const assemble = ({ flow }: Kind): Json => {
    const ip = flow['IP'] as Json | undefined;
    const part = (key: string, number: number, text: (number: number) => unknown): Json =>
      number === 0 ? {} : { [key]: text(number) };
    return {
      ...flow,
      ...part('node_name', line.node, memory.nodeOf),
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
  const flowOf = (kind: Kind): CountedFlow | undefined => {
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
    if (known !== -1) return flows[known];
    const read = interpret(kind);
    if (read === undefined || typeof read.outcome === 'string') return undefined;
    const flow = recorder.aggregate.of(factsOf(read.outcome, ports));
    if (table.count() === MOST_ROWS) {
      table.clear();
      flows = [];
    }
    table.add(flows.length);
    flows.push(flow);
    return flow;
  };
  const interpret = (kind: Kind): Interpretation | undefined => {
    try {
      return interpretFlow(assemble(kind), (end, context, side) => {
        const known = describe(side, kind.isPlain);
        if (known !== undefined) return known;
        const number = side === 'source' ? line.sourceEnd : line.destinationEnd;
        if (number === 0) return endOf(end, context);
        const found = endOf(JSON.parse(memory.endOf(number)) as Json, context);
        return kind.isPlain ? remember(found) : found;
      });
    } catch (error) {
      if (error instanceof MalformedRecord) return undefined;
      throw error;
    }
  };
  const drop = (): void => {
    table.clear();
    endTable.clear();
    flows = [];
    ends = [];
    generation = recorder.aggregate.generation();
    if (forgotten === memory.forgotten()) return;
    forgotten = memory.forgotten();
    kinds = [];
    families = [];
  };

  return {
    count(bytes, start, end, number) {
      if (!memory.recall(bytes, start, end)) return false;
      const kind = kinds[line.leaf];
      if (kind === undefined) return false;
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
      noteTime(recorder, line.time);
      return true;
    },
    teach(bytes, start, end, isWrapped, flow, { outcome, count, isAudited }) {
      const isLearnt = memory.learn(bytes, start, end, isWrapped);
      if (memory.forgotten() !== forgotten) drop();
      if (!isLearnt || kinds[line.leaf] !== undefined) return;
      const isAside = typeof outcome === 'string';
      kinds[line.leaf] = {
        flow: {
          ...flow,
          ...(line.sourceEnd === 0 ? {} : { source: {} }),
          ...(line.destinationEnd === 0 ? {} : { destination: {} }),
        },
        aside: isAside ? ASIDE_REASONS.indexOf(outcome) : -1,
        way: isAside ? 'unknown' : outcome.way,
        count,
        isAudited,
        isPlain: !['source_names', 'destination_names', 'source_service', 'destination_service'].some(
          (key) => flow[key] !== undefined && flow[key] !== null,
        ),
      };
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
