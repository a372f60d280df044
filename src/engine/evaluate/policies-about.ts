// The policies that could have a say about some ends: a pair is judged by those of its namespaces and those of none, however
// many there are of others.

import type { Endpoint } from '../model/endpoint.ts';
import { DIRECTIONS, type Policy } from '../model/policy.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';

/** Positions in the placement, ascending. */
interface ByNamespace {
  readonly own: ReadonlyMap<string, readonly number[]>;
  /** Those whose subjects may be in any namespace. */
  readonly everywhere: readonly number[];
}

const indexes = new WeakMap<Placement, ByNamespace>();

/**
 * The placement without policies that surely select none of the ends, in the same order: verdicts on flows between the ends
 * are the same. Ends that are no pods of a namespace have no policies of their own.
 */
export function policiesAbout(placement: Placement, ends: readonly Endpoint[]): Placement {
  let index = indexes.get(placement);
  if (index === undefined) {
    index = indexOf(placement);
    indexes.set(placement, index);
  }
  const { own, everywhere } = index;
  const namespaces = new Set(ends.flatMap(({ pod }) => (pod === undefined ? [] : [pod.namespace])));
  const positions = new Set([...everywhere, ...[...namespaces].flatMap((namespace) => own.get(namespace) ?? [])]);
  const policies = [...positions].sort((a, b) => a - b).map((at): PlacedPolicy => placement.policies[at]!);
  return { ...placement, policies };
}

function indexOf({ policies }: Placement): ByNamespace {
  const own = new Map<string, number[]>();
  const everywhere: number[] = [];
  policies.forEach(({ policy }, at) => {
    const names = namespacesOf(policy);
    if (names === undefined) everywhere.push(at);
    for (const name of names ?? []) {
      const known = own.get(name);
      if (known === undefined) own.set(name, [at]);
      else known.push(at);
    }
  });
  return { own, everywhere };
}

/** The namespaces in which the policy may select pods; undefined: in any. */
function namespacesOf(policy: Policy): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const direction of DIRECTIONS) {
    const scope = policy[direction]?.subject.namespaces;
    if (scope === undefined) continue;
    if (!('name' in scope)) return undefined;
    names.add(scope.name);
  }
  return names;
}
