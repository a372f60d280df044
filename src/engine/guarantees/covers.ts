// Whether an endpoint expression speaks of a pod that does not exist: by what it says about labels, not by who is there.

import type { Unit } from '../endpoints/unit.ts';
import { EVERYTHING, selects } from '../model/selector.ts';
import type { EndpointExpression } from '../questions/ask.ts';
import type { LabelQuestion } from '../symbolic/label-questions.ts';

/** What an expression asks about labels; undefined: it names what exists, and so no pod that does not. */
export function questionOf(what: EndpointExpression): LabelQuestion | undefined {
  switch (what.type) {
    case 'pods':
      return { namespaces: what.namespaces, pods: what.pods };
    case 'namespace':
      return { namespaces: { name: what.namespace }, pods: EVERYTHING };
    case 'any-pod':
    case 'anything':
      return { namespaces: { selector: EVERYTHING }, pods: EVERYTHING };
    default:
      return undefined;
  }
}

/**
 * Reports whether every pod that the unit stands for is meant. The unit must be of cells that the question has split
 * (PossibleRole.extra), so that one of its pods answers for all.
 */
export function covers(question: LabelQuestion, unit: Unit): boolean {
  const { pod } = unit.endpoint;
  if (unit.type !== 'hypothetical' || pod === undefined) return false;
  const { namespaces: scope, pods } = question;
  const isHome = 'name' in scope ? scope.name === pod.namespace : selects(scope.selector, pod.namespaceLabels);
  return isHome && selects(pods, pod.labels);
}
