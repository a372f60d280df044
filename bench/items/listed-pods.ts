// P6 and P6/generate: `map` and `generate` as whole commands where the pods are a list as an API server prints it.

import type { ConnectivityMap } from '../../src/engine/index.ts';
import { answerOfDocument } from '../answers.ts';
import { compareAnswer } from '../exactness.ts';
import { compareGenerated, type PrintedPolicies } from '../naive/naive-generated.ts';
import type { DrawnCluster } from '../shapes/cluster-shape.ts';
import type { Json } from '../shapes/policy-shape.ts';
import { clusterItem, SAMPLED_PAIRS } from './cluster-item.ts';
import { prepareVerb } from './command.ts';
import { isCountable } from './in-process.ts';
import type { Item } from './item.ts';
import { AS_LISTED } from './written.ts';

/** P6: reading pods as a server lists them. */
export const LISTED_PODS_ITEM: Item = clusterItem({
  ...AS_LISTED.item,
  id: 'P6',
  title: 'map -o json of pods as an API server lists them, and policies, whole command',
  prepare(size, folder) {
    const drawn = AS_LISTED.draw(size);
    const { path, ...measured } = AS_LISTED.write(drawn, folder);
    const verb = prepareVerb({ args: ['map', '-o', 'json', '-f', path], folder }, (text, isSmallest) =>
      compareAnswer(
        drawn,
        answerOfDocument(JSON.parse(text) as ConnectivityMap),
        SAMPLED_PAIRS,
        isSmallest && isCountable(drawn),
      ),
    );
    return { ...verb, ...measured };
  },
});

/** P6/generate: what policies would let those pods live, as a whole command. */
export const GENERATE_FOR_PODS_ITEM: Item = clusterItem({
  ...AS_LISTED.item,
  id: 'P6/generate',
  title: 'generate -o json for pods as an API server lists them, beside policies, whole command',
  prepare(size, folder) {
    const drawn = AS_LISTED.draw(size);
    const { path, ...measured } = AS_LISTED.write(drawn, folder);
    const declared = { ...drawn, workloads: ownersOf(drawn), services: [], needs: [] };
    return {
      ...prepareVerb({ args: ['generate', '-o', 'json', '-f', path], folder }, (text, isSmallest) =>
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
