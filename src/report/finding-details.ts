// What stands below a finding wherever people read it: effect, example, hint, fixes, related places. Knows no layout.

import type { FindingDocument, FixDocument } from '../engine/questions/documents.ts';
import { placeText } from './place-text.ts';
import { policyText } from './ports-text.ts';
import { printable } from './printable.ts';

/** The policy that a finding is about, with its kind, as `NetworkPolicy shop/db`; empty text where it is about none. */
export function findingPolicyText({ policy }: FindingDocument): string {
  if (policy === undefined) return '';
  return `${policy.kind === 'NetworkPolicy' ? 'NetworkPolicy ' : ''}${policyText(policy)}`;
}

/**
 * What becomes of an object that the API server rejects, in parentheses behind the message; empty where it takes it. Text
 * that is no YAML or JSON is no object yet, and no server sees it.
 */
export function fateText({ rejectedByApi, check }: Pick<FindingDocument, 'rejectedByApi' | 'check'>): string {
  if (!rejectedByApi) return '';
  if (check === 'malformed-yaml' || check === 'malformed-json') return ' (the document is not read)';
  return ' (the API server rejects it: it counts as absent)';
}

/** By file, line, column, check and message; live objects, which have no file, by the name of their policy first. */
export function sortFindings(findings: readonly FindingDocument[]): FindingDocument[] {
  const keys = new Map(
    findings.map((finding) => [
      finding,
      [
        finding.source.file ?? '',
        finding.policy === undefined ? '' : policyText(finding.policy),
        finding.source.line ?? 0,
        finding.source.column ?? 0,
        finding.check,
        finding.message,
      ] as const,
    ]),
  );
  return [...findings].sort((a, b) => {
    const [left, right] = [keys.get(a) ?? [], keys.get(b) ?? []];
    // Within one file the order of the lines counts, not that of the policies.
    const columns = a.source.file === undefined || a.source.file !== b.source.file ? [0, 1, 2, 3, 4, 5] : [2, 3, 4, 5];
    for (const at of columns) {
      const [one, other] = [left[at] ?? '', right[at] ?? ''];
      if (one !== other) return one < other ? -1 : 1;
    }
    return 0;
  });
}

/** Findings that count, and those that were judged before; a suppressed one is not listed as known too. */
export interface SplitFindings {
  readonly active: readonly FindingDocument[];
  readonly suppressed: readonly FindingDocument[];
  readonly known: readonly FindingDocument[];
}

/** Splits findings, each list in the order given. */
export function splitFindings(findings: readonly FindingDocument[]): SplitFindings {
  const suppressed = findings.filter((finding) => finding.suppressed !== undefined);
  const rest = findings.filter((finding) => finding.suppressed === undefined);
  return {
    active: rest.filter(({ known }) => known !== true),
    suppressed,
    known: rest.filter(({ known }) => known === true),
  };
}

/** One line each, safe to print, without line breaks: `effect: …`, `example: …`, `hint: …`, `fix: …`, `see: …`. Empty: nothing to add. */
export function findingDetails(finding: FindingDocument): string[] {
  const { effect, example, hint, fix, alternatives = [], related = [] } = finding;
  return [
    ...(effect === undefined ? [] : [`effect: ${printable(effect)}`]),
    ...(example === undefined ? [] : [`example: ${printable(example)}`]),
    ...(hint === undefined ? [] : [`hint: ${printable(hint)}`]),
    ...(fix === undefined ? [] : [`fix: ${fixText(fix)}`]),
    ...alternatives.map((each) => `${fix === undefined ? 'fix' : 'or'}: ${fixText(each)}`),
    ...related.map(({ source, message }) => `see: ${[placeText(source, true), printable(message)].join(' ').trim()}`),
  ];
}

/** What a fix does and which flags apply it. */
function fixText({ title, safe }: FixDocument): string {
  return `${printable(title)} (${safe ? 'safe: --fix' : 'suggestion: --fix --suggested'})`;
}
