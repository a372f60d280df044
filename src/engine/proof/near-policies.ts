// The policies that can have a say in a connection, out of very many: those that select one of its ends, surely or perhaps.
// What is left out selects it not, so that no verdict depends on it.

import { entry } from '../compile/entry.ts';
import { type Applied, type Applying, appliedPolicies } from '../evaluate/tiers.ts';
import type { Endpoint, PodIdentity } from '../model/endpoint.ts';
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';

/** Finds the policies that may select an end, in the placement's order. */
export type Near = (end: Endpoint) => Applying;

const NOBODY: Applying = () => [];

/** Looks policies up; each pod is looked up once, and only among the policies of its namespace and of the whole cluster. */
export function nearPolicies({ policies }: Pick<Placement, 'policies'>): Near {
  const everywhere: Indexed[] = [];
  const byNamespace = new Map<string, Indexed[]>();
  policies.forEach((placed, index) => {
    const namespace = homeOf(placed);
    const list = namespace === undefined ? everywhere : entry(byNamespace, namespace, () => []);
    list.push({ placed, index });
  });
  const known = new Map<PodIdentity, Applying>();
  return (end) => {
    const { pod } = end;
    if (pod === undefined) return NOBODY;
    return entry(known, pod, () => {
      const all = [...everywhere, ...(byNamespace.get(pod.namespace) ?? [])].sort((a, b) => a.index - b.index);
      const near = all.map(({ placed }) => placed);
      const of = (direction: Direction) => appliedPolicies(near, { direction, subject: end });
      const own: Readonly<Record<Direction, readonly Applied[]>> = { ingress: of('ingress'), egress: of('egress') };
      return (direction) => own[direction];
    });
  };
}

/** A placement narrowed to the policies that may select one of the ends. Their order is not that of the whole placement. */
export function nearPair(placement: Placement, near: Near, ends: readonly [Endpoint, Endpoint]): Placement {
  const applied = ends.flatMap((end) => DIRECTIONS.flatMap(near(end)));
  return { ...placement, policies: [...new Set(applied.map(({ placed }) => placed))] };
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
