// P2/generate, P2/generate-first and P3/generate: `generate` as a whole command, beside policies of others and before anyone
// wrote any, from JSON and from YAML.

import { compareGenerated, type PrintedPolicies } from '../naive/naive-generated.ts';
import { drawCluster } from '../shapes/cluster-shape.ts';
import { type DeclaringCluster, declareNeeds } from '../shapes/evidence-shape.ts';
import { AS_OPENSHIFT, clusterItem, SAMPLED_PAIRS, SEED } from './cluster-item.ts';
import { objectsOf, prepareVerb, timeToParse, writeList, writeYaml } from './command.ts';
import type { Item, Prepared } from './item.ts';

/** P2/generate, P2/generate-first, P3/generate. */
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
  clusterItem({
    ...AS_OPENSHIFT,
    id: 'P3/generate',
    title: 'generate -o json of the objects of P2/generate in YAML files of thirty objects, whole command',
    prepare(size, folder) {
      const drawn = declareNeeds(drawCluster(size, SEED), SEED);
      const manifests = writeYaml([...objectsOf(drawn), ...drawn.services], folder, 30);
      return prepareGenerate(drawn, folder, manifests);
    },
  }),
];

/** `manifests`: where the objects are; absent: in one List. The reference parses the List. */
function prepareGenerate(drawn: DeclaringCluster, folder: string, manifests?: string): Prepared {
  const list = writeList(drawn, folder, drawn.services);
  const file = manifests ?? list;
  const verb = prepareVerb({ args: ['generate', '-o', 'json', '-f', file], folder }, (text, isSmallest) =>
    compareGenerated(drawn, JSON.parse(text) as PrintedPolicies, { pairs: SAMPLED_PAIRS, seed: 1, isSmallest }),
  );
  return { ...verb, reference: () => timeToParse(list) };
}
