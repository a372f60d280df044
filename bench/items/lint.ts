// P2/lint: `lint` over the shape of P2 as a whole command.

import { compareFindings, type PrintedFinding } from '../naive/naive-findings.ts';
import { drawCluster } from '../shapes/cluster-shape.ts';
import { AS_OPENSHIFT, clusterItem, SEED } from './cluster-item.ts';
import { prepareVerb, timeToParse, writeList } from './command.ts';
import type { Item } from './item.ts';

/** P2/lint. It exits with 1, since it finds something. */
export const LINT_ITEM: Item = clusterItem({
  ...AS_OPENSHIFT,
  id: 'P2/lint',
  title: 'lint -o json of the same, whole command',
  prepare: (size, folder) => {
    const drawn = drawCluster(size, SEED);
    const file = writeList(drawn, folder);
    const verb = prepareVerb({ args: ['lint', '-o', 'json', '-f', file], folder, code: 1 }, (text) =>
      compareFindings(drawn, (JSON.parse(text) as { findings: PrintedFinding[] }).findings),
    );
    return { ...verb, reference: () => timeToParse(file) };
  },
});
