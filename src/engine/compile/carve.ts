// Cuts exceptions out of a product of two sets. Cut one by one, each would repeat the whole other side; here the columns are
// halved until few exceptions are left, so that what is repeated grows with the logarithm of the columns.

import { type IdSet, overlaps, setOfBounds, subtract, unionAll } from '../sets/id-set.ts';

/** Pairs that are cut out: each of these rows with each of these columns. */
export interface Exception {
  readonly rows: IdSet;
  readonly columns: IdSet;
}

/** So few exceptions are cut out one by one: that makes fewer products. */
const FEW = 8;

/**
 * Gives disjoint products that together hold every pair of a row and a column that no exception holds; none is empty. Rows of
 * exceptions are disjoint, and rows of the product.
 */
export function carve(
  rows: IdSet,
  columns: IdSet,
  exceptions: readonly Exception[],
  give: (rows: IdSet, columns: IdSet) => void,
): void {
  const plain = exceptions.length === 0 ? rows : subtract(rows, unionAll(exceptions.map((one) => one.rows)));
  if (plain.length > 0) give(plain, columns);
  cut(exceptions, columns, give);
}

function cut(exceptions: readonly Exception[], columns: IdSet, give: (rows: IdSet, columns: IdSet) => void): void {
  const here = exceptions.filter((one) => overlaps(one.columns, columns));
  if (here.length < exceptions.length) {
    const free = exceptions.filter((one) => !overlaps(one.columns, columns));
    give(unionAll(free.map((one) => one.rows)), columns);
  }
  if (here.length <= FEW || (columns.length === 2 && columns[1]! - columns[0]! === 1)) {
    for (const one of here) {
      const left = subtract(columns, one.columns);
      if (left.length > 0) give(one.rows, left);
    }
    return;
  }
  const [low, high] = halves(columns);
  cut(here, low, give);
  cut(here, high, give);
}

/** Two parts of a set of at least two members, neither of them empty. */
function halves(set: IdSet): readonly [IdSet, IdSet] {
  if (set.length > 2) {
    const middle = (set.length >>> 2) << 1;
    return [setOfBounds(set.slice(0, middle)), setOfBounds(set.slice(middle))];
  }
  const [start, end] = [set[0]!, set[1]!];
  const middle = (start + end) >>> 1;
  return [setOfBounds([start, middle]), setOfBounds([middle, end])];
}
