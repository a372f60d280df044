// The policies that can have a say in a connection, out of very many: those of the two namespaces and of the whole cluster.
// What is left out selects neither end, so that no verdict depends on it.

import type { Endpoint } from '../model/endpoint.ts';
import { DIRECTIONS } from '../model/policy.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';

/** Narrows a placement to the policies that may select one of the ends. */
export type Near = (from: Endpoint, to: Endpoint) => Placement;

/** Narrows a placement; the same two namespaces always give the same one. */
export function nearPolicies(placement: Placement): Near {
  const everywhere: Indexed[] = [];
  const byNamespace = new Map<string, Indexed[]>();
  placement.policies.forEach((placed, index) => {
    const namespace = homeOf(placed);
    const list = namespace === undefined ? everywhere : (byNamespace.get(namespace) ?? []);
    list.push({ placed, index });
    if (namespace !== undefined) byNamespace.set(namespace, list);
  });
  const known = new Map<string, Placement>();
  return (from, to) => {
    const namespaces = [...new Set([from.pod?.namespace, to.pod?.namespace])]
      .filter((name) => name !== undefined)
      .sort();
    const key = JSON.stringify(namespaces);
    let narrowed = known.get(key);
    if (narrowed === undefined) {
      const near = [...everywhere, ...namespaces.flatMap((name) => byNamespace.get(name) ?? [])];
      narrowed = { ...placement, policies: near.sort((a, b) => a.index - b.index).map(({ placed }) => placed) };
      known.set(key, narrowed);
    }
    return narrowed;
  };
}

interface Indexed {
  readonly placed: PlacedPolicy;
  readonly index: number;
}

/** The one namespace whose pods a policy is about; undefined where it may be about others. */
function homeOf({ policy }: PlacedPolicy): string | undefined {
  const homes = new Set(
    DIRECTIONS.flatMap((direction) => {
      const part = policy[direction];
      if (part === undefined) return [];
      const scope = part.subject.namespaces;
      return ['name' in scope ? scope.name : ''];
    }),
  );
  const [home] = homes;
  return homes.size === 1 && home !== '' ? home : undefined;
}
