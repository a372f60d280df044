// The forms in which clusters are put on disk for whole commands: what P2, P3 and P6 stand for.

import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timeOf } from '../measure.ts';
import { type ClusterSize, type DrawnCluster, drawCluster } from '../shapes/cluster-shape.ts';
import { POD_BYTES, printPodList, writePodList } from '../shapes/listed-pods.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { AS_OPENSHIFT, type ClusterItem, SEED, times } from './cluster-item.ts';
import { objectsOf, timeToParse, writeList, writeYaml } from './command.ts';
import type { Prepared } from './item.ts';

/** A cluster on disk: the file or the folder, and what its times are compared with. */
export interface Written extends Pick<Prepared, 'reference' | 'speed'> {
  readonly path: string;
}

/** One form. */
export interface Form {
  readonly id: string;
  readonly title: string;
  readonly item: Pick<ClusterItem, 'reference' | 'sizes' | 'smokeSizes' | 'margin'>;
  draw(size: ClusterSize): DrawnCluster;
  /** Into this folder, which is empty. */
  write(drawn: DrawnCluster, folder: string): Written;
}

/** Everything in one compact List. */
export const AS_LIST: Form = {
  id: 'P2',
  title: 'an OpenShift shape from one JSON file',
  item: AS_OPENSHIFT,
  draw: (size) => drawCluster(size, SEED),
  write(drawn, folder) {
    const path = writeList(drawn, folder);
    return { path, reference: () => timeToParse(path) };
  },
};

/** YAML files of thirty objects each, as repositories have them. The reference parses the same objects as JSON. */
export const AS_YAML: Form = {
  id: 'P3',
  title: 'the shape of P2 from YAML files of thirty objects',
  item: AS_OPENSHIFT,
  draw: (size) => drawCluster(size, SEED),
  write(drawn, folder) {
    const path = writeYaml(objectsOf(drawn), folder, 30);
    const list = writeList(drawn, folder);
    return { path, reference: () => timeToParse(list) };
  },
};

const MANY_PODS: ClusterSize = { namespaces: 3000, workloads: 15_000, policies: 10_000, pods: 150_000 };

/** Pods that the reference parses: JSON.parse takes no text as long as the largest list. */
const SAMPLE = 4000;

/** Pods as an API server lists them, and the rest beside them. Sizes for which there is no room on disk are left out. */
export const AS_LISTED: Form = {
  id: 'P6',
  title: 'pods as an API server lists them, and policies',
  item: {
    reference: 'JSON.parse of as many bytes',
    sizes: times([1 / 16, 1 / 4, 1], MANY_PODS).filter(hasRoom),
    smokeSizes: times([1 / 150, 4 / 150], MANY_PODS),
    margin: 10,
  },
  draw: (size) => outsideBlocks(drawCluster(size, SEED)),
  write(drawn, folder) {
    const path = join(folder, 'manifests');
    mkdirSync(path);
    const bytes = writePodList(join(path, 'pods.json'), drawn.workloads, SEED);
    const items = [...drawn.namespaces, ...drawn.policies];
    writeFileSync(join(path, 'rest.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const sample = printPodList(drawn.workloads.slice(0, SAMPLE), SEED);
    return {
      path,
      reference: () => (timeOf(() => JSON.parse(sample)) * bytes) / sample.length,
      speed: (milliseconds) => `${Math.round(bytes / milliseconds / 1000)} MB/s`,
    };
  },
};

/** All forms. */
export const FORMS: readonly Form[] = [AS_LIST, AS_YAML, AS_LISTED];

/** For two versions, and what is printed about them. */
function hasRoom({ pods = 0 }: ClusterSize): boolean {
  const { bavail, bsize } = statfsSync(tmpdir());
  return bavail * bsize > 2 * pods * POD_BYTES * 1.2;
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
