// Namespaces that have to be made for two pods that do not exist, so that both can be there at once: two of one name
// cannot. Knows no policy.

import { UNNAMED } from '../endpoints/possible-pod.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { type Labels, labelOf } from '../model/selector.ts';
import { boxOf, intersect, type LabelBox, replace, testOf } from '../sets/label-box.ts';
import { exampleLabels, freshValue } from '../sets/label-selectors.ts';
import { allBut, intersect as both, PRESENT, valuesOf } from '../sets/value-set.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import { isNewNamespace, isPossible } from './possible-units.ts';

/** A namespace to make; `labels` without the automatic one. */
export interface NewHome {
  readonly name: string;
  readonly labels: Labels;
}

/** For each end the namespace to make; absent: its namespace exists, or it is no pod that could be made. */
export interface NewHomes {
  readonly from?: NewHome;
  readonly to?: NewHome;
}

/** The namespaces to make for a pair, perhaps one for both ends. Undefined: they would need one name and other labels. */
export function newHomes(world: World, from: Unit, to: Unit): NewHomes | undefined {
  const [sources, destinations] = [boxesOf(world, from), boxesOf(world, to)];
  if (sources === undefined || destinations === undefined) {
    return {
      ...(sources === undefined ? {} : { from: homeIn(sources[0]!, 'from') }),
      ...(destinations === undefined ? {} : { to: homeIn(destinations[0]!, 'to') }),
    };
  }
  for (const source of sources) {
    for (const destination of destinations) {
      const homes = { from: homeIn(source, 'from'), to: homeIn(destination, 'to') };
      if (homes.from.name !== homes.to.name) return homes;
      const shared = intersect(source, destination);
      if (shared !== undefined) return { from: homeIn(shared, 'from'), to: homeIn(shared, 'from') };
    }
  }
  return undefined;
}

/** Labels that the namespace may have, one box for each name that it may need; undefined where nothing is made. */
function boxesOf(world: World, unit: Unit): readonly LabelBox[] | undefined {
  if (unit.type !== 'hypothetical' || !isNewNamespace(world, unit.namespace)) return undefined;
  const isCell = isPossible(unit) && !('name' in unit.cell.namespace);
  const boxes = isCell ? unit.cell.namespace : [exactBox(world, unit.namespace.labels)];
  return boxes.flatMap((box) => {
    const { except, values } = testOf(box, NAME_LABEL);
    return except ? [box] : values.map((value) => replace(box, NAME_LABEL, valuesOf([value])));
  });
}

/** Exactly these labels, with any name that is free where they have none. */
function exactBox({ state }: World, labels: Labels): LabelBox {
  const tests = Object.keys(labels).map((key) => ({ key, is: valuesOf([labelOf(labels, key)!]) }));
  const isNamed = labelOf(labels, NAME_LABEL) !== UNNAMED;
  const free = both(PRESENT, allBut([...state.cluster.namespaces.keys()]));
  const box = boxOf(tests)!;
  return isNamed ? box : replace(box, NAME_LABEL, free);
}

function homeIn(box: LabelBox, role: 'from' | 'to'): NewHome {
  const { except, values } = testOf(box, NAME_LABEL);
  const { [NAME_LABEL]: _, ...labels } = exampleLabels(box);
  return { name: except ? freshValue(values, `netweir-witness-${role}`) : values[0]!, labels };
}
