// Finds `# netweir-ignore CHECK: why` comments in YAML text, and the lines that each speaks for. Line by line, by indentation:
// it must work on text that does not parse.

import { IGNORE_COMMENT, type IgnoreComment } from '../engine/model/suppression.ts';

/** A colon directly behind the word is a mistake that is to be reported, not another word. */
const COMMENT = new RegExp(`(^|\\s)#\\s*${IGNORE_COMMENT}(?=[\\s:]|$)(.*)`);

/**
 * Comments in the order of the text. Behind something on its line, a comment speaks for that line; behind `---`, for the
 * document. On a line of its own it speaks for the field or list item that begins on the next line with content, to its
 * end; above the first field of a document, for the whole document.
 */
export function findIgnores(text: string, file: string): IgnoreComment[] {
  if (!text.includes(IGNORE_COMMENT)) return [];
  const lines = text.split(/\r\n|\n|\r/);
  const starts = commentStarts(lines);
  return lines.flatMap((line, index): IgnoreComment[] => {
    const start = starts[index]!;
    const match = COMMENT.exec(line.slice(start));
    if (match === null) return [];
    const column = start + match.index + match[1]!.length + 1;
    const source = { file, line: index + 1, column, path: '' };
    const [first, last] = spokenFor(lines, index);
    return [{ file, text: match[2]!.trim(), source, first: first + 1, last: last + 1 }];
  });
}

/** Where the comment of each line begins; its length where it has none, as within the text of block scalars. */
function commentStarts(lines: readonly string[]): readonly number[] {
  /** Lines that are indented by more are the text of a block scalar. */
  let scalar = Number.POSITIVE_INFINITY;
  return lines.map((line) => {
    if (line.trim() !== '' && indentOf(line) <= scalar) scalar = Number.POSITIVE_INFINITY;
    if (scalar !== Number.POSITIVE_INFINITY) return line.length;
    const start = commentStart(line);
    const header = BLOCK_SCALAR.exec(line.slice(0, start));
    // The text is indented by more than the key, or the dash of the item.
    if (header !== null)
      scalar = header[1]!.length + (header[3] === '' ? header[2]!.trimEnd().length - 1 : header[2]!.length);
    return start;
  });
}

/** Indentation, dashes of items, and a key, before the sign of a block scalar. */
const BLOCK_SCALAR = /^(\s*)((?:-\s+)*)((?:[^\s#].*?:\s+)?)(?:[!&]\S*\s+)*[|>][-+\d]*\s*$/;

/** A number sign begins a comment at the start and behind a blank, but for text in quotes that are opened on the line. */
function commentStart(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    const isStart = at === 0 || /[\s[{,:]/.test(line[at - 1]!);
    if (quote === '"' && character === '\\') at++;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (isStart && (character === '"' || character === "'")) quote = character;
    else if (character === '#' && (at === 0 || /\s/.test(line[at - 1]!))) return at;
  }
  return line.length;
}

function spokenFor(lines: readonly string[], comment: number): [first: number, last: number] {
  const line = lines[comment]!;
  if (isMarker(line)) return documentBelow(lines, comment);
  return line.trimStart().startsWith('#') ? blockBelow(lines, comment) : [comment, comment];
}

/** From the first line with content to the last of them before the next marker; the line itself where there is none. */
function documentBelow(lines: readonly string[], from: number): [first: number, last: number] {
  let first: number | undefined;
  let last = from;
  for (let at = from + 1; at < lines.length && !isMarker(lines[at]!); at++) {
    if (isBlank(lines[at]!)) continue;
    first ??= at;
    last = at;
  }
  return [first ?? from, last];
}

function blockBelow(lines: readonly string[], comment: number): [first: number, last: number] {
  let first = comment + 1;
  while (first < lines.length && isBlank(lines[first]!)) first++;
  if (first >= lines.length) return [comment, comment];
  if (isMarker(lines[first]!)) {
    // Above the first marker of a text stands what belongs to its first document.
    return lines.findIndex((line) => !isBlank(line)) === first ? documentBelow(lines, first) : [comment, comment];
  }
  if (isTopOfDocument(lines, comment)) return documentBelow(lines, comment);
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
