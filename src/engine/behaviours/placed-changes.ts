// What is different between two placements, policy by policy: what an exchange of policies needs.

import type { PolicyRef } from '../model/policy.ts';
import { isSameDirection } from '../model/same-policy.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';

/** Policies that go, and policies that come. */
interface Changes {
  readonly removed: readonly PlacedPolicy[];
  readonly added: readonly PlacedPolicy[];
}

/**
 * The policies that only one of the placements has in this form, each list in the order of its placement; both are empty where
 * they say the same. Where a policy stands in its file does not matter. Of several policies of one name, which no server
 * allows, some may be in both lists that say the same.
 */
export function placedChanges(before: Placement, after: Placement): Changes {
  const removed: PlacedPolicy[] = [];
  const added: PlacedPolicy[] = [];
  const [were, are] = [before.policies, after.policies];
  let [left, right] = [0, 0];
  // Placements are sorted, so that a name is mostly met on both sides at once.
  while (left < were.length && right < are.length) {
    const [was, is] = [were[left]!, are[right]!];
    const order = compareOrder(was, is);
    if (order <= 0) left++;
    if (order >= 0) right++;
    if (order === 0 && isSaidAlike(was, is)) continue;
    if (order <= 0) removed.push(was);
    if (order >= 0) added.push(is);
  }
  while (left < were.length) removed.push(were[left++]!);
  while (right < are.length) added.push(are[right++]!);
  return removed.length === 0 || added.length === 0 ? { removed, added } : withoutMoved(removed, added);
}

/** Policies that stand elsewhere in the list say the same, too: with other ties, lists are sorted in other ways. */
function withoutMoved(removed: readonly PlacedPolicy[], added: readonly PlacedPolicy[]): Changes {
  const left = new Map(removed.map((placed) => [keyOf(placed), placed]));
  const moved = new Set<string>();
  for (const placed of added) {
    const key = keyOf(placed);
    const other = left.get(key);
    if (other !== undefined && isSaidAlike(other, placed)) moved.add(key);
  }
  if (moved.size === 0 || left.size < removed.length || new Set(added.map(keyOf)).size < added.length) {
    return { removed, added };
  }
  const stays = (placed: PlacedPolicy) => !moved.has(keyOf(placed));
  return { removed: removed.filter(stays), added: added.filter(stays) };
}

function keyOf({ policy: { ref } }: PlacedPolicy): string {
  return `${ref.dialect}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** Zero for policies of one name in one place; else as most placements are sorted. */
function compareOrder(a: PlacedPolicy, b: PlacedPolicy): number {
  return a.tier - b.tier || a.order - b.order || compareRefs(a.policy.ref, b.policy.ref);
}

function compareRefs(a: PolicyRef, b: PolicyRef): number {
  return (
    compareTexts(a.namespace ?? '', b.namespace ?? '') ||
    compareTexts(a.name, b.name) ||
    compareTexts(a.kind, b.kind) ||
    compareTexts(a.dialect, b.dialect)
  );
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function isSaidAlike(a: PlacedPolicy, b: PlacedPolicy): boolean {
  return (
    a.tier === b.tier &&
    a.order === b.order &&
    a.coversOtherProtocols === b.coversOtherProtocols &&
    a.policy.tier === b.policy.tier &&
    isSameDirection(a.policy.ingress, b.policy.ingress) &&
    isSameDirection(a.policy.egress, b.policy.egress)
  );
}
