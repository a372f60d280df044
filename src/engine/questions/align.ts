// Cuts two states into the same endpoints, so that their maps can be compared: shared address classes, workloads by key,
// renamed workloads by what they are.

import { cutAlike } from '../endpoints/cut-alike.ts';
import { addressUnits, outsideAddresses } from '../endpoints/outside.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { equals, type IpSet, intersect, isEmpty, union } from '../sets/ip-set.ts';
import type { State } from '../state.ts';
import type { QuestionContext } from './ask.ts';
import { changesOfEnds } from './end-changes.ts';
import { mapEntries, mapWorld, type UnitMap, type UnitRectangle } from './map.ts';
import { type PairedSide, pairUnits, type UnitPairs } from './pair-units.ts';

/** One endpoint of the comparison; at least one side is there. */
export interface AlignedUnit {
  readonly before?: Unit;
  readonly after?: Unit;
}

/** Two maps over one list of endpoints. Pairs that meet the same in both may be left out. */
export interface Alignment {
  readonly units: readonly AlignedUnit[];
  readonly before: readonly UnitRectangle[];
  readonly after: readonly UnitRectangle[];
  readonly worlds: Readonly<Record<Side, World>>;
}

type Side = 'before' | 'after';

/** Aligns two states and computes both maps. Pods are split by what the policies of either state can tell apart. */
export function alignUnits(before: State, after: State, context: QuestionContext): Alignment {
  const worlds = cutAlike(before, after);
  const maps = mapsOf(worlds, context);
  const { before: was, after: is, pairs } = maps;
  const units: AlignedUnit[] = [];
  const position = { before: new Int32Array(was.units.length), after: new Int32Array(is.units.length) };
  for (const [a, b] of pairs) {
    if (a !== undefined) position.before[a] = units.length;
    if (b !== undefined) position.after[b] = units.length;
    if (a === undefined) units.push({ after: is.units[b!]! });
    else if (b === undefined) units.push({ before: was.units[a]! });
    else units.push({ before: was.units[a]!, after: is.units[b]! });
  }
  const move = (map: UnitMap, to: Int32Array): UnitRectangle[] =>
    map.rectangles.map(({ from, to: ends, decisions }) => ({
      from: from.map((id) => to[id]!),
      to: ends.map((id) => to[id]!),
      decisions,
    }));
  return { units, before: move(was, position.before), after: move(is, position.after), worlds };
}

/** Both maps, or what differs between them where that can be told without working out the whole of either. */
function mapsOf(
  worlds: Alignment['worlds'],
  context: QuestionContext,
): { readonly before: UnitMap; readonly after: UnitMap; readonly pairs: UnitPairs } {
  const shown = outsideOf(worlds);
  const sideOf = (side: Side) => ({ world: worlds[side], units: [...worlds[side].pods, ...shown[side]] });
  const [was, is] = [sideOf('before'), sideOf('after')];
  const pairs = pairUnits(was, is);
  const ends = ({ world: { state }, units }: PairedSide) => ({ state, units });
  const parts = changesOfEnds(ends(was), ends(is), pairs, context.protocols);
  const mapOf = (side: Side): UnitMap => {
    if (parts === undefined) return mapWorld(worlds[side], shown[side], { protocols: context.protocols }, context);
    const { units, rectangles } = mapEntries(worlds[side], shown[side], context.protocols);
    return { units, rectangles: [...parts[side], ...rectangles] };
  };
  const [before, after] = [mapOf('before'), mapOf('after')];
  const hasMore = before.units.length > was.units.length || after.units.length > is.units.length;
  return {
    before,
    after,
    // Ways in stand behind the others.
    pairs: hasMore
      ? pairUnits({ world: was.world, units: before.units }, { world: is.world, units: after.units })
      : pairs,
  };
}

/** What is outside of either cluster, in classes that both states share. */
function outsideOf(worlds: Alignment['worlds']): Record<Side, readonly Unit[]> {
  const [before, after] = [worlds.before, worlds.after].map(({ context }) => outsideAddresses(context));
  if (equals(before!, after!)) return { before: worlds.before.outside(), after: worlds.after.outside() };
  const all = union(before!, after!);
  return { before: shownOf(worlds.before, all), after: shownOf(worlds.after, all) };
}

/**
 * The classes of addresses that both states share, without those inside of this state's cluster. Which addresses may be
 * nodes each state knows for itself.
 */
function shownOf(world: World, all: IpSet): readonly Unit[] {
  const outside: IpSet = outsideAddresses(world.context);
  const classes = addressUnits(world.context, all);
  return classes.filter((unit) => unit.type === 'addresses' && !isEmpty(intersect(unit.set, outside)));
}
