// What edits of policies open and close, over the whole map and exactly. Only pods that an edited policy selects, before or
// after, can be at a changed connection, so only their rows are computed, and those of the peers to which they change.

import { changedPeers } from '../compile/changed-peers.ts';
import { possibleTraffic } from '../compile/decision.ts';
import { possible } from '../compile/match-set.ts';
import { compileReach, type Reach } from '../compile/reach.ts';
import type { FamilyDecisions } from '../compile/rectangle.ts';
import { type Selections, selectSubjects } from '../compile/selections.ts';
import { indexSelectors, type SelectorIndex } from '../compile/selector-index.ts';
import { findRelevance, mergeRelevance } from '../endpoints/relevance.ts';
import type { Unit } from '../endpoints/unit.ts';
import { makeWorld, worldOf } from '../endpoints/world.ts';
import { DIRECTIONS, type Direction, type Policy, seesHostNetwork } from '../model/policy.ts';
import type { ManifestObject } from '../model/source.ts';
import type { PlacedPolicy } from '../model/tier.ts';
import type { Decision } from '../model/verdict.ts';
import { compareMaps } from '../questions/compare-maps.ts';
import { cutTo } from '../questions/judge.ts';
import type { UnitRectangle } from '../questions/map.ts';
import { EMPTY, type IdSet, idSet, membersOf, subtract, unionAll } from '../sets/id-set.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { placementOf, type State } from '../state.ts';
import type { Draft } from './draft.ts';
import type { Goal } from './goal.ts';

/** The difference of two whole maps. Rectangles are disjoint; their decisions hold only what came, or went. */
export interface Effects {
  readonly opens: readonly UnitRectangle[];
  readonly closes: readonly UnitRectangle[];
}

/** Effects of drafts of one state, over one list of units. */
export interface EffectsOf {
  /** Everything that a map shows, told apart as finely as the policies of any of the drafts can. */
  readonly units: readonly Unit[];
  /** `draft` must be one of those that were given. */
  of(draft: Draft): Effects;
}

/** Prepares the effects of some drafts. Addresses of the goal are told apart from all others; ranges with a name as in maps. */
export function effectsOf(
  state: State,
  drafts: readonly Draft[],
  goal: Goal,
  protocols: readonly traffic.Protocol[],
): EffectsOf {
  const touched = drafts.flatMap((draft) => policiesOf(draft));
  const named = goal
    .flatMap(({ from, to }) => [from, to.unit])
    .flatMap((unit) => (unit.type === 'addresses' && unit.name === undefined ? [unit.set] : []));
  const found = findRelevance(placementOf(touched, state), []);
  const own = { ...found, blocks: [...found.blocks, ...named] };
  const world = makeWorld(state, mergeRelevance(worldOf(state).context.relevance, own));
  const units = [...world.pods, ...world.outside(), ...world.entries()];
  const endpoints = units.map(({ endpoint }) => endpoint);
  const selectors = indexSelectors(endpoints);
  const selections = selectSubjects(state.placement, selectors);
  return {
    units,
    of(draft) {
      const touched = {
        before: state.policies.filter(({ object }) => draft.edited.has(object)),
        after: policiesOf(draft),
      };
      const subjects = [touched.before, touched.after].flatMap((list) => placementOf(list, state).policies);
      const affected = affectedBy(subjects, selectors, state);
      const everyone = unionAll(DIRECTIONS.map((direction) => affected[direction]));
      if (everyone.length === 0) return { opens: [], closes: [] };
      const compile = (ids: IdSet) => {
        const found = selecting(selections, ids);
        const kept = state.policies.filter(({ object }) => found.has(object) && !draft.edited.has(object));
        // They are placed together: some plugins rank policies among one another.
        const reachOf = (policies: readonly Policy[]): Reach => {
          const placement = placementOf([...kept, ...policies], state);
          return compileReach({ placement, knobs: state.behaviour.knobs }, endpoints, protocols, selectors);
        };
        return { before: reachOf(touched.before), after: reachOf(touched.after) };
      };
      const sides = compile(everyone);
      const peers = (direction: Direction): IdSet =>
        unionAll([
          EMPTY,
          ...membersOf(affected[direction]).map((id) => changedPeers(sides.before, sides.after, id, direction)),
        ]);
      const [destinations, sources] = [peers('egress'), peers('ingress')];
      const both = compile(unionAll([everyone, destinations, sources]));
      const from = unionAll([affected.egress, sources]);
      const to = unionAll([destinations, affected.ingress]);
      return differences(units, both, from, to);
    },
  };
}

