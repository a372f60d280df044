// The open pairs of one map by source, and what becomes of an area there.

import { entry } from '../../compile/entry.ts';
import type { FamilyDecisions } from '../../compile/rectangle.ts';
import type { Decision } from '../../model/verdict.ts';
import { appendRun, type IdSet, idSet, membersOf, setOfBounds } from '../../sets/id-set.ts';
import { FAMILIES } from '../../sets/ip-set.ts';
import * as traffic from '../../sets/traffic-set.ts';
import type { UnitRectangle } from '../map.ts';
import type { Area } from './area.ts';
import { groupBy } from './group-by.ts';
import { type Outcome, type Part, partsOf } from './outcome.ts';
import { type RowRuns, rowRuns, visitRuns } from './row-runs.ts';

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
  /** The destinations of a row by rectangle. Quick for rows that were asked for lately. */
  runs(row: number): RowRuns;
  /** The area in parts with one outcome each. */
  split(area: Area): readonly (Area & { readonly outcome: Outcome })[];
  /** Reports whether all outcomes of the area are such ones; the same one may be asked about many times. */
  every(area: Area, is: (outcome: Outcome) => boolean): boolean;
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

function columnOf(parts: Omit<Column, 'runs' | 'split' | 'every'>): Column {
  const { rowOf, rows, to, decisions } = parts;
  const runs = rowRuns(rows, to);
  const partsAt = partMemo();
  return {
    ...parts,
    runs,
    split: ({ from, to: all, family, traffic: set }) =>
      [...groupBy(membersOf(from), (source) => rowOf[source]!)].flatMap(([row, members]) => {
        const bounds = new Map<number, number[]>();
        visitRuns(runs(row), all, (rectangle, start, end) => {
          const own = bounds.get(rectangle);
          if (own === undefined) bounds.set(rectangle, [start, end]);
          else appendRun(own, start, end);
          return true;
        });
        const sources = idSet(members);
        // In the order of the rectangles, what is in none of them last.
        const found = [...bounds].sort(([a], [b]) => (a < 0 ? 1 : b < 0 ? -1 : a - b));
        return found.flatMap(([rectangle, own]) => {
          const ends = setOfBounds(own);
          return partsAt(decisions[rectangle]?.[family], set).map((part) => ({
            from: sources,
            to: ends,
            family,
            ...part,
          }));
        });
      }),
    every({ from, to: all, family, traffic: set }, is) {
      let last: number | undefined;
      const isSo = (rectangle: number): boolean => {
        if (rectangle === last) return true;
        last = rectangle;
        return partsAt(decisions[rectangle]?.[family], set).every(({ outcome }) => is(outcome));
      };
      let before = -1;
      for (const source of membersOf(from)) {
        const row = rowOf[source]!;
        if (row !== before && !visitRuns(runs(row), all, isSo)) return false;
        before = row;
      }
      return true;
    },
  };
}

/** So many results are kept. */
const KEPT_PARTS = 1 << 16;

/** {@link partsOf}, worked out once for what is asked lately: few decisions and few sets of ports make very many pairs. */
function partMemo(): (decision: Decision | undefined, set: traffic.TrafficSet) => readonly Part[] {
  const known = new Map<Decision | undefined, Map<traffic.TrafficSet, readonly Part[]>>();
  let size = 0;
  return (decision, set) => {
    const parts = known.get(decision)?.get(set);
    if (parts !== undefined) return parts;
    if (++size > KEPT_PARTS) {
      known.clear();
      size = 1;
    }
    const made = partsOf(decision, set);
    entry(known, decision, () => new Map()).set(set, made);
    return made;
  };
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
