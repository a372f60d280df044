// Tables of docs/generating-measured.md: what was measured, as Markdown, and the page with such a table in its place.

import type { Measured } from './measure.ts';

/** One line of a table: what it is about, in as many cells as the table has before its numbers. */
export interface MeasuredRow {
  readonly about: readonly string[];
  readonly measured: Measured;
}

const NUMBERS = ['found of meant', 'right of learned', 'open beyond', 'apart from DNS', 'denied', 'proved'] as const;

/** A table; `heads` are the titles of the cells that say what a row is about. */
export function measuredTable(heads: readonly string[], rows: readonly MeasuredRow[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const head = [...heads, ...NUMBERS];
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line([...row.about, ...numbers(row.measured)]))]
    .join('\n')
    .replace(/\| ---/g, '|---')
    .replace(/--- \|/g, '---|');
}

function numbers({
  meant,
  found,
  learned,
  right,
  wrong,
  allowed,
  over,
  overPairs,
  denied,
  undecided,
  claims,
  needs,
}: Measured): string[] {
  const [dns, open] = [wrong.filter(isDns).length, overPairs.filter(isDns).length];
  const apart = `${share(right, learned - dns)}, ${share(over - open, allowed - open)}`;
  const proved = `${needs.allowed}/${needs.asked}${claims.tight ? '' : ', not tight'}${claims.safeOrder ? '' : ', unsafe order'}`;
  const open_ = undecided.length === 0 ? '' : `, ${undecided.length} undecided`;
  return [
    share(found, meant),
    share(right, learned),
    share(over, allowed),
    apart,
    `${share(denied.length, meant)}${open_}`,
    proved,
  ];
}

/** Name resolution that the truth does not have: everybody is given it. */
function isDns(connection: string): boolean {
  return /:53\/(TCP|UDP)$/.test(connection);
}

function share(part: number, whole: number): string {
  return whole === 0 ? '0/0' : `${part}/${whole} (${((100 * part) / whole).toFixed(1)} %)`;
}

/** The page with the text between `<!-- NAME -->` and `<!-- end of NAME -->` replaced. Throws an Error where they are missing. */
export function withSection(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no section "${name}"`);
  return `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`;
}
