// Cuts two states into the same endpoints, so that their maps can be compared: shared address classes, workloads by key,
// renamed workloads by what they are.

import { addressUnits, outsideAddresses } from '../endpoints/outside.ts';
import { signer } from '../endpoints/pod-endpoints.ts';
import { mergeRelevance } from '../endpoints/relevance.ts';
import type { Unit } from '../endpoints/unit.ts';
import { makeWorld, type World, worldOf } from '../endpoints/world.ts';
import { type IpSet, intersect, isEmpty, union } from '../sets/ip-set.ts';
import type { State } from '../state.ts';
import type { QuestionContext } from './ask.ts';
import { changesOfEnds } from './end-changes.ts';
import { mapEntries, mapWorld, type UnitMap, type UnitRectangle } from './map.ts';
import { changesOfPolicies } from './policy-changes.ts';

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
  readonly worlds: { readonly before: World; readonly after: World };
}

/** Aligns two states and computes both maps. Pods are split by what the policies of either state can tell apart. */
export function alignUnits(before: State, after: State, context: QuestionContext): Alignment {
  const relevance = mergeRelevance(worldOf(before).context.relevance, worldOf(after).context.relevance);
  const worlds = { before: makeWorld(before, relevance), after: makeWorld(after, relevance) };
  const outside = union(outsideAddresses(worlds.before.context), outsideAddresses(worlds.after.context));
  const maps = mapsOf(worlds, outside, context);
  const units: AlignedUnit[] = [];
  const position = { before: new Map<number, number>(), after: new Map<number, number>() };
  for (const [a, b] of pairUp(worlds, maps.before.units, maps.after.units)) {
    const unit: AlignedUnit = {
      ...(a === undefined ? {} : { before: maps.before.units[a]! }),
      ...(b === undefined ? {} : { after: maps.after.units[b]! }),
    };
    if (a !== undefined) position.before.set(a, units.length);
    if (b !== undefined) position.after.set(b, units.length);
    units.push(unit);
  }
  const move = (map: UnitMap, to: ReadonlyMap<number, number>) =>
    map.rectangles.map(({ from, to: ends, decisions }) => ({
      from: from.map((id) => to.get(id)!),
      to: ends.map((id) => to.get(id)!),
      decisions,
    }));
  return { units, before: move(maps.before, position.before), after: move(maps.after, position.after), worlds };
}

/** Both maps, or what differs between them where that can be told without working out the whole of either. */
function mapsOf(
  worlds: Alignment['worlds'],
  all: IpSet,
  context: QuestionContext,
): { readonly before: UnitMap; readonly after: UnitMap } {
  const shown = { before: shownOf(worlds.before, all), after: shownOf(worlds.after, all) };
  const endsOf = (side: 'before' | 'after') => ({
    state: worlds[side].state,
    units: [...worlds[side].pods, ...shown[side]],
  });
  const [was, is] = [endsOf('before'), endsOf('after')];
  const parts =
    changesOfPolicies(was, is, context.protocols) ??
    changesOfEnds(was, is, pairUp(worlds, was.units, is.units), context.protocols);
  const mapOf = (side: 'before' | 'after'): UnitMap => {
    if (parts === undefined) return mapWorld(worlds[side], shown[side], { protocols: context.protocols }, context);
    const { units, rectangles } = mapEntries(worlds[side], shown[side], context.protocols);
    return { units, rectangles: [...parts[side], ...rectangles] };
  };
  return { before: mapOf('before'), after: mapOf('after') };
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

/**
 * Pairs positions of both lists: pods of one workload that look the same to policies first, then those of which one kind
 * is left on either side, then workloads that were renamed.
 */
function pairUp(
  worlds: Alignment['worlds'],
  before: readonly Unit[],
  after: readonly Unit[],
): [number | undefined, number | undefined][] {
  const sign = { before: signer(worlds.before.context), after: signer(worlds.after.context) };
  const left = new Map(before.map((unit, index) => [index, unit]));
  const right = new Map(after.map((unit, index) => [index, unit]));
  const pairs: [number | undefined, number | undefined][] = [];
  const match = (name: (unit: Unit, side: 'before' | 'after') => string | undefined): void => {
    const byName = (units: ReadonlyMap<number, Unit>, side: 'before' | 'after') => {
      const names = new Map<string, number[]>();
      for (const [index, unit] of units) {
        const one = name(unit, side);
        if (one !== undefined) names.set(one, [...(names.get(one) ?? []), index]);
      }
      return names;
    };
    const others = byName(right, 'after');
    for (const [one, own] of byName(left, 'before')) {
      const found = others.get(one);
      // A name that several units of one side share decides nothing.
      if (found === undefined || own.length !== 1 || found.length !== 1) continue;
      pairs.push([own[0]!, found[0]!]);
      left.delete(own[0]!);
      right.delete(found[0]!);
    }
  };
  match((unit, side) =>
    unit.type === 'workload' ? `${unit.workload.key} ${sign[side](unit.pods[0]!)}` : unit.endpoint.key,
  );
  match((unit) =>
    unit.type === 'workload' ? `${unit.workload.key} ${JSON.stringify(unit.variant ?? {})}` : undefined,
  );
  match((unit) => (unit.type === 'workload' ? unit.workload.key : undefined));
  match(renameKey);
  for (const index of left.keys()) pairs.push([index, undefined]);
  for (const index of right.keys()) pairs.push([undefined, index]);
  return pairs.sort((a, b) => (a[1] ?? a[0]!) - (b[1] ?? b[0]!) || (a[0] ?? -1) - (b[0] ?? -1));
}

/** What stays when a workload is renamed: namespace, kind, and everything about its pods that policies could ask. */
function renameKey(unit: Unit): string | undefined {
  if (unit.type !== 'workload') return undefined;
  const { labels, ports, hostNetwork, serviceAccount } = unit.pods[0]!;
  const sorted = Object.entries(labels)
    .filter(([key]) => !key.endsWith('-hash'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length === 0) return undefined;
  const { namespace, kind } = unit.workload;
  return JSON.stringify([namespace, kind, sorted, ports, hostNetwork, serviceAccount, unit.variant ?? {}]);
}
