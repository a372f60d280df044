// Ten thousand YAML files of one object each, read in process, against one file of the same documents.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type ManifestSet, printObjects, readManifests } from '../../src/manifests/index.ts';
import { forgetPeak, peakMemory } from '../measure.ts';
import { type ClusterSize, drawCluster } from '../shapes/cluster-shape.ts';
import { SEED } from './cluster-item.ts';
import { objectsOf } from './command.ts';
import type { Item, ItemSize, Prepared } from './item.ts';

/** Files for each size: a namespace, nine workloads and twenty-two policies of each thirty-two. */
const sized = (files: number): ItemSize => {
  const namespaces = Math.round(files / 32);
  const workloads = namespaces * 9;
  const size: ClusterSize = { namespaces, workloads, policies: files - namespaces - workloads };
  return { text: `${files} files`, amount: files, size, prepare: (folder) => prepareFiles(size, folder) };
};

/** Its ratio is the target: at most two. */
export const MANY_FILES_ITEM: Item = {
  id: 'files',
  title: 'reading YAML files of one object each, in process',
  reference: 'one file of the same bytes',
  sizes: [625, 2500, 10_000].map(sized),
  smokeSizes: [128, 512].map(sized),
  margin: 10,
};

function prepareFiles(size: ClusterSize, folder: string): Prepared {
  const objects = objectsOf(drawCluster(size, SEED));
  const [many, one] = [join(folder, 'many'), join(folder, 'one')];
  for (const each of [many, one]) mkdirSync(each);
  const texts = objects.map((object) => printObjects([object]));
  texts.forEach((text, index) => {
    writeFileSync(join(many, `${String(index).padStart(6, '0')}.yaml`), text);
  });
  writeFileSync(join(one, 'all.yaml'), texts.join('---\n'));
  let last: ManifestSet | undefined;
  const read = async (path: string): Promise<number> => {
    const begun = performance.now();
    last = await readManifests([path]);
    return performance.now() - begun;
  };
  const compare = (what: string): string[] => {
    const found = last!.objects.map(({ value }) => value);
    if (found.length !== objects.length) return [`${what}: ${found.length} objects, not ${objects.length}`];
    return objects.flatMap((object, index) =>
      isDeepStrictEqual(found[index], object) ? [] : [`${what}: object ${index} is another`],
    );
  };
  let differences: string[] = [];
  forgetPeak();
  return {
    run: async () => {
      const time = await read(many);
      differences = compare('many files');
      return time;
    },
    reference: async () => {
      const time = await read(one);
      differences.push(...compare('one file'));
      return time;
    },
    memory: peakMemory,
    check: () => differences,
  };
}