function policiesOf({ edited, added }: Draft): readonly Policy[] {
  return [...edited.values(), ...added.map(({ policy }) => policy)];
}

/** Subjects of the policies by direction. Where being selected for one direction matters to the other, they are of both. */
function affectedBy(
  policies: readonly PlacedPolicy[],
  selectors: SelectorIndex,
  { placement }: State,
): Readonly<Record<Direction, IdSet>> {
  const subjects = (direction: Direction): IdSet =>
    unionAll([
      EMPTY,
      ...policies.flatMap(({ policy }) => {
        const part = policy[direction];
        if (part === undefined) return [];
        return [possible(selectors.pods(part.subject.namespaces, part.subject.pods, seesHostNetwork(policy)))];
      }),
    ]);
  const own = { egress: subjects('egress'), ingress: subjects('ingress') };
  if (!placement.chain.tiers.some(({ unisolated }) => unisolated === 'accept-if-selected')) return own;
  const both = unionAll([own.egress, own.ingress]);
  return { egress: both, ingress: both };
}

/** The objects of the policies that select one of the endpoints. */
function selecting(selections: Selections, ids: IdSet): ReadonlySet<ManifestObject> {
  const found = new Set<ManifestObject>();
  for (const id of membersOf(ids)) {
    for (const direction of DIRECTIONS) {
      for (const { placed } of selections[direction].get(id) ?? []) found.add(placed.policy.object);
    }
  }
  return found;
}

function differences(
  units: readonly Unit[],
  reach: { readonly before: Reach; readonly after: Reach },
  from: IdSet,
  to: IdSet,
): Effects {
  const entries = units.flatMap((unit, id) => (unit.type === 'entry' ? [{ unit, id }] : []));
  const plain = subtract(from, idSet(entries.map(({ id }) => id)));
  const position = new Map(units.map((unit, id) => [unit.endpoint.key, id]));
  const reached = new Set(membersOf(to));
  const mapOf = (one: Reach): UnitRectangle[] => [
    ...one
      .rectangles(membersOf(plain), membersOf(subtract(to, idSet(entries.map(({ id }) => id)))))
      .map(({ sources, destinations, decisions }) => ({ from: sources, to: destinations, decisions })),
    // Through an entry only what stands behind it is reached, on its target ports.
    ...entries.flatMap(({ unit, id }) =>
      unit.entry.targets.flatMap((target) => {
        const destination = position.get(target.key);
        if (destination === undefined || !reached.has(destination)) return [];
        return [{ from: [id], to: [destination], decisions: cutTo(one.decide(id, destination), target.traffic) }];
      }),
    ),
  ];
  const changes = compareMaps(units.length, mapOf(reach.before), mapOf(reach.after));
  const part = (more: (typeof changes)[number]['before'], less: FamilyDecisions): FamilyDecisions =>
    Object.fromEntries(
      FAMILIES.flatMap((family) => {
        const gained = more[family] === undefined ? undefined : gain(more[family], less[family]);
        return gained === undefined ? [] : [[family, gained]];
      }),
    );
  const rectangles = (pick: (change: (typeof changes)[number]) => FamilyDecisions): UnitRectangle[] =>
    changes.flatMap((change) => {
      const decisions = pick(change);
      return Object.keys(decisions).length === 0 ? [] : [{ from: change.from, to: change.to, decisions }];
    });
  return {
    opens: rectangles(({ before, after }) => part(after, before)),
    closes: rectangles(({ before, after }) => part(before, after)),
  };
}

/** What one decision has and the other has not: surely allowed, or at least possible. Undefined for nothing. */
function gain(more: Decision, less: Decision | undefined): Decision | undefined {
  const was = less ?? { allowed: traffic.NO_TRAFFIC, unknown: [], conditional: [] };
  const known = possibleTraffic(was);
  const allowed = traffic.subtract(more.allowed, was.allowed);
  const cut = <T extends { readonly traffic: traffic.TrafficSet }>(parts: readonly T[]): T[] =>
    parts
      .map((part) => ({ ...part, traffic: traffic.subtract(part.traffic, known) }))
      .filter((part) => !traffic.isEmpty(part.traffic));
  const [unknown, conditional] = [cut(more.unknown), cut(more.conditional)];
  if (traffic.isEmpty(allowed) && unknown.length === 0 && conditional.length === 0) return undefined;
  return { allowed, unknown, conditional };
}
