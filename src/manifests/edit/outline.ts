// The documents of one text and the objects in them, read again for editing. Knows where things are, changes nothing.

import type { ManifestObject, Path } from '../../engine/model/source.ts';
import { scanJson } from '../json-scanner.ts';
import { indexLines } from '../line-index.ts';
import type { Origin, Span } from '../place.ts';
import { emptyReading, type Reading } from '../problem.ts';
import { readTextInto } from '../read-text.ts';
import { type DocumentSlice, splitDocuments } from '../split-documents.ts';

/** One document that holds objects. */
export interface OutlinedDocument extends Span {
  readonly format: 'yaml' | 'json';
  /** Its slice between separators; absent in a file of JSON only. */
  readonly slice?: number;
}

/** What a text holds. */
export interface Outline {
  readonly text: string;
  readonly reading: Reading;
  readonly slices: readonly DocumentSlice[];
  /** In order of the text. */
  readonly documents: readonly OutlinedDocument[];
  /** The document of each object. */
  readonly homes: ReadonlyMap<ManifestObject, OutlinedDocument>;
}

/** Reads a text, without byte-order mark, as readText does. */
export function outlineOf(text: string, file: string): Outline {
  const reading = readTextInto(emptyReading(), text, file);
  const slices = splitDocuments(text);
  const isJsonOnly = slices.length === 1 && [...reading.origins.values()].every(({ format }) => format === 'json');
  const documents: OutlinedDocument[] = [];
  const homes = new Map<ManifestObject, OutlinedDocument>();
  let slice = 0;
  for (const [object, { format, start }] of reading.origins) {
    let document = documents.at(-1);
    if (document?.start !== start || document.format !== format) {
      while (slice + 1 < slices.length && slices[slice + 1]!.start <= start) slice++;
      const end = format === 'yaml' ? slices[slice]!.end : endOfJson(text, start);
      document = { format, start, end, ...(isJsonOnly ? {} : { slice }) };
      documents.push(document);
    }
    homes.set(object, document);
  }
  return { text, reading, slices, documents, homes };
}

function endOfJson(text: string, start: number): number {
  const scan = scanJson(text, start);
  return 'end' in scan ? scan.end : text.length;
}

/** Where in its document an object of the outline is. */
export function originOf({ reading }: Outline, object: ManifestObject): Origin {
  return reading.origins.get(object)!;
}

/** The path of an object from the root of its document; empty where it is the document. */
export function baseOf(outline: Outline, object: ManifestObject): Path {
  return originOf(outline, object).base;
}

/**
 * The object of the outline that an object read before is; undefined where the text holds no such object at its place.
 * Looks up the places of one document's objects only, since a lookup may cost as much as reading the document.
 */
export function matchObjects({ text, reading, documents, homes }: Outline): MatchObject {
  const lines = indexLines(text);
  const members = new Map<OutlinedDocument, ManifestObject[]>();
  for (const [object, document] of homes) {
    const known = members.get(document);
    if (known === undefined) members.set(document, [object]);
    else known.push(object);
  }
  const places = new Map<OutlinedDocument, ReadonlyMap<string, ManifestObject>>();
  return (object) => {
    if (reading.origins.has(object)) return object;
    const { line, column } = object.locate([]);
    let [low, high] = [0, documents.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const start = lines(documents[middle]!.start);
      const isBefore = start.line < line! || (start.line === line && start.column <= column!);
      if (isBefore) low = middle;
      else high = middle - 1;
    }
    const document = documents[low];
    if (document === undefined) return undefined;
    let known = places.get(document);
    if (known === undefined) {
      known = new Map(members.get(document)!.map((candidate) => [placeOf(candidate), candidate]));
      places.set(document, known);
    }
    return known.get(placeOf(object));
  };
}

/** Finds the object of an outline that an object read before is. */
export type MatchObject = (object: ManifestObject) => ManifestObject | undefined;

function placeOf(object: ManifestObject): string {
  const { line, column } = object.locate([]);
  return `${line}:${column}`;
}
