// Adds to the fixes and changes of a document what they are in the text of their files, for editors and code scanning.

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Edit, Finding } from '../../engine/index.ts';
import type { ChangeDocument, EditDocument, FindingDocument } from '../../engine/questions/documents.ts';
import { openFiles } from '../edit-files.ts';

/** Files beyond this size have none: the whole file is read again for them. */
const MOST_BYTES = 256 * 1024;
/** Fixes of one file beyond this number have none: each is proved by reading its objects again. */
const MOST_FIXES = 1000;
/** Characters of one file beyond which no more are parsed: an object that comes into a List, or goes, costs all of the List. */
const MOST_PARSED = 8 * 1024 * 1024;

/** The findings with `text` in the edits of their fixes, where that can be said at a reasonable cost. */
export function withTexts(
  documents: readonly FindingDocument[],
  findings: readonly Finding[],
  cwd: string,
): FindingDocument[] {
  const byPrint = new Map(findings.map((finding) => [finding.fingerprint, finding]));
  const write = writer(cwd);
  return documents.map((document) => {
    const finding = byPrint.get(document.fingerprint);
    const { fix, alternatives } = document;
    return {
      ...document,
      ...(fix === undefined ? {} : { fix: write(fix, finding!.fix!.edits) }),
      ...(alternatives === undefined
        ? {}
        : { alternatives: alternatives.map((one, i) => write(one, finding!.alternatives![i]!.edits)) }),
    };
  });
}

/** The changes of an answer with `text` in their edits, where that can be said at a reasonable cost. */
export function withChangeTexts(
  changes: readonly ChangeDocument[],
  edits: readonly (readonly Edit[])[],
  cwd: string,
): ChangeDocument[] {
  const write = writer(cwd);
  return changes.map((change, i) => write(change, edits[i]!));
}

/** What is written as edits. */
type Editing = { readonly edits: EditDocument[] };

function writer(cwd: string): <T extends Editing>(fix: T, edits: readonly Edit[]) => T {
  const edited = openFiles(cwd);
  const left = new Map<string, { fixes: number; characters: number }>();
  const leftOf = (file: string): { fixes: number; characters: number } => {
    const known = left.get(file) ?? {
      fixes: sizeOf(file, cwd) <= MOST_BYTES ? MOST_FIXES : 0,
      characters: MOST_PARSED,
    };
    left.set(file, known);
    return known;
  };
  return (fix, edits) => {
    const files = new Set(edits.map((edit) => (edit.op === 'add-object' ? edit.beside : edit.object)?.file ?? ''));
    const costs = [...files].map(leftOf);
    if (costs.some(({ fixes, characters }) => fixes <= 0 || characters <= 0)) return fix;
    const { texts, refusals, parsed } = edited(edits, 'object');
    for (const cost of costs) {
      cost.fixes--;
      cost.characters -= parsed;
    }
    // A fix that can be written only in part is not written at all.
    if (refusals.length > 0) return fix;
    return { ...fix, edits: fix.edits.map((document, i) => ({ ...document, text: [...texts[i]!] })) };
  };
}

/** Infinite where there is no such file, as for standard input. */
function sizeOf(file: string, cwd: string): number {
  const stats = statSync(resolve(cwd, file), { throwIfNoEntry: false });
  return stats?.isFile() === true ? stats.size : Number.POSITIVE_INFINITY;
}
