// Every file says what it is, every exported symbol says what it means. A text scan, not a parser.

import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../support/source-files.ts';

const files = [...sourceFiles('src'), ...sourceFiles('test/support'), ...sourceFiles('bench')];
const DECLARATION =
  /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|const|let|interface|type|class) (\w+)/;

/** Names of exported declarations without a doc comment right above; later overloads of a documented name are fine. */
function undocumented(text: string): readonly string[] {
  const lines = text.split('\n');
  const documented = new Set<string>();
  const bare: string[] = [];
  for (const [index, line] of lines.entries()) {
    const name = DECLARATION.exec(line)?.[1];
    if (name === undefined || documented.has(name)) continue;
    let start = index - 1;
    if (lines[start]?.trimEnd().endsWith('*/')) while (start > 0 && !lines[start]?.includes('/**')) start--;
    const words = lines.slice(Math.max(0, start), index).join(' ').match(/\w+/g)?.length ?? 0;
    if (lines[start]?.trimStart().startsWith('/**') && words >= 2) documented.add(name);
    else bare.push(name);
  }
  return bare;
}

describe('comments', () => {
  it('finds what is not documented', () => {
    const text =
      '/** What it does. */\nexport function a(x: 1): 1;\nexport function a(x: 2): 2;\n// no\nexport type B = 1;\n/** */\nexport const c = 1;\n';
    expect(undocumented(text)).toEqual(['B', 'c']);
  });

  it('every file starts with one to four lines about itself', () => {
    const silent = files.filter(({ text }) => {
      const lines = text.replace(/^#!.*\n/, '').split('\n');
      const end = lines.findIndex((line) => !line.startsWith('//'));
      return end < 1 || end > 4;
    });
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('every exported symbol has a sentence', () => {
    expect(files.flatMap(({ path, text }) => undocumented(text).map((name) => `${path}: ${name}`))).toEqual([]);
  });

  it('exports are named, and written out', () => {
    const loose = sourceFiles('src').filter(({ text }) => /^export (default|\*)/m.test(text));
    expect(loose.map(({ path }) => path)).toEqual([]);
  });

  it('nothing silences the compiler or the linter, and nothing is left for later', () => {
    // Brackets keep this file from finding itself.
    const words = /@ts-[i]gnore|@ts-[e]xpect-error|@ts-[n]ocheck|biome-[i]gnore|\b(TO[D]O|FIX[M]E|XX[X])\b/;
    const all = ['src', 'test', 'bench', 'scripts'].flatMap((folder) => sourceFiles(folder, { tests: true }));
    const found = all.flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (words.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });

  it('no test is switched off in place', () => {
    const off = /\b(it|test|describe)\.(only|todo|skip|fails)\b/;
    const all = ['src', 'test', 'bench'].flatMap((folder) => sourceFiles(folder, { tests: true }));
    expect(
      all.filter(({ path, text }) => path !== 'test/meta/comments.test.ts' && off.test(text)).map(({ path }) => path),
    ).toEqual([]);
  });
});
