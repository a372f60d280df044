// P2/generate and P2/generate-first: `generate` as a whole command, beside policies of others and before anyone wrote any.

import { compareGenerated, type PrintedPolicies } from '../naive/naive-generated.ts';
import { drawCluster } from '../shapes/cluster-shape.ts';
import { type DeclaringCluster, declareNeeds } from '../shapes/evidence-shape.ts';
import { AS_OPENSHIFT, clusterItem, SAMPLED_PAIRS, SEED } from './cluster-item.ts';
import { prepareVerb, timeToParse, writeList } from './command.ts';
import type { Item, Prepared } from './item.ts';

/** P2/generate and P2/generate-first. */
export const GENERATE_ITEMS: readonly Item[] = [
  clusterItem({
    ...AS_OPENSHIFT,
    id: 'P2/generate',
    title: 'generate -o json of the same with Services and variables that name them, whole command',
    prepare: (size, folder) => prepareGenerate(declareNeeds(drawCluster(size, SEED), SEED), folder),
  }),
  clusterItem({
    ...AS_OPENSHIFT,
    id: 'P2/generate-first',
    title: 'generate -o json where there are no policies yet, whole command',
    prepare: (size, folder) =>
      prepareGenerate({ ...declareNeeds(drawCluster(size, SEED), SEED), policies: [] }, folder),
  }),
];

function prepareGenerate(drawn: DeclaringCluster, folder: string): Prepared {
  const file = writeList(drawn, folder, drawn.services);
  const verb = prepareVerb({ args: ['generate', '-o', 'json', '-f', file], folder }, (text, isSmallest) =>
    compareGenerated(drawn, JSON.parse(text) as PrintedPolicies, { pairs: SAMPLED_PAIRS, seed: 1, isSmallest }),
  );
  return { ...verb, reference: () => timeToParse(file) };
}
