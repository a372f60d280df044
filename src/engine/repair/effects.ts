// What edits of policies open and close, over the whole map and exactly: an exchange of policies for each draft.

import { placedChanges } from '../behaviours/placed-changes.ts';
import { possibleTraffic } from '../compile/decision.ts';
import { compileReach, type Reach } from '../compile/reach.ts';
import { reachChanges } from '../compile/reach-changes.ts';
import type { FamilyDecisions } from '../compile/rectangle.ts';
import { findRelevance, mergeRelevance } from '../endpoints/relevance.ts';
import type { Unit } from '../endpoints/unit.ts';
import { makeWorld, worldOf } from '../endpoints/world.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { Decision } from '../model/verdict.ts';
import { compareMaps } from '../questions/compare-maps.ts';
import { cutTo } from '../questions/judge.ts';
import type { UnitRectangle } from '../questions/map.ts';
import { type IdSet, idSet, membersOf, subtract } from '../sets/id-set.ts';
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
  const { placement, behaviour } = state;
  const before = compileReach(
    { placement, knobs: behaviour.knobs },
    units.map(({ endpoint }) => endpoint),
    protocols,
  );
  return {
    units,
    of(draft) {
      const kept = state.policies.filter(({ object }) => !draft.edited.has(object));
      // They are placed together: some plugins rank policies among one another.
      const after = placementOf([...kept, ...policiesOf(draft)], state);
      const { reach, affected } = before.exchange(placedChanges(placement, after));
      return differences(units, { before, after: reach }, affected);
    },
  };
}

function policiesOf({ edited, added }: Draft): readonly Policy[] {
  return [...edited.values(), ...added.map(({ policy }) => policy)];
}

function differences(
  units: readonly Unit[],
  reach: { readonly before: Reach; readonly after: Reach },
  affected: Readonly<Record<Direction, IdSet>>,
): Effects {
  const entries = units.flatMap((unit, id) => (unit.type === 'entry' ? [{ unit, id }] : []));
  const apart = idSet(entries.map(({ id }) => id));
  const position = new Map(units.map((unit, id) => [unit.endpoint.key, id]));
  const reached = new Set(membersOf(affected.ingress));
  const changed = reachChanges(reach.before, reach.after, affected);
  const mapOf = (which: 'before' | 'after'): UnitRectangle[] => [
    ...changed.map((one) => ({
      from: membersOf(subtract(one.sources, apart)),
      to: membersOf(subtract(one.destinations, apart)),
      decisions: one[which],
    })),
    // Through an entry only what stands behind it is reached, on its target ports.
    ...entries.flatMap(({ unit, id }) =>
      unit.entry.targets.flatMap((target) => {
        const destination = position.get(target.key);
        if (destination === undefined || !reached.has(destination)) return [];
        const decisions = cutTo(reach[which].decide(id, destination), target.traffic);
        return [{ from: [id], to: [destination], decisions }];
      }),
    ),
  ];
  const changes = compareMaps(units.length, mapOf('before'), mapOf('after'));
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
