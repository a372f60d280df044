// Whether what is missing in the input bears on one answer. Knows gaps and who is asked about, not what the answer is.

import type { EndpointExpression, PairExpression } from '../engine/index.ts';
import type { Gap } from '../engine/model/cluster.ts';

/** Ranges in which no pod of a cluster is. */
const OUTSIDE: readonly string[] = ['internet', 'link-local', 'metadata'];

/**
 * Reports whether an answer about a pair, whose ends turned out to be in these namespaces, could be another one with the
 * rest of the input. Kinds that may not be listed in other namespaces do not bear on ends that are named; they do on ends
 * such as `all`, which might be more there. Whatever else is missing might bear on anything.
 */
export function bearsOn(
  gaps: readonly Gap[],
  { from, to }: Pick<PairExpression, 'from' | 'to'>,
  namespaces: readonly string[],
): boolean {
  const isOpen = !isNamed(from) || !isNamed(to);
  return gaps.some(
    (gap) =>
      isOpen ||
      gap.reason !== 'not-listable' ||
      gap.namespaces === 'all' ||
      gap.namespaces.some((namespace) => namespaces.includes(namespace)),
  );
}

/** Reports whether an expression means the same however many namespaces there are. */
function isNamed(expression: EndpointExpression): boolean {
  switch (expression.type) {
    case 'workload':
    case 'service':
    case 'namespace':
    case 'node':
      return true;
    case 'pods':
      return 'name' in expression.namespaces;
    // An address of the cluster's own may be that of a pod which was not read.
    case 'addresses':
      return expression.name !== undefined && OUTSIDE.includes(expression.name);
    default:
      return false;
  }
}
