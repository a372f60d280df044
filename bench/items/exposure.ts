// P2/exposure: `exposure` of the shape of P2 as a whole command.

import type { Exposure } from '../../src/engine/index.ts';
import { compareExposure } from '../naive/naive-exposure.ts';
import { drawCluster } from '../shapes/cluster-shape.ts';
import { AS_OPENSHIFT, clusterItem, SAMPLED_PAIRS, SEED } from './cluster-item.ts';
import { prepareVerb, timeToParse, writeList } from './command.ts';
import type { Item } from './item.ts';

/** P2/exposure. */
export const EXPOSURE_ITEM: Item = clusterItem({
  ...AS_OPENSHIFT,
  id: 'P2/exposure',
  title: 'exposure -o json of the same, whole command',
  prepare: (size, folder) => {
    const drawn = drawCluster(size, SEED);
    const file = writeList(drawn, folder);
    const verb = prepareVerb({ args: ['exposure', '-o', 'json', '-f', file], folder }, (text) =>
      compareExposure(drawn, JSON.parse(text) as Exposure, SAMPLED_PAIRS, 1),
    );
    return { ...verb, reference: () => timeToParse(file) };
  },
});
