// P2/diff, P3/diff, P6/diff: `diff` as a whole command over two versions in each form, one policy in five hundred having
// changed.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectivityDiff } from '../../src/engine/index.ts';
import { compareDiff } from '../naive/naive-diff.ts';
import { clusterItem, SAMPLED_PAIRS } from './cluster-item.ts';
import { prepareVerb } from './command.ts';
import { isCountable } from './in-process.ts';
import type { Item } from './item.ts';
import { changedPolicies } from './two-versions.ts';
import { FORMS, type Written } from './written.ts';

/** An item for each form. They exit with 1, since they find a difference. */
export const DIFF_ITEMS: readonly Item[] = FORMS.map((form) =>
  clusterItem({
    ...form.item,
    id: `${form.id}/diff`,
    title: `diff -o json of two versions of ${form.title}, whole command`,
    prepare: (size, folder) => {
      const before = form.draw(size);
      const after = { ...before, policies: changedPolicies(before.policies) };
      const [was, is] = [before, after].map((drawn, index) => {
        const own = join(folder, String(index));
        mkdirSync(own);
        return form.write(drawn, own);
      }) as [Written, Written];
      const args = ['diff', '-o', 'json', was.path, is.path];
      const verb = prepareVerb({ args, folder, code: 1 }, (text, isSmallest) =>
        compareDiff({ before, after }, JSON.parse(text) as ConnectivityDiff, {
          pairs: SAMPLED_PAIRS,
          seed: 1,
          isCounted: isSmallest && isCountable(before),
        }),
      );
      return { ...verb, reference: async () => (await was.reference()) + (await is.reference()) };
    },
  }),
);
