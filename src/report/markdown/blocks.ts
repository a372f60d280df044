// Puts a comment together from parts and keeps it within the bound of code hosts: rows are left out at the end of a list,
// with their number, before anything else. Knows no document.

import { count, row } from './text.ts';

/** GitHub refuses a comment of more than 65,536 characters; some room is left for what a workflow adds. */
const LONGEST = 65_000;

/** Rows above this are folded. */
const OPEN_ROWS = 15;

/** A part of a comment. Rows are lines, each with its end; `what` names one of them. Texts end with a line break. */
export interface Block {
  readonly head: string;
  readonly rows?: readonly string[];
  readonly tail?: string;
  readonly what?: string;
}

/** A paragraph, a heading, anything that is never cut. */
export function text(head: string): Block {
  return { head: `${head}\n` };
}

/** A table; rows beyond the first are folded. Empty where there is no row. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[], what: string): Block[] {
  const head = `${row(columns)}${row(columns.map(() => '---'))}`;
  return folded(head, rows.map(row), what);
}

/** A list; items beyond the first are folded. An item may be several lines. Empty where there is no item. */
export function list(items: readonly string[], what: string): Block[] {
  return folded('', items, what);
}

function folded(head: string, rows: readonly string[], what: string): Block[] {
  if (rows.length === 0) return [];
  // A fold for two rows would hide more than it saves.
  const open = rows.length <= OPEN_ROWS + 2 ? rows.length : OPEN_ROWS;
  const rest = rows.slice(open);
  const first = { head, rows: rows.slice(0, open), what, tail: '\n' };
  return rest.length === 0 ? [first] : [first, ...details(`${count(rest.length, `more ${what}`)}`, head, rest, what)];
}

/** A folded list or table. `summary` is HTML. */
export function details(summary: string, head: string, rows: readonly string[], what: string): Block[] {
  if (rows.length === 0) return [];
  const start = `<details><summary>${summary}</summary>\n\n${head}`;
  return [{ head: start, rows, what, tail: '\n</details>\n\n' }];
}

/** The comment. What does not fit is counted where it is missing. */
export function* comment(blocks: readonly Block[], limit: number = LONGEST): Iterable<string> {
  const leftOut = (number: number, what: string): string =>
    `\n… and ${count(number, `more ${what}`)}, left out because comments have a bound\n`;
  let room = limit;
  for (const { head, tail = '', rows = [], what = 'row' } of blocks) {
    room -= head.length + tail.length + (rows.length === 0 ? 0 : leftOut(rows.length, what).length);
  }
  let blank = true;
  for (const { head, tail = '', rows = [], what = 'row' } of blocks) {
    let shown = 0;
    for (let size = 0; shown < rows.length; shown++) {
      size += rows[shown]!.length;
      if (size > room) break;
    }
    room -= rows.slice(0, shown).reduce((sum, each) => sum + each.length, 0);
    const missing = rows.length - shown;
    const piece = `${head}${rows.slice(0, shown).join('')}${missing === 0 ? '' : leftOut(missing, what)}${tail}`;
    // One blank line between parts, none at the start.
    yield blank ? piece.replace(/^\n+/, '') : piece;
    blank = piece.endsWith('\n\n');
  }
}
