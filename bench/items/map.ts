// P1, P2 and P3: `map` as a whole command, from one file or many, JSON or YAML.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectivityMap } from '../../src/engine/index.ts';
import { answerOfDocument } from '../answers.ts';
import { compareAnswer } from '../exactness.ts';
import { timeCommand } from '../measure.ts';
import { type ClusterSize, type DrawnCluster, drawCluster } from '../shapes/cluster-shape.ts';
import { AS_OPENSHIFT, clusterItem, SAMPLED_PAIRS, SEED, times } from './cluster-item.ts';
import { objectsOf, prepareVerb, writeYaml } from './command.ts';
import type { Item, Prepared } from './item.ts';
import { AS_LIST, AS_YAML, type Form } from './written.ts';

/** P1, P2, P3. */
export const MAP_ITEMS: readonly Item[] = [
  clusterItem({
    id: 'P1',
    title: 'map from YAML files, whole command',
    reference: 'Node alone',
    sizes: times([1, 4, 16], { namespaces: 2, workloads: 10, policies: 20 }),
    smokeSizes: times([1, 4], { namespaces: 2, workloads: 10, policies: 20 }),
    margin: 9,
    prepare: prepareFiles,
  }),
  clusterItem({
    ...AS_OPENSHIFT,
    id: 'P2',
    title: 'map -o json of an OpenShift shape from one JSON file, whole command',
    prepare: (size, folder) => prepareForm(AS_LIST, size, folder),
  }),
  clusterItem({
    ...AS_OPENSHIFT,
    id: 'P3',
    title: 'map -o json of the shape of P2 from YAML files of thirty objects, whole command',
    prepare: (size, folder) => prepareForm(AS_YAML, size, folder),
  }),
];

/** One YAML file an object, as people keep them. */
function prepareFiles(size: ClusterSize, folder: string): Prepared {
  const drawn = drawCluster(size, SEED);
  const manifests = writeYaml(objectsOf(drawn), folder, 1);
  const output = join(folder, 'empty.txt');
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, '');
  return {
    ...prepareMap(drawn, ['-f', manifests], folder),
    reference: () => timeCommand({ args: [empty], output }),
  };
}

function prepareForm(form: Form, size: ClusterSize, folder: string): Prepared {
  const drawn = form.draw(size);
  const { path, ...measured } = form.write(drawn, folder);
  return { ...prepareMap(drawn, ['-f', path], folder), ...measured };
}

function prepareMap(drawn: DrawnCluster, files: readonly string[], folder: string): Omit<Prepared, 'reference'> {
  return prepareVerb({ args: ['map', '-o', 'json', ...files], folder }, (text, isSmallest) =>
    compareAnswer(drawn, answerOfDocument(JSON.parse(text) as ConnectivityMap), SAMPLED_PAIRS, isSmallest),
  );
}
