// What a person sees while files are read: how many of how many, what was found in them, and how long it will take. Knows
// nothing of clocks and terminals.

import type { ReadingProgress } from '../manifests/index.ts';
import { printable } from '../report/index.ts';
import { count, type Progress } from './progress.ts';

/** The phase while files are read. */
export const READING = 'reading files';

/** Shows how far a reading has come. */
export function showReading(progress: Progress, reading: ReadingProgress): void {
  const { large, files, allFiles } = reading;
  const found = (): string => foundIn(reading);
  if (large === undefined) progress.step(READING, files, allFiles, found);
  else progress.step(`reading ${printable(large.file)}, MB`, large.done / 1e6, large.total / 1e6, found);
}

/** `36,000 objects (30,000 pods, 2,000 policies)`; empty where nothing was found yet. */
function foundIn({ objects, pods, policies }: ReadingProgress): string {
  if (objects === 0) return '';
  const parts = [
    ...(pods === 0 ? [] : [`${count(pods)} ${pods === 1 ? 'pod' : 'pods'}`]),
    ...(policies === 0 ? [] : [`${count(policies)} ${policies === 1 ? 'policy' : 'policies'}`]),
  ];
  const all = `${count(objects)} ${objects === 1 ? 'object' : 'objects'}`;
  return parts.length === 0 ? all : `${all} (${parts.join(', ')})`;
}
