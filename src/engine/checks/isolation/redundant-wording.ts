// How findings name several policies. Knows no check.

import type { Policy } from '../../model/policy.ts';

/** The policies in quotes, with their namespaces where they are not in that of the policy it is about; at least one. */
export function listPolicies(policies: readonly Policy[], about: Policy): string {
  const names = policies.map(({ ref }) => {
    const isNear = ref.namespace === about.ref.namespace || ref.namespace === undefined;
    return `"${isNear ? ref.name : `${ref.namespace}/${ref.name}`}"`;
  });
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
