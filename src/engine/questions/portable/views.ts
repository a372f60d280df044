// One input under many behaviours: each distinct one is a view, and all of them are cut into the same endpoints.

import { findRelevance, mergeRelevance, type Relevance } from '../../endpoints/relevance.ts';
import type { Unit } from '../../endpoints/unit.ts';
import { makeWorld, type World } from '../../endpoints/world.ts';
import type { Behaviour } from '../../model/behaviour.ts';
import { membersOf, unionAll } from '../../sets/id-set.ts';
import { PROTOCOLS } from '../../sets/traffic-set.ts';
import { type State, withBehaviour } from '../../state.ts';
import type { UnitMap, Within } from '../map.ts';
import type { Area } from './area.ts';
import { type Column, makeColumn, widen } from './column.ts';
import { type Traits, traitKey } from './traits.ts';

/** Computes what is open in a world; only what `within` holds, where it is given. */
export type Ask = (world: World, within?: Within) => UnitMap;

/** What one behaviour makes of the input. */
export interface View {
  readonly world: World;
  readonly column: Column;
  /** By position. */
  readonly units: ReadonlyMap<number, Unit>;
}

/** A view, and the behaviours of those asked about that cannot be told apart on this input. */
export type PluginView = View & { readonly behaviours: readonly [Behaviour, ...Behaviour[]] };

/**
 * A view of a behaviour that need not be one of those asked about, for some areas: one of the plugins' own where the traits
 * cannot tell the two apart.
 */
export type OpenView = (behaviour: Behaviour, traits: Traits, areas: readonly Area[]) => View;

/** Views of all behaviours asked about, in order of their first, and of any other on demand. */
export interface Views {
  readonly plugins: readonly PluginView[];
  /** The units by position, as the first view that has them. */
  readonly units: readonly Unit[];
  /** Opens a view of any behaviour, right for these areas and for no others. */
  readonly open: OpenView;
}

/** Opens the views of a state under each of the behaviours. There is at least one. */
export function openViews(state: State, behaviours: readonly Behaviour[], traits: Traits, ask: Ask): Views {
  const groups = new Map<string, [Behaviour, ...Behaviour[]]>();
  for (const behaviour of behaviours) {
    const key = traitKey(traits, behaviour);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [behaviour]);
    else group.push(behaviour);
  }
  const states = [...groups.values()].map((group) => ({ group, state: withBehaviour(state, group[0]) }));
  const relevance = sharedRelevance(states.map((one) => one.state));
  const units: Unit[] = [];
  const position = new Map<string, number>();
  const viewOf = (world: World, map: UnitMap): View => {
    const places = map.units.map((unit) => position.get(unit.endpoint.key) ?? -1);
    const isSame = places.every((place, id) => place === id);
    const place = (ids: readonly number[]) => (isSame ? ids : ids.map((id) => places[id]!));
    const rectangles = map.rectangles.map(({ from, to, decisions }) => ({
      from: place(from),
      to: place(to),
      decisions,
    }));
    const byPosition = new Map(map.units.map((unit, id) => [places[id]!, unit]));
    return { world, units: byPosition, column: makeColumn(units.length, rectangles) };
  };
  const opened = states.map(({ group, state: own }) => {
    const world = makeWorld(own, relevance);
    const map = ask(world);
    for (const unit of map.units) {
      if (position.has(unit.endpoint.key)) continue;
      position.set(unit.endpoint.key, units.length);
      units.push(unit);
    }
    // A map is much larger than its column: it is not kept.
    return { ...viewOf(world, map), behaviours: group };
  });
  const plugins = opened.map((view): PluginView => ({ ...view, column: widen(view.column, units.length) }));
  const keysOf = (areas: readonly Area[], side: 'from' | 'to') =>
    new Set(membersOf(unionAll(areas.map((area) => area[side]))).map((id) => units[id]!.endpoint.key));
  const endsOf = (areas: readonly Area[]): Within => ({
    from: keysOf(areas, 'from'),
    to: keysOf(areas, 'to'),
    protocols: PROTOCOLS.filter((protocol) => areas.some(({ traffic }) => traffic[protocol] !== undefined)),
  });
  const worlds = new Map<string, World>();
  return {
    plugins,
    units,
    open(behaviour, about, areas) {
      const key = traitKey(about, behaviour);
      const own = plugins.find(({ behaviours }) => traitKey(about, behaviours[0]) === key);
      if (own !== undefined) return own;
      const named = `${[...about.inPlay].join()} ${key}`;
      const world = worlds.get(named) ?? makeWorld(withBehaviour(state, behaviour), relevance);
      worlds.set(named, world);
      return viewOf(world, ask(world, endsOf(areas)));
    },
  };
}

/** What the policies of any state can tell apart; nodes too where one sees hostNetwork pods otherwise than another. */
function sharedRelevance(states: readonly State[]): Relevance {
  const each = states.map(({ placement, cluster }) => findRelevance(placement, cluster.services));
  const all = each.reduce(mergeRelevance);
  const hosts = new Set(states.map(({ behaviour }) => behaviour.knobs.hostNetwork));
  return { ...all, nodes: all.nodes || hosts.size > 1 };
}
