// Where maps differ: every pair of endpoints, family and port that not all of them judge alike. Knows no plugins.

import { entry } from '../../compile/entry.ts';
import type { FamilyDecisions } from '../../compile/rectangle.ts';
import { appendRun, type IdSet, idSet, idSetTable, setOfBounds } from '../../sets/id-set.ts';
import { FAMILIES, type Family } from '../../sets/ip-set.ts';
import { type TrafficSet, trafficKey } from '../../sets/traffic-set.ts';
import { type Area, mergeAreas } from './area.ts';
import type { Column } from './column.ts';
import { groupBy } from './group-by.ts';
import { type Outcome, outcomeKey, partsOf, verdictKey } from './outcome.ts';
import { NO_RECTANGLE, type RowRuns } from './row-runs.ts';

/** An area on which maps differ: one outcome for each, in their order. */
export type Differing = Area & { readonly outcomes: readonly Outcome[] };

/** Everything that not all maps judge alike, of the traffic that is asked about. The maps are over the same positions. */
export function compareMaps(maps: readonly Column[], universe: TrafficSet): Differing[] {
  const size = maps[0]?.size ?? 0;
  const numbers = new Map<string, number>([['', 0]]);
  const numbered = maps.map(({ keys }) =>
    keys.map((key) => {
      const known = numbers.get(key) ?? numbers.size;
      numbers.set(key, known);
      return known;
    }),
  );
  const sources = Array.from({ length: size }, (_, source) => source);
  const alike = groupBy(sources, (source) => maps.map(({ rowOf }) => rowOf[source]).join());
  // By destinations, then by the numbers of what is met there: long sets are no part of a text.
  const sets = idSetTable();
  const found = new Map<IdSet, Map<string, { readonly from: number[]; readonly splits: readonly Split[] }>>();
  const splits = new Map<string, readonly Split[]>();
  const ports = new Map<string, TrafficSet>();
  // Areas of the same traffic share it, so that what becomes of it is worked out once.
  const shared = (split: Split): Split => ({
    ...split,
    traffic: entry(ports, trafficKey(split.traffic), () => split.traffic),
  });
  for (const members of alike.values()) {
    const rows = maps.map((map, i) => ({ ...map.runs(map.rowOf[members[0]!]!), numbers: numbered[i]! }));
    for (const [numbersOf, { bounds, rectangles }] of differingRuns(rows, size)) {
      const decisions = () => rectangles.map((index, i) => maps[i]!.decisions[index] ?? {});
      const split = splits.get(numbersOf) ?? splitTraffic(decisions(), universe).map(shared);
      splits.set(numbersOf, split);
      if (split.length === 0) continue;
      const to = sets.intern(setOfBounds(bounds));
      const cells = found.get(to) ?? new Map<string, { readonly from: number[]; readonly splits: readonly Split[] }>();
      found.set(to, cells);
      const known = cells.get(numbersOf);
      if (known === undefined) cells.set(numbersOf, { from: [...members], splits: split });
      else for (const member of members) known.from.push(member);
    }
  }
  const areas = [...found].flatMap(([to, cells]) =>
    [...cells.values()].flatMap((cell) => {
      const from = idSet(cell.from.sort((a, b) => a - b));
      return cell.splits.map((split) => ({ from, to, ...split }));
    }),
  );
  return mergeAreas(areas, (area) => area.outcomes.map(outcomeKey).join('|'));
}

/** The runs of one source in one map, and the number of the key of each rectangle's decisions. */
interface Row extends RowRuns {
  readonly numbers: readonly number[];
}

/** Destinations that one source meets with the same decisions in each of the maps. */
interface Cell {
  readonly bounds: number[];
  /** One for each map; {@link NO_RECTANGLE}: everything is denied. */
  readonly rectangles: readonly number[];
}

/** What one source meets otherwise in one map than in another, by the numbers of the decisions' keys. */
function differingRuns(rows: readonly Row[], size: number): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  const next = rows.map(() => 0);
  const numbers = rows.map(() => 0);
  const rectangles = rows.map(() => NO_RECTANGLE);
  for (let start = 0; start < size; ) {
    let end = size;
    let differs = false;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      let at = next[i]!;
      while (at < row.ends.length && row.ends[at]! <= start) at++;
      next[i] = at;
      const isThere = at < row.starts.length;
      const isHere = isThere && row.starts[at]! <= start;
      rectangles[i] = isHere ? row.rectangles[at]! : NO_RECTANGLE;
      numbers[i] = isHere ? row.numbers[row.rectangles[at]!]! : 0;
      if (isThere) end = Math.min(end, isHere ? row.ends[at]! : row.starts[at]!);
      if (numbers[i] !== numbers[0]) differs = true;
    }
    if (differs) {
      const key = numbers.join();
      let cell = cells.get(key);
      if (cell === undefined) {
        cell = { bounds: [], rectangles: [...rectangles] };
        cells.set(key, cell);
      }
      appendRun(cell.bounds, start, end);
    }
    start = end;
  }
  return cells;
}

/** A part of some pairs' traffic on which the verdicts differ. */
interface Split {
  readonly family: Family;
  readonly traffic: TrafficSet;
  readonly outcomes: readonly Outcome[];
}

function splitTraffic(decisions: readonly FamilyDecisions[], universe: TrafficSet): Split[] {
  return FAMILIES.flatMap((family): Split[] => {
    let parts: { traffic: TrafficSet; outcomes: readonly Outcome[] }[] = [{ traffic: universe, outcomes: [] }];
    for (const one of decisions) {
      parts = parts.flatMap(({ traffic, outcomes }) =>
        partsOf(one[family], traffic).map((part) => ({
          traffic: part.traffic,
          outcomes: [...outcomes, part.outcome],
        })),
      );
    }
    return parts
      .filter(({ outcomes }) => outcomes.some((one) => verdictKey(one) !== verdictKey(outcomes[0]!)))
      .map((part) => ({ family, ...part }));
  });
}
