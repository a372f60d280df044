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
  const decisions = rectangles.map((one) => one.decisions);
  return columnOf({
    size,
    ...rowsOf(size, rectangles),
    to: rectangles.map((one) => idSet(one.to)),
    decisions,
    keys: decisions.map(decisionsKey),
  });
}

/** The column over as many positions or more: what is added is in no rectangle. */
export function widen(column: Column, size: number): Column {
  const more = size - column.size;
  if (more <= 0) return column;
  const rowOf = [...column.rowOf, ...new Array<number>(more).fill(column.rows.length)];
  return columnOf({ ...column, size, rowOf, rows: [...column.rows, []] });
}

function columnOf(parts: Omit<Column, 'split'>): Column {
  const { rowOf, rows, to, decisions } = parts;
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
  return { ...parts, split };
}

/**
 * Sources by the rectangles that they stand in, rows in the order of their first source. Each rectangle parts the sources of
 * a row that it holds from those that it does not: no list of rectangles is made for a source, only for a row.
 */
function rowsOf(size: number, rectangles: readonly UnitRectangle[]): Pick<Column, 'rowOf' | 'rows'> {
  const partOf = new Int32Array(size);
  // What each part has come from, and the rectangle that made it one.
  const parts: { readonly parent: number; readonly rectangle: number }[] = [{ parent: -1, rectangle: -1 }];
  const split = new Map<number, number>();
  rectangles.forEach(({ from }, rectangle) => {
    split.clear();
    // Neighbours mostly come from one part.
    let [last, into] = [-1, -1];
    for (const source of from) {
      const parent = partOf[source]!;
      if (parent !== last) {
        last = parent;
        into = split.get(parent) ?? parts.push({ parent, rectangle }) - 1;
        split.set(parent, into);
      }
      partOf[source] = into;
    }
  });
  const numbers = new Map<number, number>();
  const rows: number[][] = [];
  const rowOf = Array.from(partOf, (part) => {
    const known = numbers.get(part);
    if (known !== undefined) return known;
    const row: number[] = [];
    for (let at = part; at > 0; at = parts[at]!.parent) row.push(parts[at]!.rectangle);
    rows.push(row.reverse());
    numbers.set(part, rows.length - 1);
    return rows.length - 1;
  });
  return { rowOf, rows };
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
