// Cuts a YAML stream into documents at the lines that kubectl cuts at, before anything is parsed, so that a malformed
// document cannot take its neighbours with it. Knows no YAML beyond `---`.

/** One document of a stream, without its separator line. Offsets are of the whole text. */
export interface DocumentSlice {
  readonly start: number;
  readonly end: number;
  /** Offset of content on the separator line (`--- {a: b}`), which kubectl refuses; absent where there is none. */
  readonly contentOnSeparator?: number;
}

const SEPARATOR = /^---(?=[ \t\r\n]|$)([^\n]*)/gm;

/**
 * The documents of a text, blank ones included. A line that starts with `---` and a blank separates, comments after it
 * are ignored. Directives (`%YAML 1.1`) stay with the document that they introduce.
 */
export function splitDocuments(text: string): DocumentSlice[] {
  const slices: DocumentSlice[] = [];
  let start = 0;
  let content: number | undefined;
  const close = (end: number): void => {
    slices.push({ start, end, ...(content === undefined ? {} : { contentOnSeparator: content }) });
  };
  for (const match of text.matchAll(SEPARATOR)) {
    if (isDirectives(text, start, match.index)) continue;
    close(match.index);
    const rest = match[1]!;
    const isBare = /^\s*(?:#.*)?$/.test(rest);
    // Content stays in the slice, at its own column; a bare separator does not.
    start = match.index + (isBare ? match[0].length : 3);
    content = isBare ? undefined : start + rest.search(/\S/);
  }
  close(text.length);
  return slices;
}

/** True where the text up to a `---` holds directives and comments only. */
function isDirectives(text: string, start: number, end: number): boolean {
  if (end - start > 10_000) return false;
  const slice = text.slice(start, end);
  if (!slice.includes('%')) return false;
  const lines = slice.split('\n');
  return lines.some((line) => line.startsWith('%')) && lines.every((line) => /^(?:%|\s*#|\s*$)/.test(line));
}
