// Why a list that is too long to be read as text is no sound JSON: the words and the place that the reader of texts would
// give, found in the part where it breaks.

import { scanJson } from '../json-scanner.ts';
import { MAX_DEPTH } from '../limits.ts';
import { indexLines, type LineColumn } from '../line-index.ts';
import { type Reading, report } from '../problem.ts';
import { behind, decode, type ListedFile } from './listed-place.ts';
import type { Broken } from './read-lists.ts';

/** Bytes behind the break that are looked at: a quote that is missing is missed at the next one. */
const BEHIND = 1024 * 1024;

/** Bytes that are looked at in all. */
const MAX_LENGTH = 64 * 1024 * 1024;

/** Reports a break within a root: nothing of the root that it is in was read. */
export function reportBreak(reading: Reading, file: ListedFile, broken: Broken): void {
  const { at, from, before } = broken;
  const { source } = file;
  const end = Math.min(source.size, at + BEHIND, from + MAX_LENGTH);
  const text = decode(source.slice(from, end));
  const scan = scanJson(before + text, 0);
  if (!('error' in scan) && broken.isSecond) {
    const message = 'key "items" is given twice, and the file is too long to tell which counts';
    report(reading, 'duplicate-key', placed(file, file.lines(at)), message, { lost: 'unparsable' });
    return;
  }
  if (!('error' in scan)) {
    const message = `nested deeper than ${MAX_DEPTH} levels`;
    const place = file.lines(broken.root ?? from);
    report(reading, 'too-large', placed(file, place), message, { lost: 'unparsable' });
    return;
  }
  // Cut off here, and not in the file: then only the place is known.
  const isKnown = end === source.size || scan.at < before.length + text.length;
  const place = isKnown ? behind(file.lines(from), indexLines(text)(scan.at - before.length)) : file.lines(at);
  const message = isKnown ? scan.error : 'malformed JSON';
  report(reading, 'malformed-json', placed(file, place), message, { rejectedByApi: true, lost: 'unparsable' });
}

function placed(
  { file }: ListedFile,
  { line, column }: LineColumn,
): { file: string; line: number; column: number; path: string } {
  return { file, line, column, path: '' };
}
