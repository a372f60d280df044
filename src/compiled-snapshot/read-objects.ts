// The objects of a compiled snapshot as a reader of manifests would have them: values, and places that are looked up when somebody
// asks. Knows no kinds.

import type { Gap } from '../engine/model/cluster.ts';
import type { Finding } from '../engine/model/finding.ts';
import type { Limit, ServerFacts } from '../engine/model/server-facts.ts';
import type { ManifestObject } from '../engine/model/source.ts';
import { SECTIONS, type SkippedFile } from './near-records.ts';
import { placesOf } from './places.ts';
import { plainOf } from './plain-values.ts';
import type { Pages } from './read-pages.ts';

/** What reading the manifests came to, beside their objects. */
export interface ReadBeside {
  /** As what -f names them. */
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly skipped: readonly SkippedFile[];
  /** Of saved snapshots among the manifests. */
  readonly limits: readonly Limit[];
  readonly server?: ServerFacts;
}

/** Bytes of an end: a number of eight bytes. */
export const END_BYTES = 8;
/** Bytes of the number of a file: 0 for none, else one more than its position. */
export const FILE_BYTES = 4;

/** Bytes of objects that are read at once. */
const PIECE = 8 * 1024 * 1024;

/** What was read beside the objects. */
export function besideOf(pages: Pages): ReadBeside {
  return plainOf(pages.read(SECTIONS.reading).toString()) as ReadBeside;
}

/** All objects, in order. */
export function objectsOf(pages: Pages, { files }: ReadBeside): ManifestObject[] {
  const ends = endsOf(pages, SECTIONS.objectEnds);
  const placeEnds = endsOf(pages, SECTIONS.placeEnds);
  const numbers = pages.read(SECTIONS.objectFiles);
  const objects: ManifestObject[] = [];
  for (let first = 0; first < ends.length; ) {
    const from = ends[first - 1] ?? 0;
    let last = first + 1;
    while (last < ends.length && ends[last]! - from <= PIECE) last++;
    const piece = pages.read(SECTIONS.objects, from, ends[last - 1]!);
    for (let number = first; number < last; number++) {
      const value: unknown = JSON.parse(piece.toString('utf8', (ends[number - 1] ?? 0) - from, ends[number]! - from));
      const file = files[numbers.readUInt32LE(number * FILE_BYTES) - 1];
      const [start, end] = [placeEnds[number - 1] ?? 0, placeEnds[number]!];
      objects.push(objectOf(value, file, () => pages.read(SECTIONS.places, start, end)));
    }
    first = last;
  }
  return objects;
}

/** One object, alone. */
export function objectAt(pages: Pages, number: number): ManifestObject {
  const [from, to] = spanOf(pages, SECTIONS.objectEnds, number);
  const value: unknown = JSON.parse(pages.read(SECTIONS.objects, from, to).toString());
  return objectOf(value, undefined, () => pages.read(SECTIONS.places, ...spanOf(pages, SECTIONS.placeEnds, number)));
}

function objectOf(value: unknown, file: string | undefined, places: () => Buffer): ManifestObject {
  const locate = placesOf(value, file, places);
  const object = { value: value as ManifestObject['value'], locate };
  return file === undefined ? object : { ...object, file };
}

function spanOf(pages: Pages, section: string, number: number): [from: number, to: number] {
  const bytes = pages.read(section, Math.max(number - 1, 0) * END_BYTES, (number + 1) * END_BYTES);
  return number === 0 ? [0, bytes.readDoubleLE(0)] : [bytes.readDoubleLE(0), bytes.readDoubleLE(END_BYTES)];
}

function endsOf(pages: Pages, section: string): readonly number[] {
  const bytes = pages.read(section);
  return Array.from({ length: bytes.length / END_BYTES }, (_, at) => bytes.readDoubleLE(at * END_BYTES));
}
