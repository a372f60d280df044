// The texts of the files that -f named, open for edits: each is read once, changed in memory, and written at the end.
// Knows how edits are written into text only through src/manifests.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Edit, LoadInput, ManifestObject } from '../../engine/index.ts';
import { applyEdits } from '../../engine/index.ts';
import type { IgnoreComment } from '../../engine/model/suppression.ts';
import { openText, readText, STDIN_FILE } from '../../manifests/index.ts';

/** One file that changed. Contents as they were read and as they are to be. */
export interface ChangedFile {
  /** As sources name it. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Files in memory. */
export interface TextFiles {
  /** What reading would give after the edits, or why they cannot be written. Nothing changes before `keep`. */
  try(edits: readonly Edit[]): { readonly input: LoadInput; keep(): void } | { readonly why: string };
  /** Files that differ from what was read, by name. */
  changed(): readonly ChangedFile[];
  /** Comments that suppress, where they stand now. */
  ignores(): readonly IgnoreComment[];
}

/** Opens the files of an input; relative names start at `cwd`. */
export function openFiles(input: LoadInput, ignores: readonly IgnoreComment[], cwd: string): TextFiles {
  let current = input;
  let comments = ignores;
  const before = new Map<string, string>();
  const now = new Map<string, string>();
  const textOf = (file: string): string => {
    const known = now.get(file);
    if (known !== undefined) return known;
    // With its byte-order mark, which is written back.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(resolve(cwd, file)));
    before.set(file, text);
    now.set(file, text);
    return text;
  };
  return {
    try(edits) {
      const byFile = groupByFile(edits);
      if (typeof byFile === 'string') return { why: byFile };
      const texts = new Map<string, string>();
      for (const [file, own] of byFile) {
        const result = tryFile(() => textOf(file), file, own);
        if ('why' in result) return result;
        texts.set(file, result.text);
      }
      const next = reread(current, edits, texts);
      return {
        input: next,
        keep() {
          for (const [file, text] of texts) now.set(file, text);
          current = next;
          comments = [
            ...comments.filter(({ file }) => !texts.has(file)),
            ...[...texts].flatMap(([file, text]) => readText(text, file).ignores),
          ];
        },
      };
    },
    ignores: () => comments,
    changed: () =>
      [...now.keys()]
        .sort()
        .filter((file) => now.get(file) !== before.get(file))
        .map((file) => ({
          file,
          path: resolve(cwd, file),
          before: before.get(file)!,
          after: now.get(file)!,
        })),
  };
}

function tryFile(read: () => string, file: string, edits: readonly Edit[]): { text: string } | { why: string } {
  let text: string;
  try {
    text = read();
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { why: `${file} cannot be changed: ${what}` };
  }
  const result = openText(text, file)(edits);
  return 'refusal' in result ? { why: `${file}: ${result.refusal.message}` } : { text: result.text };
}

/** Edits by the file that they change; a text is why there is none. */
function groupByFile(edits: readonly Edit[]): ReadonlyMap<string, Edit[]> | string {
  const groups = new Map<string, Edit[]>();
  for (const edit of edits) {
    const file = (edit.op === 'add-object' ? edit.beside : edit.object)?.file;
    if (file === undefined || file === STDIN_FILE)
      return 'what came from standard input or a cluster cannot be changed';
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
