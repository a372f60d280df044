// The policies that can have a say in a connection, out of very many: those that select one of its ends, surely or perhaps.
// What is left out selects it not, so that no verdict depends on it.

import type { Endpoint, PodIdentity } from '../model/endpoint.ts';
import { DIRECTIONS, type Direction, type NamespaceScope, type Subject } from '../model/policy.ts';
import { selectorKey } from '../model/selector.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';
import { indexByRequiredLabel, type NearItems, type RequiredLabel, requiredLabels } from './required-labels.ts';
import { type Applied, type Applying, appliedPolicies } from './tiers.ts';

/** Finds the policies that may select an end, in the placement's order. */
export type Near = (end: Endpoint) => Applying;

const NOBODY: Applying = () => [];

/** Fewer policies are all looked at: what a policy needs of a pod is found out in as long. */
const LEAST_AT_HOME = 16;

/** Policies never change, and many questions are about the same ones. */
const indexes = new WeakMap<readonly PlacedPolicy[], NearIndex>();

interface NearIndex {
  readonly near: Near;
  readonly placeOf: (placed: PlacedPolicy) => number;
}

/** Looks policies up; each pod is looked up once, and only among the policies of its namespace and of the whole cluster. */
export function nearPolicies(placement: Pick<Placement, 'policies'>): Near {
  return indexOf(placement).near;
}

function indexOf({ policies }: Pick<Placement, 'policies'>): NearIndex {
  const known = indexes.get(policies) ?? makeIndex(policies);
  indexes.set(policies, known);
  return known;
}

function makeIndex(policies: readonly PlacedPolicy[]): NearIndex {
  const places = new Map(policies.map((placed, place) => [placed, place]));
  const placeOf = (placed: PlacedPolicy) => places.get(placed)!;
  const everywhere: PlacedPolicy[] = [];
  const byNamespace = new Map<string, PlacedPolicy[]>();
  for (const placed of policies) {
    const namespace = homeOf(placed);
    const list = namespace === undefined ? everywhere : byNamespace.get(namespace);
    if (list === undefined) byNamespace.set(namespace!, [placed]);
    else list.push(placed);
  }
  const known = new WeakMap<PodIdentity, Applying>();
  const nearEverywhere = indexByRequiredLabel(everywhere, labelsOf);
  const nearAtHome = new Map<string, NearItems<PlacedPolicy>>();
  const lookUpAtHome = (namespace: string, home: readonly PlacedPolicy[]): NearItems<PlacedPolicy> => {
    const known = nearAtHome.get(namespace) ?? indexByRequiredLabel(home, labelsOf);
    nearAtHome.set(namespace, known);
    return known;
  };
  const lookUp = (end: Endpoint, pod: PodIdentity): Applying => {
    const { namespace } = pod;
    const home = byNamespace.get(namespace) ?? [];
    const atHome = home.length < LEAST_AT_HOME ? home : lookUpAtHome(namespace, home)(pod);
    const others = nearEverywhere(pod);
    const near = others.length === 0 ? atHome : inOrder([...others, ...atHome], placeOf);
    const of = (direction: Direction) => appliedPolicies(near, { direction, subject: end });
    const own: Readonly<Record<Direction, readonly Applied[]>> = { ingress: of('ingress'), egress: of('egress') };
    return (direction) => own[direction];
  };
  const near: Near = (end) => {
    const { pod } = end;
    if (pod === undefined) return NOBODY;
    const applying = known.get(pod) ?? lookUp(end, pod);
    known.set(pod, applying);
    return applying;
  };
  return { near, placeOf };
}

function inOrder(policies: PlacedPolicy[], placeOf: NearIndex['placeOf']): PlacedPolicy[] {
  return policies.sort((a, b) => placeOf(a) - placeOf(b));
}

/**
 * A placement narrowed to the policies that may select one of the ends, in its order; the same one where that is all of them.
 * `near` finds them; absent: all that there are.
 */
export function nearPlacement(
  placement: Placement,
  ends: readonly Endpoint[],
  near: Near = nearPolicies(placement),
): Placement {
  const { placeOf } = indexOf(placement);
  const applied = new Set(
    ends.flatMap((end) => DIRECTIONS.flatMap((direction) => near(end)(direction).map(({ placed }) => placed))),
  );
  if (applied.size === placement.policies.length) return placement;
  return { ...placement, policies: inOrder([...applied], placeOf) };
}

/** What pods need to be subjects in any direction; a policy of both that says it in two ways is looked at for each pod. */
function labelsOf({ policy }: PlacedPolicy): readonly RequiredLabel[] {
  const [first, second] = DIRECTIONS.flatMap((direction) => policy[direction] ?? []);
  if (first === undefined) return [];
  const labels = requiredLabels(first.subject.namespaces, first.subject.pods);
  return second === undefined || isSame(first.subject, second.subject) ? labels : [];
}

function isSame(a: Subject, b: Subject): boolean {
  return selectorKey(a.pods) === selectorKey(b.pods) && scopeKey(a.namespaces) === scopeKey(b.namespaces);
}

function scopeKey(scope: NamespaceScope): string {
  return 'name' in scope ? scope.name : `(${selectorKey(scope.selector)})`;
}

/** The one namespace whose pods a policy is about; undefined where it may be about others. */
export function homeOf({ policy }: PlacedPolicy): string | undefined {
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
