// P2/lint, P3/lint, P6/lint: `lint` as a whole command over each form of a cluster.

import { compareFindings, type PrintedFinding } from '../naive/naive-findings.ts';
import { clusterItem } from './cluster-item.ts';
import { prepareVerb } from './command.ts';
import type { Item } from './item.ts';
import { FORMS } from './written.ts';

/** An item for each form. They exit with 1, since they find something. */
export const LINT_ITEMS: readonly Item[] = FORMS.map((form) =>
  clusterItem({
    ...form.item,
    id: `${form.id}/lint`,
    title: `lint -o json of ${form.title}, whole command`,
    prepare: (size, folder) => {
      const drawn = form.draw(size);
      const { path, ...measured } = form.write(drawn, folder);
      const verb = prepareVerb({ args: ['lint', '-o', 'json', '-f', path], folder, code: 1 }, (text) =>
        compareFindings(drawn, (JSON.parse(text) as { findings: PrintedFinding[] }).findings),
      );
      return { ...verb, ...measured };
    },
  }),
);
