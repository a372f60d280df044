// P11: flows with resolved ends against the policies of a cluster, on two cores, each with a state of its own.

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { VERDICTS } from '../../src/engine/index.ts';
import type { JudgeData, JudgeOrder, JudgeReply } from '../judge-flows.ts';
import { peakMemory } from '../measure.ts';
import { type NaiveEnd, naiveEvaluator } from '../naive/naive.ts';
import { type ClusterSize, type DrawnCluster, drawCluster } from '../shapes/cluster-shape.ts';
import { type DrawnFlows, drawFlows, type FlowsSize, OUTSIDE, PROTOCOLS } from '../shapes/flow-shape.ts';
import { AS_LARGEST } from './all-pairs.ts';
import { clusterItem, SEED } from './cluster-item.ts';
import type { Item, Prepared } from './item.ts';

const THREADS = 2;
const FLOWS = 2 ** 22;
/** Of a log of 650,000 flows 120,000 were different. */
const SEEN_EACH = 5;
/** Flows that are judged naively. */
const SAMPLE = 4000;
const ALL_SAMPLE = 40_000;
const SCRIPT = fileURLToPath(new URL('./judge-flows.js', import.meta.url));

/** Flows as they are seen, and flows of which none was seen before. */
export const FLOW_VERDICT_ITEMS: readonly Item[] = [
  clusterItem({
    ...AS_LARGEST,
    id: 'P11',
    title: 'four million flows with resolved ends, 800,000 of them different, judged on two cores',
    reference: 'one look at memory for each',
    prepare: (size) => prepareFlows(size, { flows: FLOWS, distinct: Math.floor(FLOWS / SEEN_EACH) }),
  }),
  clusterItem({
    ...AS_LARGEST,
    id: 'P11/new',
    title: 'the same, drawn each for itself',
    reference: 'one look at memory for each',
    prepare: (size) => prepareFlows(size, { flows: FLOWS, distinct: FLOWS }),
  }),
];

async function prepareFlows(size: ClusterSize, amount: FlowsSize): Promise<Prepared> {
  const cluster = drawCluster(size, SEED);
  const drawn = drawFlows(cluster, amount, SEED);
  const workers = Array.from({ length: THREADS }, () => {
    const data: JudgeData = { size, seed: SEED };
    return new Worker(SCRIPT, { workerData: data });
  });
  const ready = await Promise.all(workers.map((worker) => replyOf(worker)));
  const verdicts = new Uint8Array(new SharedArrayBuffer(amount.flows));
  workers.forEach((worker, part) => {
    const reply = ready[part]!;
    if (reply.type !== 'ready') throw new Error('not ready');
    const [start, end] = [part, part + 1].map((nth) => Math.floor((nth * amount.flows) / THREADS));
    const cut = <T extends Int32Array | Uint8Array | Uint16Array>(column: T) => column.slice(start, end) as T;
    const resolved = (column: Int32Array) => cut(column).map((position) => reply.numbers[position]!);
    tell(worker, {
      type: 'flows',
      flows: {
        sources: resolved(drawn.sources),
        destinations: resolved(drawn.destinations),
        protocols: cut(drawn.protocols),
        families: new Uint8Array(end! - start!).fill(4),
        ports: cut(drawn.ports),
      },
      verdicts: verdicts.subarray(start, end),
    });
  });
  const allDo = async (type: 'judge' | 'reference'): Promise<number> => {
    const begun = performance.now();
    await Promise.all(
      workers.map((worker) => {
        tell(worker, { type });
        return replyOf(worker);
      }),
    );
    return performance.now() - begun;
  };
  return {
    handled: amount.flows,
    run: () => allDo('judge'),
    reference: () => allDo('reference'),
    memory: peakMemory,
    speed: (milliseconds) => `${(amount.flows / milliseconds / 1000).toFixed(1)} million flows/s`,
    check: (isSmallest) => compareFlows(cluster, drawn, verdicts, isSmallest ? ALL_SAMPLE : SAMPLE),
  };
}

function tell(worker: Worker, order: JudgeOrder): void {
  worker.postMessage(order);
}

/** The next thing that the thread says. It keeps the process alive only until then. */
function replyOf(worker: Worker): Promise<JudgeReply> {
  worker.ref();
  return new Promise((done, fail) => {
    worker.once('error', fail);
    worker.once('message', (reply: JudgeReply) => {
      worker.off('error', fail);
      worker.unref();
      done(reply);
    });
  });
}

/** Differences on evenly spread flows between what was found and what the naive evaluator says. */
function compareFlows(cluster: DrawnCluster, flows: DrawnFlows, verdicts: Uint8Array, sample: number): string[] {
  const { workloads } = cluster;
  const judge = naiveEvaluator(cluster.namespaces, cluster.policies);
  const endOf = (position: number): NaiveEnd =>
    position < workloads.length ? { object: workloads[position]! } : { address: OUTSIDE[position - workloads.length]! };
  const step = Math.max(1, Math.floor(verdicts.length / sample));
  const differences: string[] = [];
  const found = new Set<string>();
  for (let i = 0; i < verdicts.length; i += step) {
    const [source, destination] = [flows.sources[i]!, flows.destinations[i]!];
    const protocol = PROTOCOLS[flows.protocols[i]!]!;
    // A pod always reaches itself.
    const expected =
      source === destination
        ? 'allowed'
        : judge({ from: endOf(source), to: endOf(destination), protocol, port: flows.ports[i]! });
    const said = VERDICTS[verdicts[i]!]!;
    found.add(said);
    if (said !== expected) differences.push(`flow ${i}: ${said}, naively ${expected}`);
  }
  return found.size > 1 ? differences : [...differences, 'all flows have the same verdict'];
}
