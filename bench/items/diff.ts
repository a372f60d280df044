// P2/diff: `diff` of two files of the shape of P2 as a whole command, one policy in five hundred having changed.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectivityDiff } from '../../src/engine/index.ts';
import { compareDiff } from '../naive/naive-diff.ts';
import { drawCluster } from '../shapes/cluster-shape.ts';
import { AS_OPENSHIFT, clusterItem, SAMPLED_PAIRS, SEED } from './cluster-item.ts';
import { prepareVerb, timeToParse, writeList } from './command.ts';
import type { Item } from './item.ts';
import { changedPolicies } from './two-versions.ts';

/** P2/diff. It exits with 1, since it finds a difference. */
export const DIFF_ITEM: Item = clusterItem({
  ...AS_OPENSHIFT,
  id: 'P2/diff',
  title: 'diff -o json of two such files, whole command',
  prepare: (size, folder) => {
    const before = drawCluster(size, SEED);
    const after = { ...before, policies: changedPolicies(before.policies) };
    const [was, is] = [before, after].map((drawn, index) => {
      const own = join(folder, String(index));
      mkdirSync(own);
      return writeList(drawn, own);
    }) as [string, string];
    const verb = prepareVerb({ args: ['diff', '-o', 'json', was, is], folder, code: 1 }, (text, isSmallest) =>
      compareDiff({ before, after }, JSON.parse(text) as ConnectivityDiff, {
        pairs: SAMPLED_PAIRS,
        seed: 1,
        isCounted: isSmallest,
      }),
    );
    return { ...verb, reference: () => timeToParse(was) + timeToParse(is) };
  },
});
