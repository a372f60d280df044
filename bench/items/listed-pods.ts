// P6 and P6/generate: `map` and `generate` as whole commands where the pods are a list as an API server prints it, against
// JSON.parse of a part of it.

import { statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectivityMap } from '../../src/engine/index.ts';
import { answerOfDocument } from '../answers.ts';
import { compareAnswer } from '../exactness.ts';
import { timeOf } from '../measure.ts';
import { compareGenerated, type PrintedPolicies } from '../naive/naive-generated.ts';
import { type ClusterSize, type DrawnCluster, drawCluster } from '../shapes/cluster-shape.ts';
import { POD_BYTES, printPodList, writePodList } from '../shapes/listed-pods.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { clusterItem, SAMPLED_PAIRS, SEED, times } from './cluster-item.ts';
import { prepareVerb } from './command.ts';
import { isCountable } from './in-process.ts';
import type { Item, Prepared } from './item.ts';

const SIZE: ClusterSize = { namespaces: 3000, workloads: 15_000, policies: 10_000, pods: 150_000 };
/** Pods that the reference parses: JSON.parse takes no text as long as the largest list. */
const SAMPLE = 4000;

/** Reading pods as a server lists them; sizes for which there is no room on disk are left out. */
export const LISTED_PODS_ITEM: Item = clusterItem({
  id: 'P6',
  title: 'map -o json of pods as an API server lists them, and policies, whole command',
  reference: 'JSON.parse of as many bytes',
  sizes: times([1 / 16, 1 / 4, 1], SIZE).filter(hasRoom),
  smokeSizes: times([1 / 150, 4 / 150], SIZE),
  margin: 10,
  prepare: preparePods,
});

function hasRoom({ pods = 0 }: ClusterSize): boolean {
  const { bavail, bsize } = statfsSync(tmpdir());
  return bavail * bsize > pods * POD_BYTES * 1.2;
}

function preparePods(size: ClusterSize, folder: string): Prepared {
  const { drawn, files, ...measured } = writePods(size, folder);
  return {
    ...prepareVerb({ args: ['map', '-o', 'json', ...files], folder }, (text, isSmallest) =>
      compareAnswer(
        drawn,
        answerOfDocument(JSON.parse(text) as ConnectivityMap),
        SAMPLED_PAIRS,
        isSmallest && isCountable(drawn),
      ),
    ),
    ...measured,
  };
}

/** P6/generate: what policies would let those pods live, as a whole command. */
export const GENERATE_FOR_PODS_ITEM: Item = clusterItem({
  id: 'P6/generate',
  title: 'generate -o json for pods as an API server lists them, beside policies, whole command',
  reference: 'JSON.parse of as many bytes',
  sizes: times([1 / 16, 1 / 4, 1], SIZE).filter(hasRoom),
  smokeSizes: times([1 / 150, 4 / 150], SIZE),
  margin: 10,
  prepare(size, folder) {
    const { drawn, files, ...measured } = writePods(size, folder);
    const declared = { ...drawn, workloads: ownersOf(drawn), services: [], needs: [] };
    return {
      ...prepareVerb({ args: ['generate', '-o', 'json', ...files], folder }, (text, isSmallest) =>
        compareGenerated(declared, JSON.parse(text) as PrintedPolicies, { pairs: SAMPLED_PAIRS, seed: 1, isSmallest }),
      ),
      ...measured,
    };
  },
});

/** One pod of each workload, called as its workload is. */
function ownersOf({ workloads }: DrawnCluster): readonly Json[] {
  const owners = new Map<string, Json>();
  for (const pod of workloads) {
    const metadata = pod.metadata as Json & { readonly namespace: string; readonly labels: { readonly app: string } };
    const name = metadata.labels.app;
    const key = `${metadata.namespace}/${name}`;
    if (!owners.has(key)) owners.set(key, { ...pod, metadata: { ...metadata, name } });
  }
  return [...owners.values()];
}

type WrittenPods = Pick<Prepared, 'reference' | 'speed'> & {
  readonly drawn: DrawnCluster;
  readonly files: readonly string[];
};

/** The list of pods and the rest, in two files. */
function writePods(size: ClusterSize, folder: string): WrittenPods {
  const drawn = outsideBlocks(drawCluster(size, SEED));
  const [pods, rest] = [join(folder, 'pods.json'), join(folder, 'rest.json')];
  const bytes = writePodList(pods, drawn.workloads, SEED);
  const items = [...drawn.namespaces, ...drawn.policies];
  writeFileSync(rest, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const sample = printPodList(drawn.workloads.slice(0, SAMPLE), SEED);
  return {
    drawn,
    files: ['-f', pods, '-f', rest],
    reference: () => (timeOf(() => JSON.parse(sample)) * bytes) / sample.length,
    speed: (milliseconds) => `${Math.round(bytes / milliseconds / 1000)} MB/s`,
  };
}

/**
 * The same pods with addresses in no block of a policy: pods of one workload that blocks tell apart are several ends of the
 * answer, and it does not say which pod is which.
 */
function outsideBlocks(drawn: DrawnCluster): DrawnCluster {
  const workloads = drawn.workloads.map((pod): Json => {
    const podIP = (pod.status as { readonly podIP: string }).podIP.replace(
      /^10\.(\d+)/,
      (_, second) => `100.${64 + Number(second)}`,
    );
    return { ...pod, status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }] } };
  });
  return { ...drawn, workloads };
}
