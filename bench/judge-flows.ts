// A thread that judges its part of the flows of P11: it draws the cluster, builds a state of its own, says which numbers the
// ends have, and then judges whenever it is told to.

import { parentPort, workerData } from 'node:worker_threads';
import { FLOW_PROTOCOLS, type FlowBatch, flowVerdicts } from '../src/engine/index.ts';
import { stateOf } from './items/in-process.ts';
import { timeOf } from './measure.ts';
import { type ClusterSize, drawCluster } from './shapes/cluster-shape.ts';
import { OUTSIDE, PROTOCOLS } from './shapes/flow-shape.ts';

/** What the thread starts with. */
export interface JudgeData {
  readonly size: ClusterSize;
  readonly seed: number;
}

/** What it is told: its flows with the array for their verdicts, or what to do with them. */
export type JudgeOrder =
  | { readonly type: 'flows'; readonly flows: FlowBatch; readonly verdicts: Uint8Array }
  | { readonly type: 'judge' }
  | { readonly type: 'reference' };

/** What it answers. */
export type JudgeReply =
  /** Numbers of the pods as they were drawn, then of the addresses outside. */
  { readonly type: 'ready'; readonly numbers: Int32Array } | { readonly type: 'done'; readonly milliseconds: number };

/** Bytes of the table that the reference looks into: more than a core keeps at hand. */
const TABLE = 16 * 2 ** 20;

const port = parentPort!;
const { size, seed } = workerData as JudgeData;
const drawn = drawCluster(size, seed);
const { numbers, judge } = flowVerdicts(stateOf(drawn));
const named = drawn.workloads.map(({ metadata }) => metadata as { readonly namespace: string; readonly name: string });
const all = [...named.map(({ namespace, name }) => numbers.pod(namespace, name)), ...OUTSIDE.map(numbers.address)];
if (PROTOCOLS.some((protocol, number) => FLOW_PROTOCOLS[number] !== protocol)) throw new Error('other protocols');
let mine: { readonly flows: FlowBatch; readonly verdicts: Uint8Array } | undefined;
let table: Int32Array | undefined;
const reply = (what: JudgeReply) => port.postMessage(what);

port.on('message', (order: JudgeOrder) => {
  if (order.type === 'flows') {
    mine = order;
    return;
  }
  const { flows, verdicts } = mine!;
  const run = order.type === 'judge' ? () => judge(flows, verdicts) : () => lookUp(flows);
  reply({ type: 'done', milliseconds: timeOf(run) });
});
reply({ type: 'ready', numbers: Int32Array.from(all) });

/** The floor: for each flow one look at a place that nobody could foresee, and nothing else. */
function lookUp({ sources, destinations, ports }: FlowBatch): number {
  table ??= new Int32Array(TABLE / 4).fill(1);
  let sum = 0;
  for (let i = 0; i < sources.length; i++) {
    const mixed = Math.imul(sources[i]!, 0x9e3779b1) ^ Math.imul(destinations[i]!, 0x85ebca6b) ^ ports[i]!;
    sum = (sum + table[(Math.imul(mixed, 0x2c1b3c6d) >>> 10) & (TABLE / 4 - 1)]!) | 0;
  }
  return sum;
}
