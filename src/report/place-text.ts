// Where something was written, as editors read it. Knows nothing of files.

import type { Source } from '../engine/model/source.ts';
import { printable } from './printable.ts';

/**
 * `k8s/db.yaml:9`, with `column` also `:3`; without a file (a live object) the field path, and the empty text where
 * there is neither.
 */
export function placeText(source: Source | undefined, column = false): string {
  if (source === undefined) return '';
  if (source.file === undefined) return printable(source.path);
  const line = source.line === undefined ? '' : `:${source.line}`;
  return `${printable(source.file)}${line}${column && line !== '' && source.column !== undefined ? `:${source.column}` : ''}`;
}
