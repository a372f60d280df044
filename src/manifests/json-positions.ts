// Places of values in JSON text, found by scanning when asked. One scan per List finds the starts of all its items, so
// that a file of thousands of objects is not walked from its start for each; what is long within an object is walked once, too.

import type { Path } from '../engine/model/source.ts';
import { skipBlank, skipString, skipValue } from './json-scanner.ts';
import { type Place, type Span, sourceOf, type TextFile } from './place.ts';

/**
 * The place of the value that starts at the offset that `start` gives; it is called at every lookup. `root` is where the
 * whole JSON value starts, and `base` leads from there to this one.
 */
export function jsonPlace(textFile: TextFile, root: number, base: Path = [], start: () => number = () => root): Place {
  const scan = scanOf(textFile);
  const { text } = textFile;
  return {
    origin: { format: 'json', start: root, base, span: () => ({ start: start(), end: skipValue(text, start()) }) },
    locate: (path, options) => {
      const found = find(scan, start(), path);
      const isKey = options?.key === true && found.key !== undefined;
      const span = isKey ? found.key! : { start: found.start, end: skipValue(text, found.start) };
      return sourceOf(textFile, path, span);
    },
    written: (path) => {
      const found = find(scan, start(), path);
      return text.slice(found.start, skipValue(text, found.start));
    },
    elements: (path) => {
      let starts: number[] | undefined;
      return (index) =>
        jsonPlace(textFile, root, [...base, ...path, index], () => {
          if (starts === undefined) {
            const list = find(scan, start(), path);
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

/** A text, and what was found out of long objects and arrays in it, by where they start. */
interface Scan {
  readonly text: string;
  readonly members: Map<number, ReadonlyMap<string, Found>>;
  readonly elements: Map<number, readonly number[]>;
}

const scans = new WeakMap<TextFile, Scan>();

function scanOf(textFile: TextFile): Scan {
  const known = scans.get(textFile) ?? { text: textFile.text, members: new Map(), elements: new Map() };
  scans.set(textFile, known);
  return known;
}

/** Characters of an object from which on its members are remembered. */
const LONG = 1000;

/** Elements from which on all of their starts are remembered. */
const MANY = 32;

function find(scan: Scan, start: number, path: Path): Found {
  let found: Found = { start: skipBlank(scan.text, start), isWhole: true };
  for (const part of path) {
    const next = typeof part === 'number' ? element(scan, found.start, part) : member(scan, found.start, part);
    if (next === undefined) return { ...found, isWhole: false };
    found = next;
  }
  return found;
}

/** The last member with this name, as JSON.parse takes the last. */
function member({ text, members }: Scan, object: number, name: string): Found | undefined {
  const known = members.get(object);
  if (known !== undefined) return known.get(name);
  if (text[object] !== '{') return undefined;
  let found: Found | undefined;
  const end = walkMembers(text, object, (key, start) => {
    if (isNamed(text, key, name)) found = { start, key, isWhole: true };
  });
  if (end - object >= LONG) {
    const all = new Map<string, Found>();
    walkMembers(text, object, (key, start) => all.set(nameAt(text, key), { start, key, isWhole: true }));
    members.set(object, all);
  }
  return found;
}

/** Visits the members of an object with the span of the key and the start of the value; gives where they end. */
function walkMembers(text: string, object: number, visit: (key: Span, start: number) => void): number {
  let at = skipBlank(text, object + 1);
  while (text[at] === '"') {
    const end = skipString(text, at);
    const start = skipBlank(text, skipBlank(text, end) + 1);
    visit({ start: at, end }, start);
    at = skipBlank(text, skipValue(text, start));
    if (text[at] === ',') at = skipBlank(text, at + 1);
  }
  return at;
}

function element({ text, elements }: Scan, array: number, index: number): Found | undefined {
  let starts = elements.get(array);
  if (starts === undefined) {
    starts = elementStarts(text, array, index < MANY ? index : undefined);
    if (index >= MANY) elements.set(array, starts);
  }
  const start = starts[index];
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
function isNamed(text: string, { start, end }: Span, name: string): boolean {
  if (end - start === name.length + 2 && text.startsWith(name, start + 1)) return true;
  return hasEscapes(text, start, end) && nameAt(text, { start, end }) === name;
}

function nameAt(text: string, { start, end }: Span): string {
  return hasEscapes(text, start, end) ? JSON.parse(text.slice(start, end)) : text.slice(start + 1, end - 1);
}

function hasEscapes(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === BACKSLASH) return true;
  return false;
}

const BACKSLASH = 92;
