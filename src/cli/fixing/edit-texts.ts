// Adds to the fixes of a document what they are in the text of their files, for editors and code scanning.

import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Edit, Finding } from '../../engine/index.ts';
import type { EditDocument, FindingDocument, FixDocument } from '../../engine/questions/documents.ts';
import { openText, STDIN_FILE } from '../../manifests/index.ts';

/** Files beyond this size have none: each fix is proved by reading the whole file again. */
const MOST_BYTES = 256 * 1024;
/** Fixes of one file beyond this number have none, for the same reason. */
const MOST_FIXES = 200;

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
    if (finding?.fix === undefined || document.fix === undefined) return document;
    const { alternatives } = document;
    return {
      ...document,
      fix: write(document.fix, finding.fix.edits),
      ...(alternatives === undefined
        ? {}
        : { alternatives: alternatives.map((one, i) => write(one, finding.alternatives![i]!.edits)) }),
    };
  });
}

type Opened = { readonly edit: ReturnType<typeof openText>; left: number };

function writer(cwd: string): (fix: FixDocument, edits: readonly Edit[]) => FixDocument {
  const files = new Map<string, Opened | undefined>();
  const open = (file: string): Opened | undefined => {
    if (!files.has(file)) files.set(file, openFile(file, cwd));
    const opened = files.get(file);
    return opened !== undefined && opened.left-- > 0 ? opened : undefined;
  };
  return (fix, edits) => {
    const texts = edits.map((edit) => (edit.op === 'add-object' ? edit.beside : edit.object)?.file);
    const written = new Map<Edit, NonNullable<EditDocument['text']>>();
    for (const file of new Set(texts)) {
      const own = edits.filter((_, i) => texts[i] === file);
      const result = file === undefined ? undefined : open(file)?.edit(own);
      // A fix that can be written only in part is not written at all.
      if (result === undefined || 'refusal' in result) return fix;
      own.forEach((edit, i) => {
        written.set(
          edit,
          result.changes.flatMap((change) => (change.edit === i ? [change.document] : [])),
        );
      });
    }
    return { ...fix, edits: fix.edits.map((document, i) => ({ ...document, text: written.get(edits[i]!)! })) };
  };
}

function openFile(file: string, cwd: string): Opened | undefined {
  if (file === STDIN_FILE) return undefined;
  const path = resolve(cwd, file);
  try {
    if (statSync(path).size > MOST_BYTES) return undefined;
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    return { edit: openText(text, file), left: MOST_FIXES };
  } catch {
    // It was read a moment ago; where that fails now, the fixes are there by structure all the same.
    return undefined;
  }
}
