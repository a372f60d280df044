// Finds `# netweir-ignore CHECK: why` comments in YAML text, and the lines that each speaks for. Line by line, by indentation:
// it must work on text that does not parse.

import { IGNORE_COMMENT, type IgnoreComment } from '../engine/model/suppression.ts';

const COMMENT = new RegExp(`(^|\\s)#\\s*${IGNORE_COMMENT}(?=\\s|$)(.*)`);

/**
 * Comments in the order of the text. Behind something on its line, a comment speaks for that line. On a line of its own it
 * speaks for the field or list item that begins on the next line with content, to its end; above the first field of a
 * document, for the whole document.
 */
export function findIgnores(text: string, file: string): IgnoreComment[] {
  if (!text.includes(IGNORE_COMMENT)) return [];
  const lines = text.split(/\r\n|\n|\r/);
  return lines.flatMap((line, index): IgnoreComment[] => {
    const match = COMMENT.exec(line);
    if (match === null || isQuoted(line, match.index)) return [];
    const column = match.index + match[1]!.length + 1;
    const source = { file, line: index + 1, column, path: '' };
    const alone = line.trimStart().startsWith('#');
    const [first, last] = alone ? blockBelow(lines, index) : [index, index];
    return [{ file, text: match[2]!.trim(), source, first: first + 1, last: last + 1 }];
  });
}

/** A number sign between quotes is no comment. Good for flow text on one line, which is all that matters here. */
function isQuoted(line: string, at: number): boolean {
  let quote = '';
  for (const character of line.slice(0, at)) {
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  return quote !== '';
}

function blockBelow(lines: readonly string[], comment: number): [first: number, last: number] {
  let first = comment + 1;
  while (first < lines.length && isBlank(lines[first]!)) first++;
  if (first >= lines.length || isMarker(lines[first]!)) return [comment, comment];
  if (isTopOfDocument(lines, comment)) {
    let end = first;
    for (let at = first + 1; at < lines.length && !isMarker(lines[at]!); at++) if (!isBlank(lines[at]!)) end = at;
    return [first, end];
  }
  const indent = indentOf(lines[first]!);
  const isItem = startsItem(lines[first]!);
  let last = first;
  for (let at = first + 1; at < lines.length; at++) {
    const line = lines[at]!;
    if (isBlank(line)) continue;
    const own = indentOf(line);
    // The items of a list may stand at the column of its key.
    const continues = own > indent || (own === indent && !isItem && startsItem(line));
    if (isMarker(line) || !continues) break;
    last = at;
  }
  return [first, last];
}

/** Nothing but comments and blank lines stands between the beginning of the document and this line. */
function isTopOfDocument(lines: readonly string[], index: number): boolean {
  if (indentOf(lines[index]!) > 0) return false;
  for (let at = index - 1; at >= 0; at--) {
    if (isMarker(lines[at]!)) return true;
    if (!isBlank(lines[at]!)) return false;
  }
  return true;
}

function isBlank(line: string): boolean {
  const text = line.trim();
  return text === '' || text.startsWith('#');
}

function isMarker(line: string): boolean {
  return /^(---|\.\.\.)(\s|$)/.test(line);
}

function startsItem(line: string): boolean {
  return /^\s*-(\s|$)/.test(line);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
