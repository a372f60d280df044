// Which policies there are after some exchanges: found out when somebody asks, so that an exchange costs nothing here.

import type { PlacedPolicy } from '../model/tier.ts';

/** Policies, by identity. */
export interface PolicySet {
  all(): ReadonlySet<PlacedPolicy>;
  /** The set after an exchange; this one stays as it is. A policy that goes and comes stays. */
  with(change: Exchange): PolicySet;
}

interface Exchange {
  readonly removed: readonly PlacedPolicy[];
  readonly added: readonly PlacedPolicy[];
}

/** A set that is made, or what it is made from. */
interface Step {
  made?: ReadonlySet<PlacedPolicy>;
  from?: { readonly step: Step; readonly change: Exchange };
}

/** The set of some policies. */
export function policySet(first: readonly PlacedPolicy[]): PolicySet {
  return setAt({ made: new Set(first) });
}

function setAt(step: Step): PolicySet {
  return {
    all: () => made(step),
    with(change) {
      const isSame = change.removed.length === 0 && change.added.length === 0;
      return isSame ? setAt(step) : setAt({ from: { step, change } });
    },
  };
}

/** Goes back to a set that is made, and then all steps at once. */
function made(last: Step): ReadonlySet<PlacedPolicy> {
  const changes: Exchange[] = [];
  let step = last;
  while (step.made === undefined) {
    changes.push(step.from!.change);
    step = step.from!.step;
  }
  if (changes.length === 0) return step.made;
  const next = new Set(step.made);
  for (const { removed, added } of changes.reverse()) {
    for (const placed of removed) next.delete(placed);
    for (const placed of added) next.add(placed);
  }
  last.made = next;
  delete last.from;
  return next;
}
