// What is different between two maps of which few ends came, went or are others, whatever policies changed: found out by an
// exchange of both, at a cost that grows with what changes. Makes no units and describes nothing.

import { placedChanges } from '../behaviours/placed-changes.ts';
import { compileReach } from '../compile/reach.ts';
import { reachChanges } from '../compile/reach-changes.ts';
import type { Unit } from '../endpoints/unit.ts';
import { isSameValue } from '../model/same-value.ts';
import { membersOf } from '../sets/id-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import { isNothing } from './compare-maps.ts';
import type { UnitRectangle } from './map.ts';
import type { ChangedParts, ChangedState } from './policy-changes.ts';

/** Positions in both lists of units that are one; one of them is absent where the unit is on one side alone. */
export type UnitPairs = readonly (readonly [before: number | undefined, after: number | undefined])[];

/** Each that comes is looked up by itself: beyond some and a part of all, whole maps are compared sooner. */
const FEW = 3;
const PART_OF_ALL = 1 / 8;

/** Undefined where the plugin reads policies in another way, or so much differs that whole maps are compared sooner. */
export function changesOfEnds(
  before: ChangedState,
  after: ChangedState,
  pairs: UnitPairs,
  protocols: readonly Protocol[],
): ChangedParts | undefined {
  const [was, is] = [before.state, after.state];
  if (!isSameValue(was.behaviour.knobs, is.behaviour.knobs)) return undefined;
  if (!isSameValue(was.placement.chain, is.placement.chain)) return undefined;
  const differing = pairs.filter(
    ([a, b]) => a === undefined || b === undefined || !isAlike(before.units[a]!, after.units[b]!),
  );
  if (differing.length > FEW + before.units.length * PART_OF_ALL) return undefined;
  const come = differing.flatMap(([instead, position]) => (position === undefined ? [] : [{ instead, position }]));
  const rules = { placement: was.placement, knobs: was.behaviour.knobs };
  const ends = before.units.map(({ endpoint }) => endpoint);
  const reach = compileReach(rules, ends, protocols, { room: come.length + 1 });
  const {
    reach: next,
    affected,
    added,
    naming,
  } = reach.exchange(placedChanges(was.placement, is.placement), {
    removed: differing.flatMap(([position]) => position ?? []),
    added: come.map(({ instead, position }) => {
      const { endpoint } = after.units[position]!;
      return instead === undefined ? { endpoint } : { endpoint, instead };
    }),
  });
  // Where units of the state after stand: in the places of those that they are, or in new ones.
  const positionAt = new Map(pairs.flatMap(([a, b]) => (a === undefined || b === undefined ? [] : [[a, b] as const])));
  const instead = new Map<number, number>();
  for (const [index, one] of come.entries()) {
    if (one.instead === undefined) positionAt.set(added[index]!, one.position);
    else instead.set(added[index]!, one.instead);
  }
  const changes = reachChanges(reach, next, affected, { instead, naming });
  const side = (which: 'before' | 'after', positionOf: (place: number) => number): UnitRectangle[] =>
    changes.flatMap(({ sources, destinations, ...one }) => {
      const decisions = one[which];
      const [from, to] = [sources, destinations].map((set) => membersOf(set).map(positionOf));
      return isNothing(decisions) ? [] : [{ from: from!, to: to!, decisions }];
    });
  return { before: side('before', (place) => place), after: side('after', (place) => positionAt.get(place)!) };
}

/** Whether policies see the same; variants of one workload may be numbered differently on both sides. */
function isAlike(a: Unit, b: Unit): boolean {
  const [left, right] = [a, b].map(({ endpoint }) => ({ ...endpoint, key: '', name: '' }));
  return isSameValue(left, right);
}
