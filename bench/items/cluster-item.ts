// Items whose sizes are those of drawn clusters: sizes a factor of four apart, and how the table prints them.

import type { ClusterSize } from '../shapes/cluster-shape.ts';
import type { Item, ItemSize, Prepared } from './item.ts';

/** What clusters are drawn from. */
export const SEED = 20240607;

/** Pairs that a check judges by the naive evaluator, for each item and size. */
export const SAMPLED_PAIRS = 2000;

/** An item whose sizes are those of clusters. */
export interface ClusterItem extends Omit<Item, 'sizes' | 'smokeSizes'> {
  readonly sizes: readonly ClusterSize[];
  readonly smokeSizes: readonly ClusterSize[];
  prepare(size: ClusterSize, folder: string): Prepared | Promise<Prepared>;
}

/** The item of it. */
export function clusterItem({ prepare, sizes, smokeSizes, ...item }: ClusterItem): Item {
  const sized = (size: ClusterSize): ItemSize => ({
    text: sizeText(size),
    amount: size.policies,
    size,
    prepare: (folder) => prepare(size, folder),
  });
  return { ...item, sizes: sizes.map(sized), smokeSizes: smokeSizes.map(sized) };
}

function sizeText({ namespaces, workloads, policies, pods }: ClusterSize): string {
  const ends = pods === undefined ? `${workloads} workloads` : `${pods} pods of ${workloads} workloads`;
  return `${namespaces} namespaces, ${ends}, ${policies} policies`;
}

/** A size so many times. */
export function times(
  factors: readonly number[],
  { namespaces, workloads, policies, pods }: ClusterSize,
): readonly ClusterSize[] {
  return factors.map((factor) => ({
    namespaces: Math.round(namespaces * factor),
    workloads: Math.round(workloads * factor),
    policies: Math.round(policies * factor),
    ...(pods === undefined ? {} : { pods: Math.round(pods * factor) }),
  }));
}

/** Of the published shape; the largest is the published size. */
export const AS_OPENSHIFT = {
  reference: 'JSON.parse',
  sizes: times([1, 4, 16], { namespaces: 37.5, workloads: 337.5, policies: 825 }),
  smokeSizes: times([0.5, 2], { namespaces: 37.5, workloads: 337.5, policies: 825 }),
  margin: 10,
} as const;
