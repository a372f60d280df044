// The project's own files as text, for the tests that look at the repository itself.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { ROOT } from './shared.ts';

/** One file, `path` relative to the root and with forward slashes. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** One import of a source file: `to` is a path like {@link TextFile.path} for own files, else the bare specifier. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** True for `import type` and `export type`: gone at run time. */
  readonly isType: boolean;
}

/** All .ts files below a folder of the root, tests left out unless asked for; sorted. An absent folder has none. */
export function sourceFiles(folder: string, options: { readonly tests?: boolean } = {}): readonly TextFile[] {
  return filesBelow(folder)
    .filter((path) => path.endsWith('.ts') && (options.tests === true || !path.endsWith('.test.ts')))
    .map(readText);
}

/** What a user reads: the Markdown files of the root, of docs/ and of examples/; sorted. */
export function documents(): readonly TextFile[] {
  const top = readdirSync(ROOT).sort();
  return [...top, ...filesBelow('docs'), ...filesBelow('examples')]
    .filter((path) => path.endsWith('.md'))
    .map(readText);
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** A file of the repository with LF line ends. */
export function readText(path: string): TextFile {
  return { path, text: readFileSync(join(ROOT, path), 'utf8').replaceAll('\r\n', '\n') };
}

/** Every file that git would commit: tracked, or new and not ignored. Empty outside a git checkout. */
export function committedFiles(): readonly string[] {
  if (!existsSync(join(ROOT, '.git'))) return [];
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  const paths = new Set(list.toString().split('\0'));
  return [...paths]
    .filter((path) => path !== '' && statSync(join(ROOT, path), { throwIfNoEntry: false })?.isFile())
    .sort();
}

/** All static and dynamic imports and re-exports of a file, type-only ones included. */
export function importsOf(file: TextFile): readonly Import[] {
  const code = withoutComments(file.text);
  const statements = /^\s*(?:import|export)\b[^'"`;=]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]/gm;
  const calls = /\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g;
  const found = [...code.matchAll(statements), ...code.matchAll(calls)];
  return found.map((match) => {
    const specifier = match[1] ?? match[2] ?? '';
    const to = specifier.startsWith('.') ? posix.join(dirname(file.path), specifier) : specifier;
    return { from: file.path, to, isType: /^\s*(?:import|export)\s+type\b/.test(match[0]) };
  });
}

/** The text with comments blanked out; good enough for imports, not a parser (a string holding `//` is cut). */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
