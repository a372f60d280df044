// The files that -f named, open for edits in rounds: each is read once, changed in memory, read again from there before the
// next round. Writes nothing.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { applyEdits, type Edit, type LoadInput, type ManifestObject } from '../../engine/index.ts';
import type { IgnoreComment } from '../../engine/model/suppression.ts';
import { decodeForEditing, openText, readText } from '../../manifests/index.ts';
import { STDIN_FILE, unwritable } from '../../manifests/operand.ts';
import type { FileChange } from '../write-files.ts';

/** A file that changed, as bytes to write and as text for a patch. */
export interface DraftFile extends FileChange {
  readonly text: { readonly before: string; readonly after: string };
}

/** Files in memory. */
export interface FileDrafts {
  /** What reading would give after the edits, or why they cannot be written. Nothing changes before `keep`. */
  try(edits: readonly Edit[]): { readonly input: LoadInput; keep(): void } | { readonly why: string };
  /** Files that differ from what was read, by name. */
  changed(): readonly DraftFile[];
  /** Comments that suppress, where they stand now. */
  ignores(): readonly IgnoreComment[];
}

interface OpenFile {
  readonly bytes: Uint8Array;
  readonly before: string;
  readonly encode: (text: string) => Uint8Array;
  now: string;
}

/**
 * Opens the files of an input; relative names start at `cwd`. `piped` is what standard input held, for a patch of it; without
 * it nothing of standard input can be changed.
 */
export function draftFiles(
  input: LoadInput,
  ignores: readonly IgnoreComment[],
  cwd: string,
  piped?: Uint8Array,
): FileDrafts {
  let current = input;
  let comments = ignores;
  const files = new Map<string, OpenFile>();
  const open = (file: string): OpenFile | { readonly why: string } => {
    const known = files.get(file);
    if (known !== undefined) return known;
    const opened = openFile(file, cwd, file === STDIN_FILE ? piped : undefined);
    if (!('why' in opened)) files.set(file, opened);
    return opened;
  };
  return {
    try(edits) {
      const byFile = groupByFile(edits, piped !== undefined);
      if (typeof byFile === 'string') return { why: byFile };
      const texts = new Map<string, string>();
      for (const [file, own] of byFile) {
        const opened = open(file);
        if ('why' in opened) return opened;
        const result = openText(opened.now, file)(own);
        if ('refusal' in result) return { why: `${file}: ${result.refusal.message}` };
        texts.set(file, result.text);
      }
      const next = reread(current, edits, texts);
      return {
        input: next,
        keep() {
          for (const [file, text] of texts) files.get(file)!.now = text;
          current = next;
          comments = [
            ...comments.filter(({ file }) => !texts.has(file)),
            ...[...texts].flatMap(([file, text]) => readText(text, file).ignores),
          ];
        },
      };
    },
    changed: () =>
      [...files]
        .filter(([, { before, now }]) => before !== now)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([file, { bytes, before, now, encode }]) => ({
          path: resolve(cwd, file),
          file,
          before: bytes,
          after: encode(now),
          text: { before, after: now },
        })),
    ignores: () => comments,
  };
}

function openFile(file: string, cwd: string, piped: Uint8Array | undefined): OpenFile | { readonly why: string } {
  let bytes: Uint8Array;
  try {
    bytes = piped ?? readFileSync(resolve(cwd, file));
  } catch {
    return { why: `${file} can no longer be read` };
  }
  const decoded = decodeForEditing(bytes);
  if ('reason' in decoded) return { why: `${file} cannot be written back: ${decoded.reason}` };
  return { bytes, before: decoded.text, encode: decoded.encode, now: decoded.text };
}

/** Edits by the file that they change; a text is why there is none. */
function groupByFile(edits: readonly Edit[], isPiped: boolean): ReadonlyMap<string, Edit[]> | string {
  const groups = new Map<string, Edit[]>();
  for (const edit of edits) {
    if (edit.op === 'add-object' && edit.beside === undefined) return 'no file is there that a new object belongs to';
    const file = (edit.op === 'add-object' ? edit.beside! : edit.object).file;
    const isStdin = file === STDIN_FILE;
    const what = file === undefined ? 'a cluster' : isStdin && isPiped ? undefined : unwritable(file);
    if (isStdin && !isPiped) return 'standard input cannot be changed; --dry-run prints the patch';
    if (file === undefined || what !== undefined) return `${what} cannot be changed`;
    const group = groups.get(file);
    if (group === undefined) groups.set(file, [edit]);
    else group.push(edit);
  }
  return groups;
}

/** The input with the objects and findings of changed files read again; those of the others stay. */
function reread(input: LoadInput, edits: readonly Edit[], texts: ReadonlyMap<string, string>): LoadInput {
  const read = new Map([...texts].map(([file, text]) => [file, readText(text, file)]));
  const isOld = ({ source }: { readonly source: { readonly file?: string } }) => texts.has(source.file ?? '');
  // Objects that edits remove may be the only ones of their file: its place among the others is kept all the same.
  const placed = applyEdits(
    input.objects,
    edits.filter(({ op }) => op !== 'remove-object'),
  );
  const seen = new Set<string>();
  const objects = placed.flatMap((object): readonly ManifestObject[] => {
    const fresh = read.get(object.file ?? '');
    if (fresh === undefined) return [object];
    if (seen.has(object.file!)) return [];
    seen.add(object.file!);
    return fresh.objects;
  });
  return {
    ...input,
    objects,
    findings: [
      ...(input.findings ?? []).filter((one) => !isOld(one)),
      ...[...read.values()].flatMap(({ findings }) => findings),
    ],
    gaps: [
      ...(input.gaps ?? []).filter(({ file }) => !texts.has(file ?? '')),
      ...[...read.values()].flatMap(({ gaps }) => gaps),
    ],
  };
}
