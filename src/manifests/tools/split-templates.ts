// What `helm template` prints, cut by the templates that it came from: each document begins with a line that names its own.

/** One part of a text under a name of its own. */
export interface NamedText {
  readonly file: string;
  readonly text: string;
}

const HEADER = /^---[ \t]*\r?\n# Source: (.+?)[ \t]*\r?$/gm;

/**
 * Parts by template, in the order of their first document: all documents of one template are one text, as
 * `helm template --show-only` prints them, and lines count in that. What stands before the first header is `rest`'s.
 */
export function splitTemplates(text: string, rest: string): readonly NamedText[] {
  const parts = new Map<string, string>();
  const add = (file: string, part: string): void => {
    if (part.trim() !== '') parts.set(file, (parts.get(file) ?? '') + part);
  };
  let file = rest;
  let start = 0;
  for (const match of text.matchAll(HEADER)) {
    add(file, text.slice(start, match.index));
    file = `helm:${match[1]}`;
    start = match.index;
  }
  add(file, text.slice(start));
  return [...parts].map(([name, part]) => ({ file: name, text: part }));
}
