// Which workloads of the snapshot lie in a box of pods: whom an entry about pods that could exist names today.

import { entry } from '../compile/entry.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import type { BoxId } from '../sets/box-table.ts';
import { contains, type LabelTest } from '../sets/label-box.ts';
import { labelsOfPod, namespaceLabelsOf, type PodBox, podLabelsOf } from '../symbolic/pod-space.ts';
import type { PodTable } from '../symbolic/pod-table.ts';

/** Looks up units by box; each box is looked up once. */
export interface Matches {
  /** Ids of the units in the box, ascending. Those that were not asked about get ids after the others. */
  of(box: BoxId, pods: PodTable): number[];
  /** Units that got such ids, in their order. */
  others(): readonly Unit[];
}

/** Prepares look-ups; `asked` are the units whose ids are their positions. */
export function matchingUnits(world: World, asked: readonly Unit[]): Matches {
  const ids = new Map(asked.map((unit, id) => [unit.endpoint.key, id]));
  const others: Unit[] = [];
  const known = new Map<BoxId, number[]>();
  let index: UnitIndex | undefined;
  const numbers = new Map<Unit, number>();
  const idOf = (unit: Unit) =>
    entry(numbers, unit, () =>
      entry(ids, unit.endpoint.key, () => {
        others.push(unit);
        return asked.length + others.length - 1;
      }),
    );
  return {
    of(box, pods) {
      return entry(known, box, () => {
        index ??= indexUnits(world.pods);
        const tests = pods.get(box);
        const { units, left } = candidates(tests, index, world.pods);
        const found = tests.length > 0 && left.length === 0 ? units : units.filter(isIn(left));
        return ascending(found.map(idOf));
      });
    },
    others: () => others,
  };
}

/** By key and value of a label, with the keys of boxes. */
type UnitIndex = ReadonlyMap<string, ReadonlyMap<string, readonly Unit[]>>;

/** Units by each of their labels and those of their namespaces, as boxes of pods spell them. */
function indexUnits(units: readonly Unit[]): UnitIndex {
  const index = new Map<string, Map<string, Unit[]>>();
  for (const unit of units) {
    const { pod } = unit.endpoint;
    if (pod === undefined) continue;
    for (const [key, value] of labelsOfPod(pod.labels, pod.namespaceLabels)) {
      entry(
        entry(index, key, () => new Map<string, Unit[]>()),
        value,
        () => [],
      ).push(unit);
    }
  }
  return index;
}

/** Units among which are all of the box, and what is left to ask of them: the test for some values that leaves fewest is met. */
function candidates(
  tests: PodBox,
  index: UnitIndex,
  all: readonly Unit[],
): { readonly units: readonly Unit[]; readonly left: PodBox } {
  let few: readonly (readonly Unit[])[] = [all];
  let size = all.length;
  let met: LabelTest | undefined;
  for (const test of tests) {
    const { key, is } = test;
    if (is.absent || is.except) continue;
    const lists = is.values.map((value) => index.get(key)?.get(value) ?? []);
    const own = lists.reduce((sum, one) => sum + one.length, 0);
    if (own < size) [few, size, met] = [lists, own, test];
  }
  return { units: few.length === 1 ? few[0]! : few.flat(), left: tests.filter((test) => test !== met) };
}

/** The numbers sorted; they mostly are already. */
function ascending(ids: number[]): number[] {
  return ids.every((id, i) => i === 0 || ids[i - 1]! <= id) ? ids : ids.sort((a, b) => a - b);
}

/** Whether a unit is in a box of pods. */
function isIn(tests: PodBox): (unit: Unit) => boolean {
  const [home, own] = [namespaceLabelsOf(tests), podLabelsOf(tests)];
  return ({ endpoint: { pod } }) =>
    pod !== undefined && contains(home, pod.namespaceLabels) && contains(own, pod.labels);
}
