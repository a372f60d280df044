// Which endpoints a selector, peer or port entry matches, for all endpoints at once: surely, or perhaps and why.

import type { Endpoint, UnknownReason } from '../model/endpoint.ts';
import { type IdSet, idSet, intersect, subtract, unionAll } from '../sets/id-set.ts';
import { entry } from './entry.ts';

/** `maybe` holds, per reason, the endpoints that match only perhaps; none of them is also in `yes`, none is empty. */
export interface MatchSet {
  readonly yes: IdSet;
  readonly maybe: ReadonlyMap<UnknownReason, IdSet>;
}

const NO_REASONS: ReadonlyMap<UnknownReason, IdSet> = new Map();

/** A set without open members. */
export function certain(yes: IdSet): MatchSet {
  return { yes, maybe: NO_REASONS };
}

/** A set with open members for one reason; `open` may be empty. */
export function partly(yes: IdSet, reason: UnknownReason, open: IdSet): MatchSet {
  return open.length === 0 ? certain(yes) : { yes, maybe: new Map([[reason, open]]) };
}

/** Endpoints for which something is open, by reason. */
export function openBy(
  endpoints: readonly Endpoint[],
  reasonOf: (endpoint: Endpoint) => UnknownReason | undefined,
): MatchSet['maybe'] {
  const open = new Map<UnknownReason, number[]>();
  endpoints.forEach((endpoint, id) => {
    const reason = reasonOf(endpoint);
    if (reason !== undefined) entry(open, reason, () => []).push(id);
  });
  return new Map([...open].map(([reason, ids]) => [reason, idSet(ids)]));
}

/** Members of any of the sets; surely wins over perhaps. */
export function anyOf(sets: readonly MatchSet[]): MatchSet {
  if (sets.length === 1) return sets[0]!;
  const yes = unionAll(sets.map((set) => set.yes));
  return { yes, maybe: collect(sets, (open) => subtract(open, yes)) };
}

/** Members of both sets; surely only where both are sure. */
export function both(a: MatchSet, b: MatchSet): MatchSet {
  const yes = intersect(a.yes, b.yes);
  if (a.maybe.size === 0 && b.maybe.size === 0) return certain(yes);
  const [anyA, anyB] = [possible(a), possible(b)];
  const within = (set: MatchSet, other: IdSet): MatchSet => ({
    yes,
    maybe: collect([set], (open) => intersect(open, other)),
  });
  return { yes, maybe: collect([within(a, anyB), within(b, anyA)], (open) => open) };
}

/** Members that match surely or perhaps. */
export function possible(set: MatchSet): IdSet {
  return set.maybe.size === 0 ? set.yes : unionAll([set.yes, ...set.maybe.values()]);
}

/** The open members of all sets by reason, cut by `cut`; reasons that nothing is left of go. */
function collect(sets: readonly MatchSet[], cut: (open: IdSet) => IdSet): ReadonlyMap<UnknownReason, IdSet> {
  if (sets.every((set) => set.maybe.size === 0)) return NO_REASONS;
  const maybe = new Map<UnknownReason, IdSet>();
  for (const set of sets) {
    for (const [reason, members] of set.maybe) {
      const open = cut(members);
      if (open.length === 0) continue;
      const before = maybe.get(reason);
      maybe.set(reason, before === undefined ? open : unionAll([before, open]));
    }
  }
  return maybe;
}
