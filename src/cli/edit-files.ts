// Structural edits to new contents of files: which edits belong to which file, and its bytes to text and back. Reads
// files, writes none.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Edit } from '../engine/model/edit.ts';
import type { TextEditDocument } from '../engine/questions/documents.ts';
import { decodeForEditing, type EditedText, openText, type Proof, type Refusal } from '../manifests/index.ts';
import { unwritable } from '../manifests/operand.ts';
import type { FileChange } from './write-files.ts';

/** A file with its edits written into it; `after` is there. */
export interface EditedFile extends FileChange {
  readonly after: Uint8Array;
  /** The same as text, for a diff. */
  readonly text: { readonly before: string; readonly after: string };
  /** True where no document is left in it: it may be better to remove it. */
  readonly isEmpty: boolean;
}

/** What became of edits. */
export interface EditedFiles {
  /** In order of their names; files of which some edit was refused are left out whole. */
  readonly files: readonly EditedFile[];
  /** Why edits cannot be written, one for each file (or for all edits without one). Empty: all of them can be. */
  readonly refusals: readonly (Refusal & { readonly file?: string })[];
  /** By index of the edit: its changes of text. Empty for edits that are refused, or written together with another one. */
  readonly texts: readonly (readonly TextEditDocument[])[];
  /** Characters that were parsed for it: what asking once more costs. */
  readonly parsed: number;
}

/**
 * Opens files for editing as edits need them; each is read and parsed once. What the function returns starts from the
 * files as they were then, however often it is called; what is to be written needs the proof `file`. `cwd` is what names of
 * files are relative to. Throws RangeError as applyEdits does.
 */
export function openFiles(cwd: string): (edits: readonly Edit[], proof?: Proof) => EditedFiles {
  const opened = new Map<string, OpenFile | Refusal>();
  const open = (file: string): OpenFile | Refusal => {
    const known = opened.get(file) ?? readFile(cwd, file);
    opened.set(file, known);
    return known;
  };
  return (edits, proof = 'file') => {
    const files: EditedFile[] = [];
    const refusals: (Refusal & { file?: string })[] = [];
    const texts: (readonly TextEditDocument[])[] = edits.map(() => []);
    let parsed = 0;
    for (const [file, indexes] of groupByFile(edits)) {
      const source = file === undefined ? NO_FILE : open(file);
      const result =
        'reason' in source
          ? { refusal: source }
          : source.write(
              indexes.map((index) => edits[index]!),
              proof,
            );
      if ('refusal' in result || 'reason' in source) {
        if ('refusal' in result) refusals.push({ ...result.refusal, ...(file === undefined ? {} : { file }) });
        continue;
      }
      const { path, before, text, encode } = source;
      parsed += result.parsed;
      const after = { before: text, after: result.text };
      files.push({ path, file: file!, before, after: encode(result.text), text: after, isEmpty: result.isEmpty });
      for (const [place, index] of indexes.entries()) {
        texts[index] = result.changes.flatMap(({ edit, document }) => (edit === place ? [document] : []));
      }
    }
    return { files, refusals, texts, parsed };
  };
}

/** A file that can be edited. */
interface OpenFile {
  readonly path: string;
  readonly before: Uint8Array;
  readonly text: string;
  readonly encode: (text: string) => Uint8Array;
  readonly write: (edits: readonly Edit[], proof: Proof) => EditedText;
}

const NO_FILE: Refusal = { reason: 'no-file', message: 'the object does not come from a file' };

function readFile(cwd: string, file: string): OpenFile | Refusal {
  const what = unwritable(file);
  if (what !== undefined) {
    return { reason: 'no-file', message: `${what} cannot be changed`, hint: 'name a file with -f' };
  }
  const path = resolve(cwd, file);
  let before: Uint8Array;
  try {
    before = readFileSync(path);
  } catch {
    return { reason: 'no-file', message: 'the file can no longer be read', hint: 'run the command again' };
  }
  const decoded = decodeForEditing(before);
  if ('reason' in decoded) return { reason: 'no-file', message: `the file cannot be written back: ${decoded.reason}` };
  return { path, before, ...decoded, write: openText(decoded.text, file) };
}

/** Indexes of edits by the file of their object, in order of its name; undefined for objects without a file. */
function groupByFile(edits: readonly Edit[]): readonly (readonly [string | undefined, readonly number[]])[] {
  const groups = new Map<string | undefined, number[]>();
  for (const [index, edit] of edits.entries()) {
    const file = (edit.op === 'add-object' ? edit.beside : edit.object)?.file;
    const group = groups.get(file);
    if (group === undefined) groups.set(file, [index]);
    else group.push(index);
  }
  return [...groups].sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0));
}
