// What is asked of the largest cluster, asked of one as large whose namespaces are alike: what prototypes of plain
// NetworkPolicy reached the targets on.

import type { ClusterSize, DrawnCluster } from '../shapes/cluster-shape.ts';
import { regularCluster } from '../shapes/regular-shape.ts';
import { LARGEST, prepareAllPairs, prepareRectangles } from './all-pairs.ts';
import { type ClusterItem, clusterItem, times } from './cluster-item.ts';
import type { Item } from './item.ts';
import { preparePairs } from './one-pair.ts';
import { type Draw, prepareChanges } from './policy-change.ts';
import { AS_LARGEST_BUT, prepareRedundancy } from './redundancy.ts';
import { prepareAgain, twoVersions } from './two-versions.ts';

/** A hundred thousand namespaces of ten pods and ten policies. */
const MILLION: ClusterSize = { namespaces: 100_000, workloads: 500_000, policies: 1_000_000, pods: 1_000_000 };

function drawn({ namespaces, workloads, pods }: ClusterSize): DrawnCluster {
  return regularCluster(namespaces, Math.round(pods! / workloads));
}

/** As those of the drawn cluster; a namespace has five workloads and ten policies there, too. */
const SIZES = {
  reference: 'JSON.parse',
  sizes: times([1 / 16, 1 / 4, 1], LARGEST),
  smokeSizes: times([1 / 250, 4 / 250], LARGEST),
  margin: 10,
} as const;

const regular = (item: Pick<ClusterItem, 'id' | 'title' | 'prepare'> & Partial<ClusterItem>): Item =>
  clusterItem({ ...SIZES, ...item });

/** Everything is isolated in both directions, so that a change opens both: an app to its namespace. */
const openWithin: Draw = (_, app) => {
  const ports = [{ port: 8080 }];
  return {
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [{ podSelector: {} }], ports }],
    egress: [{ to: [{ podSelector: { matchLabels: { app: app() } } }], ports }],
  };
};

/** Whatever serves the web admits everybody, but nobody may go there. */
const openWide: Draw = (_, app) => ({
  podSelector: { matchLabels: { app: app() } },
  policyTypes: ['Egress'],
  egress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 8080 }] }],
});

/** One for each of those that are asked of the drawn cluster. */
export const REGULAR_ITEMS: readonly Item[] = [
  regular({
    id: 'regular/P4',
    title: 'state and all pairs of a regular cluster as large as P4, in process',
    prepare: (size) => prepareAllPairs(drawn(size)),
  }),
  regular({
    id: 'regular/P5',
    title: 'all pairs of a regular cluster as large as P4 alone, in process',
    prepare: (size) => prepareRectangles(drawn(size)),
  }),
  regular({
    id: 'regular/P8',
    title: 'a policy within a namespace of a regular cluster comes or goes, in process, the slowest of a hundred',
    reference: 'naive evaluator, one flow',
    prepare: (size) => prepareChanges(drawn(size), openWithin),
  }),
  regular({
    id: 'regular/P8/cluster-wide',
    title: 'the same of a policy that lets an app of its namespace ask the web of every namespace',
    reference: 'naive evaluator, one flow',
    prepare: (size) => prepareChanges(drawn(size), openWide),
  }),
  regular({
    id: 'regular/P10',
    title: 'explain of a pair of a regular cluster, in process, the slowest of a hundred',
    reference: 'naive evaluator',
    prepare: (size) => preparePairs(drawn(size), 'explain'),
  }),
  regular({
    id: 'regular/P13',
    title: 'diff of two versions of a regular cluster that are loaded and compiled, in process',
    prepare: (size) => prepareAgain(twoVersions(drawn(size))),
  }),
  regular({
    id: 'regular/P14',
    title: 'every redundant policy of a regular cluster, what policies say to whom being gathered, in process',
    smokeSizes: AS_LARGEST_BUT.smokeSizes,
    prepare: (size) => prepareRedundancy(drawn(size), false),
  }),
  regular({
    id: 'regular/P15',
    title: 'state and all pairs of a regular cluster of a million pods and a million policies, in process',
    sizes: times([1 / 16, 1 / 4, 1], MILLION),
    smokeSizes: times([1 / 2500, 4 / 2500], MILLION),
    prepare: (size) => prepareAllPairs(drawn(size)),
  }),
];
