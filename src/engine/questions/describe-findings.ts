// Findings and their fixes as documents have them.

import type { JudgedFinding } from '../checks/judging/judge-findings.ts';
import type { Edit, Fix } from '../model/edit.ts';
import type { Finding } from '../model/finding.ts';
import type { Source } from '../model/source.ts';
import { printPath } from '../model/source.ts';
import type { EditDocument, FindingDocument, FixDocument } from './documents.ts';

/** Findings as documents have them, by file, line and check. */
export function describeFindings(findings: readonly Finding[]): FindingDocument[] {
  return findings.map(describeFinding).sort(compareFindings);
}

/** Judged findings as documents have them, in the same order. */
export function describeJudged(judged: readonly JudgedFinding[]): FindingDocument[] {
  return judged
    .map(({ finding, suppressed, known }) => {
      const described = describeFinding(finding);
      if (suppressed === undefined && known === undefined) return described;
      return {
        ...described,
        ...(suppressed === undefined ? {} : { suppressed }),
        ...(known === undefined ? {} : { known }),
      };
    })
    .sort(compareFindings);
}

/** One finding, without what suppressions and baselines say of it. */
export function describeFinding(finding: Finding): FindingDocument {
  const { check, severity, rejectedByApi, message, hint, policy, source, cause: _, object: __, ...more } = finding;
  const { end, ...place } = source;
  const { related, fix, alternatives, ...plain } = more;
  return {
    check,
    severity,
    rejectedByApi,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(policy === undefined ? {} : { policy }),
    source: place,
    ...(end === undefined ? {} : { end }),
    ...plain,
    ...(related === undefined
      ? {}
      : { related: related.map((one) => ({ source: withoutEnd(one.source), message: one.message })) }),
    ...(fix === undefined ? {} : { fix: describeFix(fix) }),
    ...(alternatives === undefined ? {} : { alternatives: alternatives.map(describeFix) }),
  };
}

/** A fix as documents have it. */
export function describeFix({ title, announced, safe, edits }: Fix): FixDocument {
  return { title, announced, safe, edits: edits.map(describeEdit) };
}

/** One edit as documents have it; its place is that of the object as read, its path names the field even if it is new. */
export function describeEdit(edit: Edit): EditDocument {
  switch (edit.op) {
    case 'add-object': {
      const file = edit.beside?.file;
      return { source: { ...(file === undefined ? {} : { file }), path: '' }, add: edit.value };
    }
    case 'remove-object':
      return { source: withoutEnd(edit.object.locate([])), removeObject: true };
    default: {
      const source: Source = { ...withoutEnd(edit.object.locate(edit.path)), path: printPath(edit.path) };
      if (edit.op === 'insert') return { source, insert: edit.value };
      if (edit.op === 'set') return { source, set: edit.value };
      return edit.op === 'remove' ? { source, remove: true } : { source, rename: edit.key };
    }
  }
}

function withoutEnd({ end: _, ...place }: Source): Source {
  return place;
}

function compareFindings(a: FindingDocument, b: FindingDocument): number {
  return (
    compare(a.source.file ?? '', b.source.file ?? '') ||
    (a.source.line ?? 0) - (b.source.line ?? 0) ||
    (a.source.column ?? 0) - (b.source.column ?? 0) ||
    compare(a.check, b.check) ||
    compare(a.message, b.message)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
