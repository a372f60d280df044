// What `import 'netweir'` gives: every entry of the exports map exists in dist/, imports in plain Node, has declarations
// that a stranger's compiler accepts, and names exactly what public-names.txt lists. Needs a build.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/shared.ts';
import { readText } from '../support/source-files.ts';

interface Entry {
  readonly types: string;
  readonly default: string;
}

const manifest: { exports: Record<string, Entry | string>; bin: Record<string, string>; files: readonly string[] } =
  JSON.parse(readText('package.json').text);
const entries = Object.entries(manifest.exports).flatMap(([name, entry]) =>
  typeof entry === 'string' ? [] : [{ specifier: name.replace(/^\./, 'netweir'), ...entry }],
);

/** Names in the export lists and declarations of an entry point's source: `name` or `type Name`, sorted. */
function exportedNames(source: string): readonly string[] {
  const names: string[] = [];
  for (const [, isType, list = ''] of source.matchAll(/^export (type )?\{([^}]*)\}/gm)) {
    for (const item of list
      .replace(/\/\/.*$/gm, '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)) {
      const name =
        item
          .split(/\s+as\s+/)
          .at(-1)
          ?.replace(/^type\s+/, '') ?? item;
      names.push(isType !== undefined || item.startsWith('type ') ? `type ${name}` : name);
    }
  }
  for (const [, kind, name] of source.matchAll(/^export (?:async )?(function|const|interface|type) (\w+)/gm)) {
    names.push(kind === 'interface' || kind === 'type' ? `type ${name}` : `${name}`);
  }
  return names.sort();
}

/** Runs a program of Node's in the root and returns what it printed; fails the test with its output if it fails. */
function run(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect(status, `${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

const sourceOf = (entry: Entry): string => entry.types.replace('./dist/', 'src/').replace('.d.ts', '.ts');

describe('exports map', () => {
  it.each(entries)('$specifier is built and published', (entry) => {
    for (const path of [entry.types, entry.default]) {
      expect(existsSync(join(ROOT, path)), `${path} does not exist: run npm run build`).toBe(true);
      expect(manifest.files.some((folder) => path.startsWith(`./${folder}/`))).toBe(true);
    }
  });

  it.each(entries)('$specifier imports in plain Node and has named exports only', ({ specifier, ...entry }) => {
    const code = `console.log(JSON.stringify(Object.keys(await import('${specifier}'))))`;
    const names: string[] = JSON.parse(run('--input-type=module', '--eval', code));
    expect(names).not.toContain('default');
    const values = exportedNames(readText(sourceOf(entry)).text).filter((name) => !name.startsWith('type '));
    expect(names.sort()).toEqual(values);
  });

  it('names what public-names.txt lists', async () => {
    const list = entries.map(
      (entry) => `# ${entry.specifier}\n${exportedNames(readText(sourceOf(entry)).text).join('\n')}\n`,
    );
    await expect(list.join('\n')).toMatchFileSnapshot('public-names.txt');
  });

  it('has declarations that compile without Node, DOM or skipLibCheck', () => {
    const folder = join(ROOT, 'dist', '.build', 'consumer');
    mkdirSync(folder, { recursive: true });
    const options = { module: 'nodenext', target: 'es2023', lib: ['es2023'], types: [], strict: true, noEmit: true };
    for (const [index, { specifier }] of entries.entries()) {
      writeFileSync(
        join(folder, `consumer-${index}.mts`),
        `import * as entry from '${specifier}';\nexport const all: object = entry;\n`,
      );
    }
    const pure = entries.flatMap(({ specifier }, index) =>
      ['netweir', 'netweir/unstable'].includes(specifier) ? [`consumer-${index}.mts`] : [],
    );
    const all = entries.map((_, index) => `consumer-${index}.mts`);
    const projects = [
      { name: 'engine.json', files: pure, compilerOptions: options },
      { name: 'all.json', files: all, compilerOptions: { ...options, types: ['node'], skipLibCheck: true } },
    ];
    for (const { name, ...project } of projects) {
      writeFileSync(join(folder, name), JSON.stringify(project));
      run('node_modules/typescript/bin/tsc', '-p', join(folder, name));
    }
  });

  it('bundles the engine for a browser', async () => {
    const result = await build({
      entryPoints: [join(ROOT, 'dist/engine/index.js')],
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      logLevel: 'silent',
    });
    expect(result.warnings).toEqual([]);
    expect(result.outputFiles[0]?.text).not.toMatch(/\b(?:process|document|window)\.\w/);
  });

  it('names a program for each bin entry', () => {
    for (const path of new Set(Object.values(manifest.bin))) {
      expect(existsSync(join(ROOT, path)), `${path} does not exist`).toBe(true);
      expect(readText(path).text.startsWith('#!/usr/bin/env node\n')).toBe(true);
    }
  });
});
