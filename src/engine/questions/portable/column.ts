// The open pairs of one map by source, and what becomes of an area there.

import type { FamilyDecisions } from '../../compile/rectangle.ts';
import { type IdSet, idSet, intersect, membersOf, subtract } from '../../sets/id-set.ts';
import { FAMILIES } from '../../sets/ip-set.ts';
import * as traffic from '../../sets/traffic-set.ts';
import type { UnitRectangle } from '../map.ts';
import type { Area } from './area.ts';
import { groupBy } from './group-by.ts';
import { type Outcome, partsOf } from './outcome.ts';

/** The rectangles of a map over so many positions. Pairs that no rectangle holds are denied. */
export interface Column {
  readonly size: number;
  /** The row of every source: sources that stand in the same rectangles share one. */
  readonly rowOf: readonly number[];
  /** For every row its rectangles. */
  readonly rows: readonly (readonly number[])[];
  /** For every rectangle its destinations, */
  readonly to: readonly IdSet[];
  /** its decisions, */
  readonly decisions: readonly FamilyDecisions[];
  /** and a text equal for decisions that read the same. */
  readonly keys: readonly string[];
  /** The area in parts with one outcome each. */
  split(area: Area): readonly (Area & { readonly outcome: Outcome })[];
}

/** The column of a map over so many positions. */
export function makeColumn(size: number, rectangles: readonly UnitRectangle[]): Column {
  const of: number[][] = Array.from({ length: size }, () => []);
  rectangles.forEach(({ from }, index) => {
    for (const source of from) of[source]!.push(index);
  });
  const byRow = groupBy(of.keys(), (source) => of[source]!.join());
  const rowOf = new Array<number>(size);
  const rows = [...byRow.values()].map((sources, row) => {
    for (const source of sources) rowOf[source] = row;
    return of[sources[0]!]!;
  });
  const to = rectangles.map((one) => idSet(one.to));
  const decisions = rectangles.map((one) => one.decisions);
  const split = ({ from, to: all, family, traffic: set }: Area): (Area & { readonly outcome: Outcome })[] =>
    [...groupBy(membersOf(from), (source) => rowOf[source]!)].flatMap(([row, sources]) => {
      const parts: (Area & { readonly outcome: Outcome })[] = [];
      let rest = all;
      const add = (ends: IdSet, said: FamilyDecisions): void => {
        for (const part of partsOf(said[family], set)) parts.push({ from: idSet(sources), to: ends, family, ...part });
      };
      for (const index of rows[row]!) {
        const ends = intersect(rest, to[index]!);
        if (ends.length === 0) continue;
        add(ends, decisions[index]!);
        rest = subtract(rest, ends);
        if (rest.length === 0) break;
      }
      if (rest.length > 0) add(rest, {});
      return parts;
    });
  return { size, rowOf, rows, to, decisions, keys: decisions.map(decisionsKey), split };
}

/** The families of the pair are part of it; the policies behind an unknown part are not. */
function decisionsKey(decisions: FamilyDecisions): string {
  return FAMILIES.flatMap((family) => {
    const decision = decisions[family];
    if (decision === undefined) return [];
    const unknown = decision.unknown.map((part) => `${traffic.trafficKey(part.traffic)} ${part.reason}`).sort();
    const conditional = decision.conditional.map(
      (part) => `${traffic.trafficKey(part.traffic)} ${JSON.stringify(part.conditions)}`,
    );
    return [`${family} ${traffic.trafficKey(decision.allowed)} ${unknown.join(';')} ${conditional.join(';')}`];
  }).join(' / ');
}
