// Where the values of an object were written, as bytes: for policies the place of every value, for other objects the places
// that somebody asked for while the file was made. Knows no kinds.

import { type ManifestObject, type Path, printPath, type Source } from '../engine/model/source.ts';
import { type JsonSpan, spanOfJson } from './json-spans.ts';

/** A place that was asked for. */
export interface Asked {
  readonly path: Path;
  readonly isKey: boolean;
}

/** A place without what the question itself says. */
type Bare = Omit<Source, 'path' | 'file'>;

/** The places of an object. `isWhole`: of every value, beside those that were asked for. Empty where there are none. */
export function packPlaces(object: ManifestObject, asked: readonly Asked[], isWhole: boolean): Uint8Array {
  const list = asked.map(({ path, isKey }) => [path, isKey ? 1 : 0, bareOf(object.locate(path, { key: isKey }))]);
  const tree = isWhole ? packTree(object) : undefined;
  if (isWhole && tree === undefined) list.push([[], 0, bareOf(object.locate([]))]);
  if (list.length === 0 && tree === undefined) return new Uint8Array();
  const text = Buffer.from(JSON.stringify(list));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, Uint8Array.from(tree ?? [])]);
}

/** Looks places up in what {@link packPlaces} made of an object of this value. */
export function placesOf(value: unknown, file: string | undefined, bytes: Buffer): ManifestObject['locate'] {
  const known = unpack(bytes, value);
  return (path, options) => {
    const own = file === undefined ? {} : { file };
    // Programs see fields in the order in which readers write them.
    const source = ({ end, ...start }: Bare): Source => ({
      ...own,
      ...start,
      path: printPath(path),
      ...(end === undefined ? {} : { end }),
    });
    const asked = options?.key === true ? known.get(keyOf(path, true)) : undefined;
    if (asked !== undefined) return source(asked);
    for (let length = path.length; length >= 0; length--) {
      const found = known.get(keyOf(path.slice(0, length), false));
      if (found !== undefined) return source(found);
    }
    return source({});
  };
}

function keyOf(path: Path, isKey: boolean): string {
  return `${isKey ? 1 : 0}${JSON.stringify(path)}`;
}

function bareOf({ path: _, file: __, ...bare }: Source): Bare {
  return bare;
}

/** Every value of an object with its path, an object before what is in it. */
function* walk(value: unknown): Iterable<Path> {
  const pending: { readonly value: unknown; readonly path: Path }[] = [{ value, path: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value: here, path } = next;
    yield path;
    if (typeof here !== 'object' || here === null) continue;
    const parts: Path = Array.isArray(here) ? [...here.keys()] : Object.keys(here);
    for (const part of parts) pending.push({ value: Reflect.get(here, part), path: [...path, part] });
  }
}

/** Four numbers a value, the line as the difference to the one before; undefined where values have no lines. */
function packTree(object: ManifestObject): number[] | undefined {
  const locate = locateInJson(object) ?? ((path: Path) => object.locate(path));
  const bytes: number[] = [];
  let before = 0;
  for (const path of walk(object.value)) {
    const { line, column, end } = locate(path);
    if (line === undefined || column === undefined) return undefined;
    const difference = line - before;
    before = line;
    pushNumber(bytes, difference < 0 ? -2 * difference - 1 : 2 * difference);
    pushNumber(bytes, column);
    // Of values without an end the line of the end is one that cannot be.
    pushNumber(bytes, end === undefined ? 0 : end.line - line + 1);
    pushNumber(bytes, end?.column ?? 0);
  }
  return bytes;
}

/**
 * Finds places of fields that are there in one walk over what was written, where that is JSON: readers of long files read them
 * again for every question. Undefined for other texts, and for values that are not all that was written.
 */
function locateInJson(object: ManifestObject): ((path: Path) => Bare) | undefined {
  const text = object.written?.([]);
  const { line: firstLine, column: firstColumn } = object.locate([]);
  if (text?.[0] !== '{' || firstLine === undefined || firstColumn === undefined || !isJsonOf(text, object.value)) {
    return undefined;
  }
  const root = spanOfJson(text);
  const placeAt = (offset: number): { readonly line: number; readonly column: number } => {
    const start = text.lastIndexOf('\n', offset - 1) + 1;
    if (offset === 0 || start === 0) return { line: firstLine, column: firstColumn + offset };
    return { line: firstLine + countLines(text, start), column: offset - start + 1 };
  };
  return (path) => {
    let span: JsonSpan | undefined = root;
    for (const part of path) span = span?.members?.get(part);
    return span === undefined ? object.locate(path) : { ...placeAt(span.start), end: placeAt(span.end) };
  };
}

/** Reports whether a text says a value, which may have taken its type from the list around it. */
function isJsonOf(text: string, value: ManifestObject['value']): boolean {
  try {
    return textOfRest(JSON.parse(text)) === textOfRest(value);
  } catch {
    return false;
  }
}

function textOfRest({ apiVersion: _, kind: __, ...rest }: ManifestObject['value']): string {
  return JSON.stringify(rest);
}

/** Line ends before an offset. */
function countLines(text: string, before: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < before; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function pushNumber(bytes: number[], number: number): void {
  let rest = number;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function unpack(bytes: Buffer, value: unknown): ReadonlyMap<string, Bare> {
  const known = new Map<string, Bare>();
  if (bytes.length === 0) return known;
  const treeAt = 4 + bytes.readUInt32LE(0);
  let at = treeAt;
  const take = (): number => {
    let number = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      number += (byte % 128) * scale;
      if (byte < 128) return number;
    }
  };
  let line = 0;
  if (at < bytes.length) {
    for (const path of walk(value)) {
      const difference = take();
      line += difference % 2 === 1 ? -(difference + 1) / 2 : difference / 2;
      const [column, lines, last] = [take(), take(), take()];
      const end = lines === 0 ? {} : { end: { line: line + lines - 1, column: last } };
      known.set(keyOf(path, false), { line, column, ...end });
    }
  }
  const list: readonly [Path, number, Bare][] = JSON.parse(bytes.toString('utf8', 4, treeAt));
  for (const [path, isKey, bare] of list) known.set(keyOf(path, isKey === 1), bare);
  return known;
}
