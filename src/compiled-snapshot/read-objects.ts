// The objects of a compiled snapshot as a reader of manifests would have them: values, and places that are looked up when somebody
// asks. Knows no kinds.

import type { Gap } from '../engine/model/cluster.ts';
import type { Finding } from '../engine/model/finding.ts';
import type { Limit, ServerFacts } from '../engine/model/server-facts.ts';
import type { ManifestObject } from '../engine/model/source.ts';
import { SECTIONS, type SkippedFile } from './near-records.ts';
import { placesOf } from './places.ts';
import { plainOf } from './plain-values.ts';
import { isPodRow, type PodShape, podOf } from './pod-rows.ts';
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

/** Stands behind every object, so that many are read as one list. */
export const SEPARATOR = ',\n';

/** Bytes of objects that are read at once. */
const PIECE = 8 * 1024 * 1024;

/** What was read beside the objects. */
export function besideOf(pages: Pages): ReadBeside {
  return plainOf(pages.read(SECTIONS.reading).toString()) as ReadBeside;
}

/** All objects, in order. */
export function objectsOf(pages: Pages, { files }: ReadBeside): ManifestObject[] {
  const ends = endsOf(pages, SECTIONS.objectEnds);
  const numbers = pages.read(SECTIONS.objectFiles);
  const shapes = shapesOf(pages);
  const objects: ManifestObject[] = [];
  for (let first = 0; first < ends.length; ) {
    const from = ends[first - 1] ?? 0;
    let last = first + 1;
    while (last < ends.length && ends[last]! - from <= PIECE) last++;
    for (const stored of listOf(pages.read(SECTIONS.objects, from, ends[last - 1]!))) {
      const number = objects.length;
      const file = files[numbers.readUInt32LE(number * FILE_BYTES) - 1];
      objects.push(objectOf(pages, valueIn(stored, shapes), number, file));
    }
    first = last;
  }
  return objects;
}

/** One policy, alone. */
export function objectAt(pages: Pages, number: number): ManifestObject {
  const [stored] = listOf(pages.read(SECTIONS.objects, ...spanOf(pages, SECTIONS.objectEnds, number)));
  return objectOf(pages, valueIn(stored, []), number, undefined);
}

/** Objects as they are stored, one after the other. */
function listOf(bytes: Buffer): readonly unknown[] {
  return JSON.parse(`[${bytes.toString('utf8', 0, bytes.length - SEPARATOR.length)}]`);
}

function valueIn(stored: unknown, shapes: readonly PodShape[]): ManifestObject['value'] {
  return isPodRow(stored) ? podOf(stored, shapes) : (stored as ManifestObject['value']);
}

function shapesOf(pages: Pages): readonly PodShape[] {
  return JSON.parse(pages.read(SECTIONS.shapes).toString());
}

function objectOf(
  pages: Pages,
  value: ManifestObject['value'],
  number: number,
  file: string | undefined,
): ManifestObject {
  // There may be 150,000 of these, of few of which somebody asks where they stand.
  let places: ManifestObject['locate'] | undefined;
  const locate: ManifestObject['locate'] = (path, options) => {
    places ??= placesOf(value, file, pages.read(SECTIONS.places, ...spanOf(pages, SECTIONS.placeEnds, number)));
    return places(path, options);
  };
  return file === undefined ? { value, locate } : { value, file, locate };
}

function spanOf(pages: Pages, section: string, number: number): [from: number, to: number] {
  const bytes = pages.read(section, Math.max(number - 1, 0) * END_BYTES, (number + 1) * END_BYTES);
  return number === 0 ? [0, bytes.readDoubleLE(0)] : [bytes.readDoubleLE(0), bytes.readDoubleLE(END_BYTES)];
}

function endsOf(pages: Pages, section: string): readonly number[] {
  const bytes = pages.read(section);
  return Array.from({ length: bytes.length / END_BYTES }, (_, at) => bytes.readDoubleLE(at * END_BYTES));
}
