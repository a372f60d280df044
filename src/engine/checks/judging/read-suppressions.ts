// From annotations and comments to suppressions. A mistake in one is a finding: what suppresses nothing must not look as if
// it did.

import { isMapping } from '../../edits/same-value.ts';
import type { Finding } from '../../model/finding.ts';
import { nearestNames } from '../../model/nearest-names.ts';
import type { ManifestObject, Source } from '../../model/source.ts';
import { IGNORE_ANNOTATION, IGNORE_COMMENT, type IgnoreComment, type Suppression } from '../../model/suppression.ts';
import { SUPPRESSION_CHECKS, type SuppressionCheckId } from './suppression-checks.ts';

/** What was read, and what was wrong in it. */
export interface ReadSuppressions {
  readonly suppressions: readonly Suppression[];
  readonly findings: readonly Finding[];
}

/** Reads the suppressions of objects and comments. `ids`: every check that exists. */
export function readSuppressions(
  objects: readonly ManifestObject[],
  comments: readonly IgnoreComment[],
  ids: ReadonlySet<string>,
): ReadSuppressions {
  const suppressions: Suppression[] = [];
  const findings: Finding[] = [];
  const add = (check: string, said: string, source: Source, covers: Suppression['covers']): void => {
    const read = readSaid(check, said, ids);
    const suppression = { check, source, covers };
    if (typeof read === 'string') findings.push(suppressionFinding('invalid-suppression', read, suppression));
    else suppressions.push({ ...suppression, ...read });
  };
  for (const object of objects) {
    for (const [key, value] of annotationsOf(object)) {
      const source = object.locate(['metadata', 'annotations', key], { key: true });
      add(key.slice(IGNORE_ANNOTATION.length), value, source, { object });
    }
  }
  for (const { file, text, source, first, last } of comments) {
    const colon = text.indexOf(':');
    const check = (colon < 0 ? text : text.slice(0, colon)).trim();
    add(check, colon < 0 ? '' : text.slice(colon + 1), source, { file, first, last });
  }
  return { suppressions, findings };
}

/** A finding about a suppression; about the object that an annotation stands in. */
export function suppressionFinding(
  check: SuppressionCheckId,
  message: string,
  { source, covers }: Pick<Suppression, 'source' | 'covers'>,
): Finding {
  const { severity } = SUPPRESSION_CHECKS[check];
  const finding = { check, severity, rejectedByApi: false, message, source };
  return 'object' in covers ? { ...finding, object: covers.object } : finding;
}

function annotationsOf({ value }: ManifestObject): readonly (readonly [key: string, value: string])[] {
  const metadata = value['metadata'];
  const annotations = isMapping(metadata) ? metadata['annotations'] : undefined;
  if (!isMapping(annotations)) return [];
  return Object.entries(annotations)
    .filter(([key]) => key.startsWith(IGNORE_ANNOTATION))
    .map(([key, text]) => [key, typeof text === 'string' ? text : ''] as const);
}

/** Reason and last day; a text is what is wrong. */
function readSaid(
  check: string,
  said: string,
  ids: ReadonlySet<string>,
): string | { readonly reason: string; readonly until?: string } {
  if (check === '') return `a suppression names a check: # ${IGNORE_COMMENT} CHECK: why`;
  if (!ids.has(check)) {
    const [near] = nearestNames(check, ids, 1);
    return `there is no check "${check}"${near === undefined ? '' : `; did you mean ${near}?`}`;
  }
  const parts = said.split(';').map((part) => part.trim());
  const last = parts.at(-1)!;
  const until = /^until\b\s*(.*)$/i.exec(last)?.[1];
  const reason = (until === undefined ? parts : parts.slice(0, -1)).join('; ').trim();
  // An end that is read as part of the reason would never come.
  const early = /\buntil:?\s+\d{4}-\d{1,2}-\d{1,2}\b/i.exec(reason)?.[0];
  if (early !== undefined)
    return `"${early}" is no end where it stands; write it last, behind a semicolon: why; until 2027-01-31`;
  if (reason === '') return `the suppression of ${check} gives no reason; write why it is right to keep it`;
  if (until === undefined) return { reason };
  if (!isDate(until)) return `"${until}" is no date; write until 2027-01-31`;
  return { reason, until };
}

/** A day that the calendar has, as `YYYY-MM-DD`. */
function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1]!;
}
