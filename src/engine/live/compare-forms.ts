// Two forms that were compiled apart, compared: units that go on keep their places, and then both maps.

import type { ReachChange } from '../compile/reach-changes.ts';
import type { Unit } from '../endpoints/unit.ts';
import { compareMaps } from '../questions/compare-maps.ts';
import { idSet } from '../sets/id-set.ts';
import type { LiveForm, NextForm } from './live-form.ts';
import { compareUnits } from './live-units.ts';

/** Compares both forms, whose units have to be told apart by the same relevance. */
export function compareForms(before: LiveForm, after: LiveForm): Pick<NextForm, 'placeOf' | 'changes'> {
  const places = new Map<number, number>();
  for (const name of new Set([...before.numbers.keys(), ...after.numbers.keys()])) {
    const numbers = after.numbers.get(name) ?? [];
    const numberOf = new Map(numbers.map((number) => [after.units[number]!, number]));
    const { kept, come } = compareUnits(
      before.numbers.get(name) ?? [],
      (number) => before.units[number]!,
      (number) => before.reach.endpoints[number]!,
      [...numberOf.keys()],
      after.text,
    );
    const set = (unit: Unit, place: number | undefined) => {
      if (place !== undefined) places.set(numberOf.get(unit)!, place);
    };
    for (const [number, unit] of kept) set(unit, number);
    for (const { unit, instead } of come) set(unit, instead);
  }
  const size = before.reach.endpoints.length;
  const placeOf = (number: number) => places.get(number) ?? size + number;
  return {
    placeOf,
    changes: (): readonly ReachChange[] => {
      const [was, is] = [before, after].map(({ reach }) => reach.rectangles());
      const changes = compareMaps(
        size + after.reach.endpoints.length,
        was!.map(({ sources, destinations, decisions }) => ({ from: sources, to: destinations, decisions })),
        is!.map(({ sources, destinations, decisions }) => ({
          from: sources.map(placeOf),
          to: destinations.map(placeOf),
          decisions,
        })),
      );
      return changes.map((one) => ({
        sources: idSet(one.from),
        destinations: idSet(one.to),
        before: one.before,
        after: one.after,
      }));
    },
  };
}
