// Whether what is missing in the input bears on one answer. Knows gaps and endpoints, not what is asked.

import type { Gap } from '../engine/model/cluster.ts';

/**
 * Reports whether an answer about ends in these namespaces could be another one with the rest of the input. Kinds that may
 * not be listed in other namespaces do not bear on it; whatever else is missing might.
 */
export function bearsOn(gaps: readonly Gap[], namespaces: readonly string[]): boolean {
  return gaps.some(
    (gap) =>
      gap.reason !== 'not-listable' ||
      gap.namespaces === 'all' ||
      gap.namespaces.some((namespace) => namespaces.includes(namespace)),
  );
}
