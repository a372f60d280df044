// matchLabels: {}, which selects everything and looks like something was forgotten.

import { isEverything } from '../../model/selector.ts';
import { type ManifestObject, type Path, valueAt } from '../../model/source.ts';
import type { Check } from '../check.ts';
import { namespacesPathOf, podsPathOf, selectorUses } from './selector-uses.ts';

/** Rule 32 of the catalogue. Silent in policies without rules: there it is a default deny, and what is missed is nothing. */
export const EMPTY_MATCH_LABELS: Check = {
  id: 'empty-match-labels',
  severity: 'low',
  scope: 'object',
  summary: 'an empty matchLabels, which selects everything',
  *find(context) {
    for (const use of selectorUses(context)) {
      const { policy, pods, namespaces: scope } = use;
      const { object, ingress, egress } = policy;
      if ((ingress?.rules.length ?? 0) + (egress?.rules.length ?? 0) === 0) continue;
      const paths = [
        isEverything(pods) ? podsPathOf(use) : undefined,
        'selector' in scope && isEverything(scope.selector) ? namespacesPathOf(use) : undefined,
      ];
      for (const path of paths) {
        if (path === undefined || !isEmptyMatchLabels(object, path)) continue;
        yield {
          object,
          policy,
          path: [...path, 'matchLabels'],
          key: true,
          message: 'matchLabels is empty, so this selector selects everything',
          hint: 'write {} for everything, or the labels that are missing',
          fix: {
            title: 'write {}',
            edits: [{ op: 'set', object, path, value: {} }],
            announced: 'same',
            safe: true,
          },
        };
      }
    }
  },
};

/** Whether the labels are written and empty, in a selector that asks for nothing else. */
function isEmptyMatchLabels(object: ManifestObject, path: Path): boolean {
  const labels = valueAt(object, [...path, 'matchLabels']);
  return labels !== undefined && isEmpty(labels);
}

function isEmpty(value: unknown): boolean {
  return value == null || (typeof value === 'object' && Object.keys(value).length === 0);
}
