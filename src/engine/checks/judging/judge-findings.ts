// Which findings count: those that a suppression covers and those that the baseline holds stay in the list and fail nothing.

import type { Finding } from '../../model/finding.ts';
import type { ManifestObject } from '../../model/source.ts';
import type { IgnoreComment, Suppression } from '../../model/suppression.ts';
import { withFingerprints } from './fingerprint.ts';
import { readSuppressions, suppressionFinding } from './read-suppressions.ts';

/** What is known beside the findings themselves. */
export interface Judging {
  /** Everything that was read; annotations in it suppress. */
  readonly objects: readonly ManifestObject[];
  readonly comments: readonly IgnoreComment[];
  /** Every check that exists. */
  readonly ids: ReadonlySet<string>;
  /** Checks that did not run: suppressions of theirs are not unused. */
  readonly notRun: ReadonlySet<string>;
  /** Today, `YYYY-MM-DD`; absent: no suppression has expired. */
  readonly today?: string;
  /** Fingerprints of findings that are known; absent: none. */
  readonly baseline?: ReadonlySet<string>;
}

/** A finding and what was said of it. */
export interface JudgedFinding {
  readonly finding: Finding;
  readonly suppressed?: { readonly reason: string; readonly until?: string };
  readonly known?: true;
}

/** Judges all findings; those about suppressions come on top. In any order. */
export function judgeFindings(found: readonly Finding[], judging: Judging): JudgedFinding[] {
  const { suppressions, findings: wrong } = readSuppressions(judging.objects, judging.comments, judging.ids);
  const index = indexSuppressions(suppressions);
  const used = new Set<Suppression>();
  const judged = found.map((finding): JudgedFinding => {
    const covering = index(finding).filter((one) => !isOver(one, judging.today));
    for (const one of covering) used.add(one);
    const [first] = covering;
    if (first === undefined) return { finding };
    const { reason, until } = first;
    return { finding, suppressed: { reason, ...(until === undefined ? {} : { until }) } };
  });
  const about = [...wrong, ...suppressions.flatMap((one) => judgeSuppression(one, used, judging))];
  const all = [...judged, ...withFingerprints(about).map((finding): JudgedFinding => ({ finding }))];
  const { baseline } = judging;
  if (baseline === undefined) return all;
  return all.map((one) => (baseline.has(one.finding.fingerprint ?? '') ? { ...one, known: true } : one));
}

function judgeSuppression(one: Suppression, used: ReadonlySet<Suppression>, { today, notRun }: Judging): Finding[] {
  const { check, until } = one;
  if (isOver(one, today)) {
    const message = `the suppression of ${check} ended with ${until}; it has no effect any more`;
    return [suppressionFinding('expired-suppression', message, one)];
  }
  if (used.has(one) || notRun.has(check)) return [];
  return [suppressionFinding('unused-suppression', `there is no ${check} here; take the suppression away`, one)];
}

/** The last day is included. Dates of this form compare as text. */
function isOver({ until }: Suppression, today: string | undefined): boolean {
  return until !== undefined && today !== undefined && today > until;
}

/** Finds the suppressions that cover a finding, by check and then by object or line. */
function indexSuppressions(suppressions: readonly Suppression[]): (finding: Finding) => readonly Suppression[] {
  const byCheck = group(suppressions);
  return (finding) =>
    (byCheck.get(finding.check) ?? []).filter(({ covers }) =>
      'object' in covers ? covers.object === finding.object : isOnLine(finding, covers),
    );
}

function group(suppressions: readonly Suppression[]): ReadonlyMap<string, readonly Suppression[]> {
  const groups = new Map<string, Suppression[]>();
  for (const one of suppressions) {
    const list = groups.get(one.check);
    if (list === undefined) groups.set(one.check, [one]);
    else list.push(one);
  }
  return groups;
}

function isOnLine({ source }: Finding, covers: { file: string; first: number; last: number }): boolean {
  const { file, line } = source;
  return file === covers.file && line !== undefined && line >= covers.first && line <= covers.last;
}
