// The policies that can have a say in a connection, out of very many: those that select one of its ends, surely or perhaps.
// What is left out selects neither, so that no verdict depends on it.

import { isSubject } from '../evaluate/matching.ts';
import type { Endpoint, PodIdentity } from '../model/endpoint.ts';
import { DIRECTIONS } from '../model/policy.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';

/** Narrows a placement to the policies that may select one of the ends, in the placement's order. */
export type Near = (from: Endpoint, to: Endpoint) => Placement;

/** Narrows a placement; each pod is looked up once, and only among the policies of its namespace and of the whole cluster. */
export function nearPolicies(placement: Placement): Near {
  const everywhere: Indexed[] = [];
  const byNamespace = new Map<string, Indexed[]>();
  placement.policies.forEach((placed, index) => {
    const namespace = homeOf(placed);
    const list = namespace === undefined ? everywhere : (byNamespace.get(namespace) ?? []);
    list.push({ placed, index });
    if (namespace !== undefined) byNamespace.set(namespace, list);
  });
  const known = new Map<PodIdentity, readonly Indexed[]>();
  const selecting = (endpoint: Endpoint): readonly Indexed[] => {
    const { pod } = endpoint;
    if (pod === undefined) return [];
    let own = known.get(pod);
    if (own === undefined) {
      const all = [...everywhere, ...(byNamespace.get(pod.namespace) ?? [])];
      own = all.filter(({ placed }) => maySelect(placed, endpoint));
      known.set(pod, own);
    }
    return own;
  };
  return (from, to) => {
    const near = [...new Set([...selecting(from), ...selecting(to)])].sort((a, b) => a.index - b.index);
    return { ...placement, policies: near.map(({ placed }) => placed) };
  };
}

interface Indexed {
  readonly placed: PlacedPolicy;
  readonly index: number;
}

function maySelect({ policy }: PlacedPolicy, endpoint: Endpoint): boolean {
  return DIRECTIONS.some((direction) => {
    const part = policy[direction];
    return part !== undefined && isSubject(part.subject, endpoint, policy).is !== 'no';
  });
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
