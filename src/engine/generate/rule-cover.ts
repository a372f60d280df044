// The fewest rules that say exactly what is needed. Needs of one direction are a relation between peers and ports, and a rule
// is a rectangle in it: all of its peers on all of its ports. Finding the fewest rectangles is hard in general, so the search
// is bounded, and says whether it proved that there are no fewer. Knows neither peers nor ports, only their numbers.

/** Rows of some relation and the columns that each of them has. */
export type Relation = readonly (readonly number[])[];

/** One rectangle: each row of it has each of its columns. */
export interface Rectangle {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** Rectangles that hold the relation's pairs and no others. */
export interface Cover {
  readonly rectangles: readonly Rectangle[];
  /** True where no cover has fewer rectangles; else there may be one. */
  readonly smallest: boolean;
}

/** Steps of the search beyond which the best cover so far is taken. */
const MOST_STEPS = 20_000;

/** Ways to hold one pair beyond which not all of them are tried. */
const MOST_SETS = 256;

/** Covers the relation. Rows without columns are in no rectangle. */
export function coverRelation(relation: Relation): Cover {
  const rows = classesOf(relation);
  if (rows.length === 0) return { rectangles: [], smallest: true };
  const columns = classesOf(transposed(rows.map(({ has }) => has)));
  // Rows that have the same columns are one, and so are columns that the same rows have.
  const small = rows.map((_, row) => columns.flatMap((column, id) => (column.has.includes(row) ? [id] : [])));
  const { chosen, smallest } = coverSmall(small, columns.length);
  const rectangles = chosen.map((rectangle) => ({
    rows: rectangle.rows.flatMap((row) => rows[row]!.members).sort(ascending),
    columns: rectangle.columns.flatMap((column) => columns[column]!.members).sort(ascending),
  }));
  return { rectangles: rectangles.sort((a, b) => a.rows[0]! - b.rows[0]! || a.columns[0]! - b.columns[0]!), smallest };
}

interface Class {
  readonly members: number[];
  readonly has: readonly number[];
}

/** Rows by what they have, in order of their first member. */
function classesOf(relation: Relation): Class[] {
  const classes = new Map<string, Class>();
  relation.forEach((row, id) => {
    if (row.length === 0) return;
    const has = [...new Set(row)].sort(ascending);
    const key = has.join(',');
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { members: [id], has });
    else known.members.push(id);
  });
  return [...classes.values()];
}

function transposed(relation: Relation): number[][] {
  const width = Math.max(...relation.flat()) + 1;
  const columns = Array.from({ length: width }, (): number[] => []);
  relation.forEach((row, id) => {
    for (const column of row) columns[column]!.push(id);
  });
  return columns;
}

/** The search proper: every pair not held yet is put into some maximal rectangle, the first pair first. */
function coverSmall(relation: Relation, width: number): { chosen: readonly Rectangle[]; smallest: boolean } {
  const byRow = relation.map((columns, row) => ({ rows: [row], columns }));
  const byColumn = Array.from({ length: width }, (_, column) => ({
    rows: relation.flatMap((columns, row) => (columns.includes(column) ? [row] : [])),
    columns: [column],
  }));
  let best: readonly Rectangle[] = lighter(byRow, byColumn);
  const least = foolingSet(relation).length;
  if (best.length <= least) return { chosen: best, smallest: true };
  let steps = 0;
  const pairs = relation.flatMap((columns, row) => columns.map((column) => [row, column] as const));
  const search = (chosen: readonly Rectangle[]): void => {
    if (++steps > MOST_STEPS || best.length <= least || chosen.length + 1 >= best.length + 1) return;
    const open = pairs.find(
      ([row, column]) => !chosen.some((one) => one.rows.includes(row) && one.columns.includes(column)),
    );
    if (open === undefined) {
      if (chosen.length < best.length) best = chosen;
      return;
    }
    if (chosen.length + 1 >= best.length) return;
    const { rectangles, isWhole } = maximalAt(relation, open[0], open[1]);
    // What is left out may have been smaller: as if the search had been broken off.
    if (!isWhole) steps = MOST_STEPS;
    for (const rectangle of rectangles) search([...chosen, rectangle]);
  };
  search([]);
  return { chosen: best.map((one) => trimmed(one)), smallest: best.length <= least || steps <= MOST_STEPS };
}

/** Fewer rectangles first, then less to write. */
function lighter(a: readonly Rectangle[], b: readonly Rectangle[]): readonly Rectangle[] {
  const weight = (cover: readonly Rectangle[]) =>
    cover.reduce((sum, { rows, columns }) => sum + rows.length + columns.length, 0);
  return a.length < b.length || (a.length === b.length && weight(a) <= weight(b)) ? a : b;
}

/** Rectangles that hold a pair and cannot grow: one for each set of columns that rows through it have in common, or many of them. */
function maximalAt(
  relation: Relation,
  row: number,
  column: number,
): { readonly rectangles: readonly Rectangle[]; readonly isWhole: boolean } {
  const through = relation.flatMap((columns, id) => (columns.includes(column) ? [id] : []));
  const sets = new Map<string, readonly number[]>([[relation[row]!.join(','), relation[row]!]]);
  for (const id of through) {
    for (const set of [...sets.values()]) {
      const common = set.filter((one) => relation[id]!.includes(one));
      sets.set(common.join(','), common);
    }
    if (sets.size > MOST_SETS) break;
  }
  const rectangles = [...sets.values()].map((columns) => ({
    rows: relation.flatMap((own, id) => (columns.every((one) => own.includes(one)) ? [id] : [])),
    columns,
  }));
  return { rectangles, isWhole: sets.size <= MOST_SETS };
}

/** Pairs of which no two can be in one rectangle: there must be as many rectangles. Not always the most of them. */
function foolingSet(relation: Relation): readonly (readonly [number, number])[] {
  const chosen: (readonly [number, number])[] = [];
  const order = relation.map((columns, row) => ({ row, columns })).sort((a, b) => a.columns.length - b.columns.length);
  for (const { row, columns } of order) {
    for (const column of columns) {
      if (chosen.some(([r, c]) => relation[r]!.includes(column) && columns.includes(c))) continue;
      chosen.push([row, column]);
    }
  }
  return chosen;
}

function trimmed({ rows, columns }: Rectangle): Rectangle {
  return { rows: [...rows].sort(ascending), columns: [...columns].sort(ascending) };
}

function ascending(a: number, b: number): number {
  return a - b;
}
