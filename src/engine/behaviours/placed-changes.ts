// What is different between two placements, policy by policy: what an exchange of policies needs.

import { isSameValue } from '../model/same-value.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';

/**
 * The policies that only one of the placements has in this form; both lists are empty where they say the same. Where a
 * policy stands in its file does not matter. Where names are not unique, which no server allows, these are all policies.
 */
export function placedChanges(
  before: Placement,
  after: Placement,
): { readonly removed: readonly PlacedPolicy[]; readonly added: readonly PlacedPolicy[] } {
  const left = new Map(before.policies.map((placed) => [keyOf(placed), placed]));
  const right = new Map(after.policies.map((placed) => [keyOf(placed), placed]));
  if (left.size < before.policies.length || right.size < after.policies.length) {
    return { removed: before.policies, added: after.policies };
  }
  const isIn = (others: ReadonlyMap<string, PlacedPolicy>, placed: PlacedPolicy): boolean => {
    const other = others.get(keyOf(placed));
    return other !== undefined && isSaidAlike(placed, other);
  };
  return {
    removed: before.policies.filter((placed) => !isIn(right, placed)),
    added: after.policies.filter((placed) => !isIn(left, placed)),
  };
}

function keyOf({ policy: { ref } }: PlacedPolicy): string {
  return `${ref.dialect}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

function isSaidAlike(a: PlacedPolicy, b: PlacedPolicy): boolean {
  const [left, right] = [a, b].map(({ policy: { ingress, egress, tier }, ...placed }) => ({
    placed,
    tier,
    ingress,
    egress,
  }));
  return isSameValue(left, right);
}
