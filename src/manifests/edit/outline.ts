// The documents of one text and the objects in them, read again for editing. Knows where things are, changes nothing.

import type { ManifestObject, Path } from '../../engine/model/source.ts';
import { scanJson } from '../json-scanner.ts';
import type { Span } from '../place.ts';
import { emptyReading, type Reading } from '../problem.ts';
import { readTextInto } from '../read-text.ts';
import { type DocumentSlice, splitDocuments } from '../split-documents.ts';

/** One document that holds objects. */
export interface OutlinedDocument extends Span {
  readonly format: 'yaml' | 'json';
  /** Its slice between separators; absent in a file of JSON only. */
  readonly slice?: number;
  /** Objects in it with the path from its root, in order. */
  readonly objects: ReadonlyMap<ManifestObject, Path>;
}

/** What a text holds. */
export interface Outline {
  readonly text: string;
  readonly reading: Reading;
  readonly slices: readonly DocumentSlice[];
  readonly documents: readonly OutlinedDocument[];
}

/** Reads a text, without byte-order mark, as readText does. */
export function outlineOf(text: string, file: string): Outline {
  const reading = readTextInto(emptyReading(), text, file);
  const slices = splitDocuments(text);
  const isJsonOnly = slices.length === 1 && [...reading.origins.values()].every(({ format }) => format === 'json');
  const documents: (OutlinedDocument & { readonly objects: Map<ManifestObject, Path> })[] = [];
  for (const [object, { format, start, base }] of reading.origins) {
    const known = documents.at(-1);
    if (known !== undefined && known.start === start && known.format === format) {
      known.objects.set(object, base);
      continue;
    }
    const slice = slices.findLastIndex((candidate) => candidate.start <= start);
    const end = format === 'yaml' ? slices[slice]!.end : endOfJson(text, start);
    const place = isJsonOnly ? {} : { slice };
    documents.push({ format, start, end, ...place, objects: new Map([[object, base]]) });
  }
  return { text, reading, slices, documents };
}

function endOfJson(text: string, start: number): number {
  const scan = scanJson(text, start);
  return 'end' in scan ? scan.end : text.length;
}

/** The object of the outline that an object read before is; undefined where the text holds no such object at its place. */
export function matchObjects({ reading, text }: Outline): (object: ManifestObject) => ManifestObject | undefined {
  let byPlace: Map<string, ManifestObject> | undefined;
  const placeOf = (object: ManifestObject): string => {
    const { line, column } = object.locate([]);
    return `${line}:${column}`;
  };
  const own = new Set(reading.objects);
  return (object) => {
    if (own.has(object)) return object;
    byPlace ??= new Map(reading.objects.map((candidate) => [placeOf(candidate), candidate]));
    return text === '' ? undefined : byPlace.get(placeOf(object));
  };
}
