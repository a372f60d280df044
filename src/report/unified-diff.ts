// The change of a text as a unified diff, which people read and `patch` or `git apply` apply. Knows lines, not what they
// say: characters are printed as they are, since a diff with others would be another change.

/** Lines that are shown before and after a change. */
const CONTEXT = 3;

/** Changed lines up to which the smallest diff is looked for; beyond, whole stretches are replaced. */
const MAX_CHANGES = 1000;

/**
 * The diff between two texts of one file; empty where they are equal. An absent text means that there is no such file:
 * it is new, or goes away. Lines end at LF; a CR before it is part of the line. Paths within the current directory get the
 * prefixes `a/` and `b/` that git expects.
 */
export function unifiedDiff(file: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return '';
  const [old, young] = [linesOf(before ?? ''), linesOf(after ?? '')];
  const hunks = hunksOf(script(old, young)).map((hunk) => printHunk(hunk, old, young));
  return `--- ${nameOf(file, 'a/', before)}\n+++ ${nameOf(file, 'b/', after)}\n${hunks.join('')}`;
}

function nameOf(file: string, prefix: string, text: string | undefined): string {
  if (text === undefined) return '/dev/null';
  const isOutside = file.startsWith('/') || file === '..' || file.startsWith('../');
  // A tab ends a name that holds blanks, as GNU diff writes it.
  return `${isOutside ? '' : prefix}${file}${/\s/.test(file) ? '\t' : ''}`;
}

/** Lines with their line breaks; the last may have none. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Lines from `oldStart` to `oldEnd` are replaced with those from `newStart` to `newEnd`. */
interface Replacement {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** The replacements that lead from one list of lines to the other, in order. */
function script(old: readonly string[], young: readonly string[]): readonly Replacement[] {
  let start = 0;
  while (start < old.length && start < young.length && old[start] === young[start]) start++;
  let [oldEnd, newEnd] = [old.length, young.length];
  while (oldEnd > start && newEnd > start && old[oldEnd - 1] === young[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  const shift = ({ x, y }: Match): Match => ({ x: x + start, y: y + start });
  const matches = findMatches(old.slice(start, oldEnd), young.slice(start, newEnd)).map(shift);
  const replacements: Replacement[] = [];
  let [x, y] = [start, start];
  for (const match of [...matches, { x: oldEnd, y: newEnd }]) {
    if (match.x > x || match.y > y) replacements.push({ oldStart: x, oldEnd: match.x, newStart: y, newEnd: match.y });
    x = match.x + 1;
    y = match.y + 1;
  }
  return replacements;
}

/** A line of either text that stays. */
interface Match {
  readonly x: number;
  readonly y: number;
}

/** Lines that both have in one order, as many as possible: Myers' greedy algorithm. None where too much differs. */
function findMatches(old: readonly string[], young: readonly string[]): readonly Match[] {
  if (old.length === 0 || young.length === 0) return [];
  const furthest = new Map<number, number>([[1, 0]]);
  const traces: ReadonlyMap<number, number>[] = [];
  for (let changes = 0; changes <= Math.min(MAX_CHANGES, old.length + young.length); changes++) {
    traces.push(new Map(furthest));
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const [left, right] = [furthest.get(diagonal - 1) ?? -1, furthest.get(diagonal + 1) ?? -1];
      let x = diagonal === -changes || (diagonal !== changes && left < right) ? right : left + 1;
      while (x < old.length && x - diagonal < young.length && old[x] === young[x - diagonal]) x++;
      furthest.set(diagonal, x);
      if (x >= old.length && x - diagonal >= young.length) return walkBack(traces, old.length, young.length);
    }
  }
  return [];
}

function walkBack(
  traces: readonly ReadonlyMap<number, number>[],
  oldLength: number,
  newLength: number,
): readonly Match[] {
  const matches: Match[] = [];
  let [x, y] = [oldLength, newLength];
  for (let changes = traces.length - 1; changes >= 0; changes--) {
    const furthest = traces[changes]!;
    const diagonal = x - y;
    const [left, right] = [furthest.get(diagonal - 1) ?? -1, furthest.get(diagonal + 1) ?? -1];
    const isDown = diagonal === -changes || (diagonal !== changes && left < right);
    const fromX = isDown ? right : left;
    const fromY = fromX - (isDown ? diagonal + 1 : diagonal - 1);
    // Behind the line that was added or taken away, both texts went on alike.
    while (x > (isDown ? fromX : fromX + 1)) matches.push({ x: --x, y: --y });
    [x, y] = [fromX, fromY];
  }
  return matches.reverse();
}

/** Replacements whose context would touch stand together. */
function hunksOf(replacements: readonly Replacement[]): readonly (readonly Replacement[])[] {
  const hunks: Replacement[][] = [];
  for (const replacement of replacements) {
    const last = hunks.at(-1)?.at(-1);
    if (last !== undefined && replacement.oldStart - last.oldEnd <= 2 * CONTEXT) hunks.at(-1)!.push(replacement);
    else hunks.push([replacement]);
  }
  return hunks;
}

function printHunk(hunk: readonly Replacement[], old: readonly string[], young: readonly string[]): string {
  const [first, last] = [hunk[0]!, hunk.at(-1)!];
  const lead = Math.min(CONTEXT, first.oldStart);
  const tail = Math.min(CONTEXT, old.length - last.oldEnd);
  const lines: string[] = [];
  let at = first.oldStart - lead;
  for (const { oldStart, oldEnd, newStart, newEnd } of hunk) {
    for (const line of old.slice(at, oldStart)) lines.push(printLine(' ', line));
    for (const line of old.slice(oldStart, oldEnd)) lines.push(printLine('-', line));
    for (const line of young.slice(newStart, newEnd)) lines.push(printLine('+', line));
    at = oldEnd;
  }
  for (const line of old.slice(at, at + tail)) lines.push(printLine(' ', line));
  const oldRange = range(first.oldStart - lead, last.oldEnd + tail);
  const newRange = range(first.newStart - lead, last.newEnd + tail);
  return `@@ -${oldRange} +${newRange} @@\n${lines.join('')}`;
}

function printLine(mark: ' ' | '-' | '+', line: string): string {
  return line.endsWith('\n') ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`;
}

/** First line and count; a count of one is left out, and an empty range names the line before it. */
function range(start: number, end: number): string {
  const count = end - start;
  if (count === 1) return `${start + 1}`;
  return count === 0 ? `${start},0` : `${start + 1},${count}`;
}
