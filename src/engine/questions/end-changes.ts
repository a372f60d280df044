// What is different between two maps of which few ends came, went or are others, or none, whatever policies changed: found out
// by an exchange of both, at a cost that grows with what changes. Makes no units and describes nothing.

import { reachChanges } from '../compile/reach-changes.ts';
import { isSameEndpoint } from '../endpoints/same-endpoint.ts';
import type { Unit } from '../endpoints/unit.ts';
import { isSameValue } from '../model/same-value.ts';
import { membersOf } from '../sets/id-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import { isNothing } from './compare-maps.ts';
import { exchangedState } from './compiled-state.ts';
import type { UnitRectangle } from './map.ts';
import type { UnitPairs } from './pair-units.ts';

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
    ([a, b]) =>
      a === undefined || b === undefined || !isSameEndpoint(before.units[a]!.endpoint, after.units[b]!.endpoint),
  );
  if (differing.length > FEW + before.units.length * PART_OF_ALL) return undefined;
  const gone = differing.flatMap(([position]) => position ?? []);
  const come = differing.flatMap(([instead, position]) => (position === undefined ? [] : [{ instead, position }]));
  const { reach, exchanged } = exchangedState(was, before.units, protocols, is, {
    removed: gone,
    added: come.map(({ instead, position }) => {
      const { endpoint } = after.units[position]!;
      return instead === undefined ? { endpoint } : { endpoint, instead };
    }),
  });
  const { reach: next, affected, added, naming } = exchanged;
  // Where units of the state after stand: in the places of those that they are, or in new ones.
  const positionAt = new Int32Array(reach.endpoints.length);
  for (const [a, b] of pairs) if (a !== undefined && b !== undefined) positionAt[a] = b;
  const instead = new Map<number, number>();
  for (const [index, one] of come.entries()) {
    if (one.instead === undefined) positionAt[added[index]!] = one.position;
    else instead.set(added[index]!, one.instead);
  }
  const changes = reachChanges(reach, next, affected, { instead, naming });
  const side = (which: 'before' | 'after', positionOf: (place: number) => number): UnitRectangle[] =>
    changes.flatMap(({ sources, destinations, ...one }) => {
      const decisions = one[which];
      // As in maps, pairs of which everything is denied are in none.
      if (isNothing(decisions)) return [];
      const [from, to] = [sources, destinations].map((set) => membersOf(set).map(positionOf));
      return [{ from: from!, to: to!, decisions }];
    });
  return { before: side('before', (place) => place), after: side('after', (place) => positionAt[place]!) };
}
