// Whether an endpoint expression surely speaks of pods, those that do not exist among them: by what it says about labels.

import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import type { Namespace } from '../model/cluster.ts';
import { EVERYTHING, selects, selectsPartly } from '../model/selector.ts';
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
 * Reports whether every pod that the unit stands for is surely meant; false for what is no pod. A unit of pods that could
 * exist must be of cells that the question has split (PossibleRole.extra), so that one of its pods answers for all.
 */
export function covers({ state }: World, { namespaces: scope, pods }: LabelQuestion, unit: Unit): boolean {
  const { cluster, behaviour } = state;
  const isHome = ({ name, labels, declared }: Namespace): boolean => {
    if ('name' in scope) return scope.name === name;
    const isOpen = !declared && behaviour.knobs.undeclaredNamespaces === 'unknown';
    return selectsPartly(scope.selector, labels, (key) => isOpen && !Object.hasOwn(labels, key)) === 'yes';
  };
  switch (unit.type) {
    case 'hypothetical':
      return isHome(unit.namespace) && selects(pods, unit.endpoint.pod?.labels ?? {});
    case 'workload':
      return unit.pods.every(
        ({ namespace, labels, openLabels = [] }) =>
          isHome(cluster.namespaces.get(namespace)!) &&
          selectsPartly(pods, labels, (key) => openLabels.includes(key)) === 'yes',
      );
    default:
      return false;
  }
}
