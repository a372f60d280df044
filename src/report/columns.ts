// Lays rows out in columns as kubectl does: upper-case headers, three spaces, no borders, no trailing blanks. Knows
// nothing of what the cells mean; they are already safe to print.

import { GLUE, widthOf, wrapWords } from './printable.ts';

/** A row of cells; `paint` colours a whole cell after it has been padded to its column. */
export interface Row {
  readonly cells: readonly string[];
  readonly paint?: readonly (((text: string) => string) | undefined)[];
}

/** Columns are never made narrower than this, and never narrower than their longest word. */
const NARROWEST = 16;

/**
 * Where lines are not broken, columns are as wide as their longest cell up to here. Longer cells stick out: blanks after each
 * of ten thousand others would be most of what is printed.
 */
const WIDEST = 200;

/** Spaces between two columns. */
export const GAP = '   ';

/**
 * The lines of a table, each with its end of line. Without headers: an empty list. `width` set: cells of wide columns
 * are broken at spaces and go on in the next line; absent: every row is one line, and very long cells stick out of their
 * column. `indent` stands before each line; `firstGap` replaces the blanks after the first column.
 */
export function* layOut(
  headers: readonly string[],
  rows: readonly Row[],
  layout: { readonly width?: number; readonly indent?: string; readonly firstGap?: string } = {},
): Iterable<string> {
  const indent = layout.indent ?? '';
  const header: readonly Row[] = headers.length === 0 ? [] : [{ cells: headers }];
  const widths = columnWidths(
    [...header, ...rows],
    layout.width === undefined ? undefined : layout.width - indent.length,
  );
  for (const part of [header, rows])
    for (const row of part) yield* lines(row, widths, indent, layout.firstGap ?? GAP, layout.width !== undefined);
}

function* lines(
  row: Row,
  widths: readonly number[],
  indent: string,
  firstGap: string,
  wraps: boolean,
): Iterable<string> {
  const cells = row.cells.map((cell, at) => (wraps ? wrapWords(cell, widths[at] ?? 0) : [cell.replaceAll(GLUE, ' ')]));
  const height = cells.reduce((most, cell) => Math.max(most, cell.length), 1);
  for (let at = 0; at < height; at++) {
    let last = cells.length - 1;
    while (last > 0 && (cells[last]?.[at] ?? '') === '') last--;
    let line = indent;
    for (let column = 0; column <= last; column++) {
      const text = cells[column]?.[at] ?? '';
      const padding =
        column === last
          ? ''
          : ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(text))) + (column === 0 ? firstGap : GAP);
      line += (text === '' ? '' : (row.paint?.[column]?.(text) ?? text)) + padding;
    }
    yield `${line}\n`;
  }
}

/** Natural widths, the widest columns narrowed alike until the line fits. */
function columnWidths(rows: readonly Row[], available: number | undefined): number[] {
  const natural: number[] = [];
  const least: number[] = [];
  for (const { cells } of rows)
    for (const [at, cell] of cells.entries()) {
      const width = widthOf(cell);
      if (available !== undefined || width <= WIDEST) natural[at] = Math.max(natural[at] ?? 0, width);
      if (available !== undefined)
        least[at] = cell.split(' ').reduce((most, word) => Math.max(most, widthOf(word)), least[at] ?? NARROWEST);
    }
  if (available === undefined) return Array.from(natural, (width = 0) => width);
  const sum = (limit: number): number =>
    natural.reduce(
      (all, width, at) => all + Math.min(width, Math.max(limit, least[at] ?? 0)),
      GAP.length * (natural.length - 1),
    );
  let low = 1;
  let high = natural.reduce((most, width) => Math.max(most, width), 1);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sum(middle) <= available) low = middle;
    else high = middle - 1;
  }
  return natural.map((width, at) => Math.min(width, Math.max(low, least[at] ?? 0)));
}
