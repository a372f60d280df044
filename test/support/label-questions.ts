// What the selectors of all policies say of a pod, by the model's own reading of selectors: pods of which they say the same
// are the same to any evaluator that asks about labels through them.

import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import { DIRECTIONS, type Subject } from '../../src/engine/model/policy.ts';
import { selects } from '../../src/engine/model/selector.ts';
import type { Placement } from '../../src/engine/model/tier.ts';

/** A text that is equal for pods of whom all subjects and peers say the same. */
export function askedOf({ policies }: Placement): (end: Endpoint) => string {
  const asked: Subject[] = policies.flatMap(({ policy }) =>
    DIRECTIONS.flatMap((direction) => {
      const part = policy[direction];
      if (part === undefined) return [];
      const peers = part.rules.flatMap((rule) => (typeof rule.peers === 'string' ? [] : rule.peers));
      const pods = peers.flatMap((peer) => (peer.type === 'pods' ? [peer] : []));
      return [part.subject, ...part.rules.flatMap(({ subject }) => subject ?? []), ...pods];
    }),
  );
  return ({ pod }) => {
    if (pod === undefined) return 'no pod';
    const { namespace, namespaceLabels, labels } = pod;
    const answers = asked.map(({ namespaces: scope, pods }) => {
      const isHome = 'name' in scope ? scope.name === namespace : selects(scope.selector, namespaceLabels);
      return isHome && selects(pods, labels) ? '+' : '-';
    });
    // Where labels are not known only the name is looked at, and a namespace stands for itself.
    return pod.namespaceDeclared
      ? answers.join('')
      : `${namespace} ${asked.map(({ pods }) => selects(pods, labels)).join()}`;
  };
}
