// A large file to objects, findings and gaps, by way of its bytes: lists in JSON, of any length. What is none of these is
// left to the reader of texts, which reads everything and says what is wrong.

import { flattenLists } from '../flatten-lists.ts';
import { type Inherited, inherit, inheritedFrom } from '../place.ts';
import { emptyReading, type Reading } from '../problem.ts';
import { isSnapshot } from '../read-snapshot.ts';
import { recognise } from '../recognise.ts';
import { BriefPod } from './brief-pod.ts';
import { indexByteLines } from './byte-lines.ts';
import type { ByteSource } from './byte-source.ts';
import { reportBreak } from './explain-break.ts';
import { decode, type ListedFile, outlineRoot } from './listed-place.ts';
import {
  type ListedItems,
  type ListedOptions,
  type ListedProgress,
  type ListedReading,
  type ListedRoot,
  readLists,
} from './read-lists.ts';

type Json = Readonly<Record<string, unknown>>;

/** What came of a large file. */
export interface ListedResult {
  readonly own: Reading;
  /** Offset of the first byte that is no UTF-8; absent: there is none. */
  readonly invalidAt?: number;
}

/** How a large file is read. */
export interface ReadListedOptions extends ListedOptions {
  /** Whether no other reader can read it, so that a break in it is to be explained here. */
  readonly isAlone: boolean;
}

/**
 * Reads a source that sources name `file`; undefined where another reader has to, or where none can. Gives its progress
 * after each piece.
 */
export function* readListed(
  source: ByteSource,
  file: string,
  options: ReadListedOptions,
): Generator<ListedProgress, ListedResult | undefined, void> {
  const { roots, abridger, textStart, invalidAt, broken }: ListedReading = yield* readLists(source, options);
  if (broken !== undefined && (!options.isAlone || broken.root === undefined)) return undefined;
  if (!options.isAlone && !roots.some(isMarked)) return undefined;
  const listed: ListedFile = { file, source, lines: indexByteLines(source, textStart), abridger };
  const own = emptyReading();
  if (broken !== undefined && broken.at < source.size && source.slice(broken.at, broken.at + 1)[0] === 0) {
    own.skipped.push({ file, reason: 'a binary file' });
    return { own };
  }
  for (const root of roots) if (!addRoot(own, listed, root)) return undefined;
  if (broken !== undefined) reportBreak(own, listed, broken);
  return { own, ...(invalidAt === undefined ? {} : { invalidAt }) };
}

/** How a text shows that it holds objects (`recognise.ts`), white space included. */
function isMarked({ members }: ListedRoot): boolean {
  return members.some(({ text }) => /^"(?:kind|apiVersion)"[ \t]*:/.test(text));
}

/** Adds the objects of a root; false where another reader has to read it. */
function addRoot(own: Reading, file: ListedFile, root: ListedRoot): boolean {
  const { text, place } = outlineRoot(file, root);
  const value: Record<string, unknown> = JSON.parse(text);
  const { items } = root;
  if (items !== undefined) {
    const isObject = recognise(value, file.file).type === 'object';
    const kind = String(value['kind']);
    if (isObject && !isSnapshot(value) && !kind.endsWith('List')) return false;
    // Only now it is known what items without a kind are.
    const inherited = isSnapshot(value) || kind === 'List' ? undefined : inheritedFrom(value);
    completePods(file, items, inherited);
    value['items'] = items.values;
  }
  return flattenLists(value, place, file.file, own);
}

/** Gives pods what they inherit, and reads again in full what turns out to be no Pod. */
function completePods({ source }: ListedFile, { values, starts, ends }: ListedItems, inherited?: Inherited): void {
  let [before, completed]: [Json, Json] = [{}, {}];
  values.forEach((pod, index) => {
    if (!(pod instanceof BriefPod)) return;
    // Once for all pods of one template. As a copy: a list of another kind may have items that say the same.
    if (pod.common !== before) [before, completed] = [pod.common, inherit(pod.common, inherited)];
    if (completed['kind'] !== 'Pod' || completed['apiVersion'] !== 'v1') {
      values[index] = JSON.parse(decode(source.slice(starts[index]!, ends[index]!)));
    } else pod.common = completed;
  });
}
