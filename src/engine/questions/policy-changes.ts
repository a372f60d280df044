// What is different between two maps whose ends are alike, where policies alone came, went or were edited: found out by an
// exchange of policies, at a cost that grows with what changes. Makes no units and describes nothing.

import { placedChanges } from '../behaviours/placed-changes.ts';
import { compileReach } from '../compile/reach.ts';
import { reachChanges } from '../compile/reach-changes.ts';
import type { FamilyDecisions } from '../compile/rectangle.ts';
import type { Unit } from '../endpoints/unit.ts';
import { isSameValue } from '../model/same-value.ts';
import { type IdSet, membersOf } from '../sets/id-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import { isNothing } from './compare-maps.ts';
import type { UnitRectangle } from './map.ts';

/** One of the states that are compared, with its ends. */
export interface ChangedState {
  readonly state: State;
  readonly units: readonly Unit[];
}

/** The parts of two maps that differ; pairs that are in neither meet the same decision. */
export interface ChangedParts {
  readonly before: readonly UnitRectangle[];
  readonly after: readonly UnitRectangle[];
}

/** Undefined where more than policies differs (ends, or how the plugin reads them): then whole maps have to be compared. */
export function changesOfPolicies(
  before: ChangedState,
  after: ChangedState,
  protocols: readonly Protocol[],
): ChangedParts | undefined {
  const ends = before.units.map(({ endpoint }) => endpoint);
  const others = after.units.map(({ endpoint }) => endpoint);
  const [was, is] = [before.state, after.state];
  if (!isSameValue(ends, others) || !isSameValue(was.behaviour.knobs, is.behaviour.knobs)) return undefined;
  if (!isSameValue(was.placement.chain, is.placement.chain)) return undefined;
  const reach = compileReach({ placement: was.placement, knobs: was.behaviour.knobs }, ends, protocols);
  const { reach: next, affected } = reach.exchange(placedChanges(was.placement, is.placement));
  const changes = reachChanges(reach, next, affected);
  const side = (which: 'before' | 'after'): UnitRectangle[] =>
    changes.flatMap((one) => rectangle(one.sources, one.destinations, one[which]));
  return { before: side('before'), after: side('after') };
}

/** As in maps, pairs of which everything is denied are in none. */
function rectangle(sources: IdSet, destinations: IdSet, decisions: FamilyDecisions): UnitRectangle[] {
  return isNothing(decisions) ? [] : [{ from: membersOf(sources), to: membersOf(destinations), decisions }];
}
