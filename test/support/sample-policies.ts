// Names of policies for documents written by hand. Knows no document.

import type { PolicyRef } from '../../src/engine/model/policy.ts';

/** A NetworkPolicy's name in answers, from `namespace/name`. */
export function policy(text: string): PolicyRef {
  const slash = text.indexOf('/');
  return {
    dialect: 'network-policy',
    kind: 'NetworkPolicy',
    namespace: text.slice(0, slash),
    name: text.slice(slash + 1),
  };
}
