// Which units of two states are one: workloads by key, variants by what they are, addresses by themselves, renamed workloads by
// everything about their pods. Both lists have to be cut alike. Compares nothing else.

import { signer } from '../endpoints/pod-endpoints.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';

/** Positions in both lists of units that are one; one of them is absent where the unit is on one side alone. */
export type UnitPairs = readonly UnitPair[];

/** One unit of the comparison. */
export type UnitPair = readonly [before: number | undefined, after: number | undefined];

type Side = 'before' | 'after';

/** One side, with its units: pods as in its world, then others. */
export interface PairedSide {
  readonly world: World;
  readonly units: readonly Unit[];
}

/** Pairs of all units, in the order of the later list, with those that are gone where they stood. */
export function pairUnits(before: PairedSide, after: PairedSide): UnitPairs {
  const pairs: UnitPair[] = [];
  const rest = pairAlone(before.units, after.units, pairs);
  pairOthers(before, after, rest, pairs);
  return pairs.sort((a, b) => (a[1] ?? a[0]!) - (b[1] ?? b[0]!) || (a[0] ?? -1) - (b[0] ?? -1));
}

/** Positions that have no pair yet. */
type Rest = Readonly<Record<Side, readonly number[]>>;

/**
 * Pairs workloads that have one kind of pod on both sides, and what is no workload by key. Lists are mostly sorted alike, so
 * that the same key is met on both sides at once; what is not stays in the rest.
 */
function pairAlone(before: readonly Unit[], after: readonly Unit[], into: UnitPair[]): Rest {
  const rest = { before: [] as number[], after: [] as number[] };
  let [left, right] = [0, 0];
  while (left < before.length || right < after.length) {
    const [one, other] = [before[left], after[right]];
    const [a, b] = [keyOf(one), keyOf(other)];
    const [ownEnd, otherEnd] = [groupEnd(before, left, a), groupEnd(after, right, b)];
    if (a === b && ownEnd - left === 1 && otherEnd - right === 1) {
      into.push([left++, right++]);
      continue;
    }
    const order = compareWorkloads(one, other);
    if (order <= 0) while (left < ownEnd) rest.before.push(left++);
    if (order >= 0) while (right < otherEnd) rest.after.push(right++);
  }
  return rest;
}

function keyOf(unit: Unit | undefined): string | undefined {
  return unit?.type === 'workload' ? unit.workload.key : unit?.endpoint.key;
}

/** Which of both stands first in a list; zero where neither does: of units that are no workloads the order is not known. */
function compareWorkloads(one: Unit | undefined, other: Unit | undefined): number {
  if (one?.type !== 'workload') return other?.type === 'workload' ? 1 : 0;
  if (other?.type !== 'workload') return -1;
  const [a, b] = [one.workload.key, other.workload.key];
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Units of one workload stand together. */
function groupEnd(units: readonly Unit[], start: number, key: string | undefined): number {
  if (start >= units.length) return start;
  let end = start + 1;
  while (end < units.length && keyOf(units[end]) === key) end++;
  return end;
}

/**
 * Pods of one workload that look the same to policies first, then those of which one kind is left on either side, then
 * workloads that were renamed.
 */
function pairOthers(before: PairedSide, after: PairedSide, rest: Rest, into: UnitPair[]): void {
  if (rest.before.length === 0 && rest.after.length === 0) return;
  const sign = { before: signer(before.world.context), after: signer(after.world.context) };
  const left = new Map(rest.before.map((index) => [index, before.units[index]!]));
  const right = new Map(rest.after.map((index) => [index, after.units[index]!]));
  const match = (name: (unit: Unit, side: Side) => string | undefined): void => {
    const byName = (units: ReadonlyMap<number, Unit>, side: Side) => {
      const names = new Map<string, number[]>();
      for (const [index, unit] of units) {
        const one = name(unit, side);
        if (one === undefined) continue;
        const list = names.get(one);
        if (list === undefined) names.set(one, [index]);
        else list.push(index);
      }
      return names;
    };
    const others = byName(right, 'after');
    for (const [one, own] of byName(left, 'before')) {
      const found = others.get(one);
      // A name that several units of one side share decides nothing.
      if (found === undefined || own.length !== 1 || found.length !== 1) continue;
      into.push([own[0]!, found[0]!]);
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
  for (const index of left.keys()) into.push([index, undefined]);
  for (const index of right.keys()) into.push([undefined, index]);
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
