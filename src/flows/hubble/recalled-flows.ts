// Counts lines that say what an earlier line said: the memory of lines, and from what they say and their ports straight to
// the flow that is counted. A line that is not recalled is somebody else's to read, and to teach.

import type { CountedFlow } from '../flow-aggregate.ts';
import { countFlow, type FlowRecorder, noteTime } from '../flow-recorder.ts';
import { ASIDE_REASONS, type AsideReason } from '../flow-summary.ts';
import { type FlowShape, factsOf, type Interpretation, isKnownRequest } from './interpret-flow.ts';
import { createLineMemory } from './line-memory.ts';
import { createNumberTable } from './number-table.ts';

/** What stays of an interpretation: the rest was noted when the first such line was read. */
interface Said {
  /** Absent: the line is left aside, for the reason of this index. */
  readonly shape: FlowShape | undefined;
  readonly aside: number;
  readonly count: number;
  readonly isAudited: boolean;
}

/** Counts what was seen before. */
export interface RecalledFlows {
  /** Counts the line if one like it was taught; false: it was not, and nothing is counted. */
  count(bytes: Buffer, start: number, end: number, line: number): boolean;
  /** Teaches what a line says that was read in full. `isWrapped`: its flow stands under `flow`. */
  teach(bytes: Buffer, start: number, end: number, isWrapped: boolean, read: Interpretation): void;
  /** To be called before lines are counted, and after: in between, what the recorder holds may lag behind. */
  sync(): void;
}

/** Nothing taught yet. */
export function createRecalledFlows(recorder: FlowRecorder): RecalledFlows {
  const memory = createLineMemory<Said>();
  const table = createNumberTable(3);
  const row = table.row;
  const asides = new Array<number>(ASIDE_REASONS.length).fill(0);
  let flows: CountedFlow[] = [];
  let forgotten = 0;
  let generation = recorder.aggregate.generation();

  const flowOf = (shape: FlowShape): CountedFlow => {
    const { way } = shape;
    const { sourcePort, destinationPort } = memory;
    const ports = { source: sourcePort || undefined, destination: destinationPort || undefined };
    const isKnown = way === 'by-ports' ? isKnownRequest(ports.source, ports.destination) : way !== 'unknown';
    row[0] = memory.number;
    // The port that the flow drops must not tell records apart.
    row[1] = isKnown ? -1 : sourcePort;
    row[2] = way === 'reply' ? sourcePort : destinationPort;
    const known = table.find();
    if (known !== -1) return flows[known]!;
    const flow = recorder.aggregate.of(factsOf(shape, ports));
    table.add(flows.length);
    flows.push(flow);
    return flow;
  };
  const drop = (): void => {
    table.clear();
    flows = [];
    forgotten = memory.forgotten;
    generation = recorder.aggregate.generation();
  };

  return {
    count(bytes, start, end, line) {
      const said = memory.recall(bytes, start, end);
      if (said === undefined) return false;
      noteTime(recorder, memory.time);
      if (said.shape === undefined) asides[said.aside]!++;
      else {
        countFlow(recorder, flowOf(said.shape), said.count, memory.time, line);
        if (said.isAudited) recorder.audited++;
      }
      return true;
    },
    teach(bytes, start, end, isWrapped, { outcome, count, isAudited }) {
      const said =
        typeof outcome === 'string'
          ? { shape: undefined, aside: ASIDE_REASONS.indexOf(outcome), count, isAudited }
          : { shape: outcome, aside: -1, count, isAudited };
      memory.learn(bytes, start, end, isWrapped, said);
      if (memory.forgotten !== forgotten) drop();
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
