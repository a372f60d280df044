// State and exact answer for all pairs, in process, of objects that are parsed already.

import { behaviourOf, loadState, type ManifestObject } from '../../src/engine/index.ts';
import { mapUnits, type UnitMap } from '../../src/engine/questions/map.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { answerOfUnits } from '../answers.ts';
import { compareAnswer } from '../exactness.ts';
import { timeOf } from '../measure.ts';
import { type ClusterSize, drawCluster } from '../shapes/cluster-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { clusterItem, SAMPLED_PAIRS, SEED, times } from './cluster-item.ts';
import { objectsOf } from './command.ts';
import type { Item, Prepared } from './item.ts';

/** P4/10. */
export const ALL_PAIRS_ITEMS: readonly Item[] = [
  clusterItem({
    id: 'P4/10',
    title: 'all pairs of real pods, objects parsed already, in process',
    reference: 'JSON.parse',
    sizes: times([1, 4, 16], { namespaces: 62.5, workloads: 312.5, policies: 625, pods: 937.5 }),
    smokeSizes: times([0.5, 2], { namespaces: 62.5, workloads: 312.5, policies: 625, pods: 937.5 }),
    margin: 10,
    prepare: prepareObjects,
  }),
];

/** Objects in memory: state and rectangles, nothing read and nothing printed. */
function prepareObjects(size: ClusterSize): Prepared {
  const drawn = drawCluster(size, SEED);
  const text = JSON.stringify(objectsOf(drawn));
  const behaviour = behaviourOf('default', []);
  let last: UnitMap | undefined;
  return {
    run: () => {
      const objects = (JSON.parse(text) as Json[]).map(
        (value): ManifestObject => ({ value, locate: () => ({ path: '' }) }),
      );
      return timeOf(() => {
        const state = loadState({ objects, behaviour, defaultNamespace: 'default' });
        last = mapUnits(
          state,
          { protocols: PORT_PROTOCOLS },
          { defaultNamespace: 'default', protocols: PORT_PROTOCOLS },
        );
      });
    },
    reference: () => timeOf(() => JSON.parse(text)),
    memory: () => process.memoryUsage().rss / 2 ** 20,
    check: (isSmallest) => compareAnswer(drawn, answerOfUnits(last!), SAMPLED_PAIRS, isSmallest),
  };
}
