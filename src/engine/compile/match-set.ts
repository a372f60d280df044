// Which endpoints a selector, peer or port entry matches, for all endpoints at once: surely, or perhaps and why.

import type { UnknownReason } from '../model/endpoint.ts';
import { BitSet } from '../sets/bit-set.ts';

/** `maybe` holds, per reason, the endpoints that match only perhaps; none of them is also in `yes`. */
export interface MatchSet {
  readonly yes: BitSet;
  readonly maybe: ReadonlyMap<UnknownReason, BitSet>;
}

const NO_REASONS: ReadonlyMap<UnknownReason, BitSet> = new Map();

/** A set without open members. */
export function certain(yes: BitSet): MatchSet {
  return { yes, maybe: NO_REASONS };
}

/** Members of any of the sets; surely wins over perhaps. */
export function anyOf(size: number, sets: readonly MatchSet[]): MatchSet {
  if (sets.length === 1) return sets[0]!;
  const yes = new BitSet(size);
  for (const set of sets) yes.orWith(set.yes);
  return { yes, maybe: collect(size, sets, yes) };
}

/** Members of both sets; surely only where both are sure. */
export function both(a: MatchSet, b: MatchSet): MatchSet {
  const yes = a.yes.clone().andWith(b.yes);
  if (a.maybe.size === 0 && b.maybe.size === 0) return certain(yes);
  const maybe = new Map<UnknownReason, BitSet>();
  const add = (reason: UnknownReason, set: BitSet) => {
    if (set.isEmpty()) return;
    const before = maybe.get(reason);
    maybe.set(reason, before === undefined ? set : before.orWith(set));
  };
  const [anyA, anyB] = [possible(a), possible(b)];
  for (const [reason, set] of a.maybe) add(reason, set.clone().andWith(anyB));
  for (const [reason, set] of b.maybe) add(reason, set.clone().andWith(anyA));
  return { yes, maybe };
}

/** Members that match surely or perhaps. */
export function possible(set: MatchSet): BitSet {
  if (set.maybe.size === 0) return set.yes;
  const result = set.yes.clone();
  for (const open of set.maybe.values()) result.orWith(open);
  return result;
}

function collect(size: number, sets: readonly MatchSet[], yes: BitSet): ReadonlyMap<UnknownReason, BitSet> {
  if (sets.every((set) => set.maybe.size === 0)) return NO_REASONS;
  const maybe = new Map<UnknownReason, BitSet>();
  for (const set of sets) {
    for (const [reason, open] of set.maybe) {
      const rest = (maybe.get(reason) ?? new BitSet(size)).orWith(open).andNotWith(yes);
      if (!rest.isEmpty()) maybe.set(reason, rest);
    }
  }
  return maybe;
}
