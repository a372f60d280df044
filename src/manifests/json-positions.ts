// Places of values in JSON text, found by scanning when asked. One scan per List finds the starts of all its items, so
// that a file of thousands of objects is not walked from its start for each.

import type { Path } from '../engine/model/source.ts';
import { skipBlank, skipString, skipValue } from './json-scanner.ts';
import { type Place, type Span, sourceOf, type TextFile } from './place.ts';

/**
 * The place of the value that starts at the offset that `start` gives; it is called at every lookup. `root` is where the
 * whole JSON value starts, and `base` leads from there to this one.
 */
export function jsonPlace(textFile: TextFile, root: number, base: Path = [], start: () => number = () => root): Place {
  const { text } = textFile;
  return {
    origin: { format: 'json', start: root, base, span: () => ({ start: start(), end: skipValue(text, start()) }) },
    locate: (path, options) => {
      const found = find(text, start(), path);
      const isKey = options?.key === true && found.key !== undefined;
      const span = isKey ? found.key! : { start: found.start, end: skipValue(text, found.start) };
      return sourceOf(textFile, path, span);
    },
    written: (path) => {
      const found = find(text, start(), path);
      return text.slice(found.start, skipValue(text, found.start));
    },
    elements: (path) => {
      let starts: number[] | undefined;
      return (index) =>
        jsonPlace(textFile, root, [...base, ...path, index], () => {
          if (starts === undefined) {
            const list = find(text, start(), path);
            starts = list.isWhole ? elementStarts(text, list.start) : [];
          }
          return starts[index] ?? start();
        });
    },
  };
}

interface Found {
  readonly start: number;
  /** The key whose value it is. */
  readonly key?: Span;
  /** False where the path ends before it does. */
  readonly isWhole: boolean;
}

function find(text: string, start: number, path: Path): Found {
  let found: Found = { start: skipBlank(text, start), isWhole: true };
  for (const part of path) {
    const next = typeof part === 'number' ? element(text, found.start, part) : member(text, found.start, part);
    if (next === undefined) return { ...found, isWhole: false };
    found = next;
  }
  return found;
}

/** The last member with this name, as JSON.parse takes the last. */
function member(text: string, object: number, name: string): Found | undefined {
  if (text[object] !== '{') return undefined;
  let found: Found | undefined;
  for (let at = skipBlank(text, object + 1); text[at] === '"'; ) {
    const keyEnd = skipString(text, at);
    const start = skipBlank(text, skipBlank(text, keyEnd) + 1);
    if (isNamed(text, at, keyEnd, name)) {
      found = { start, key: { start: at, end: keyEnd }, isWhole: true };
    }
    at = skipBlank(text, skipValue(text, start));
    if (text[at] === ',') at = skipBlank(text, at + 1);
  }
  return found;
}

function element(text: string, array: number, index: number): Found | undefined {
  const start = elementStarts(text, array, index)[index];
  return start === undefined ? undefined : { start, isWhole: true };
}

/** Starts of the elements, up to and including index `last`. */
function elementStarts(text: string, array: number, last = Number.POSITIVE_INFINITY): number[] {
  const starts: number[] = [];
  if (text[array] !== '[') return starts;
  let at = skipBlank(text, array + 1);
  while (at < text.length && text[at] !== ']' && starts.length <= last) {
    starts.push(at);
    if (starts.length > last) break;
    at = skipBlank(text, skipValue(text, at));
    if (text[at] === ',') at = skipBlank(text, at + 1);
  }
  return starts;
}

/** Whether the quoted text there says the name; escapes are rare, and read only where there are some. */
function isNamed(text: string, start: number, end: number, name: string): boolean {
  if (end - start === name.length + 2 && text.startsWith(name, start + 1)) return true;
  for (let at = start + 1; at < end - 1; at++) {
    if (text.charCodeAt(at) === BACKSLASH) return JSON.parse(text.slice(start, end)) === name;
  }
  return false;
}

const BACKSLASH = 92;
