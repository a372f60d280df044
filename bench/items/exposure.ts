// P2/exposure, P3/exposure, P6/exposure: `exposure` as a whole command over each form of a cluster.

import type { Exposure } from '../../src/engine/index.ts';
import { compareExposure } from '../naive/naive-exposure.ts';
import { clusterItem, SAMPLED_PAIRS } from './cluster-item.ts';
import { prepareVerb } from './command.ts';
import type { Item } from './item.ts';
import { FORMS } from './written.ts';

/** An item for each form. */
export const EXPOSURE_ITEMS: readonly Item[] = FORMS.map((form) =>
  clusterItem({
    ...form.item,
    id: `${form.id}/exposure`,
    title: `exposure -o json of ${form.title}, whole command`,
    prepare: (size, folder) => {
      const drawn = form.draw(size);
      const { path, ...measured } = form.write(drawn, folder);
      const verb = prepareVerb({ args: ['exposure', '-o', 'json', '-f', path], folder }, (text) =>
        compareExposure(drawn, JSON.parse(text) as Exposure, SAMPLED_PAIRS, 1),
      );
      return { ...verb, ...measured };
    },
  }),
);
