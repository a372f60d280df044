// The table of docs/architecture.md: which folder may import which. Compiler and linter keep parts of it; this keeps all.

import { describe, expect, it } from 'vitest';
import { type Import, importsOf, sourceFiles } from '../support/source-files.ts';

/** Folders of src/, most specific first, and what each may import. */
const WALLS: readonly {
  readonly folder: string;
  readonly may: readonly string[];
  readonly packages: readonly string[];
}[] = [
  { folder: 'engine/sets', may: ['engine/sets', 'engine/model'], packages: [] },
  { folder: 'engine/model', may: ['engine/model', 'engine/sets'], packages: [] },
  { folder: 'engine', may: ['engine'], packages: [] },
  { folder: 'manifests', may: ['manifests', 'engine'], packages: ['node:', 'yaml'] },
  { folder: 'flows', may: ['flows', 'engine'], packages: ['node:'] },
  { folder: 'cluster', may: ['cluster', 'engine'], packages: ['node:'] },
  { folder: 'compiled-snapshot', may: ['compiled-snapshot', 'engine'], packages: ['node:'] },
  { folder: 'report', may: ['report', 'engine'], packages: ['node:'] },
  {
    folder: 'cli',
    may: ['cli', 'manifests', 'flows', 'cluster', 'compiled-snapshot', 'report', 'engine'],
    packages: ['node:', 'commander', 'picocolors', 'yaml'],
  },
];

/** What several dialects read and write with; knows no dialect itself. policy-group: both generations of policy.networking.k8s.io. */
const SHARED_BY_DIALECTS = ['engine/dialects/decoding', 'engine/dialects/writing', 'engine/dialects/policy-group'];

const files = sourceFiles('src');
const imports = files
  .flatMap(importsOf)
  .map(({ from, to, isType }) => ({ from: from.slice('src/'.length), to: to.replace(/^src\//, ''), isType }));
const isIn = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);
const print = ({ from, to }: Import): string => `${from} -> ${to}`;

describe('layers', () => {
  it('reads imports of every form', () => {
    const text = [
      "import type { A } from './a.ts';",
      'import {',
      '  b,',
      "} from '../b.ts';",
      "export * from './c.ts';",
      "import './d.ts';",
      "const e = await import('./e.ts');",
      "// import f from './f.ts';",
      "export const g = 'from';",
      "import yaml from 'yaml';",
    ].join('\n');
    const found = importsOf({ path: 'src/x/y.ts', text }).map(({ to }) => to);
    expect(found.sort()).toEqual(['src/b.ts', 'src/x/a.ts', 'src/x/c.ts', 'src/x/d.ts', 'src/x/e.ts', 'yaml']);
  });

  it('every file of src stands in a known layer', () => {
    const strangers = files
      .map(({ path }) => path.slice('src/'.length))
      .filter((path) => !WALLS.some(({ folder }) => isIn(path, folder)));
    expect(strangers).toEqual([]);
    expect(files.length).toBeGreaterThan(10);
  });

  it('own files are imported with their extension', () => {
    expect(
      imports.filter(({ to }) => to.includes('/') && !to.includes(':') && !/\.(ts|json)$/.test(to)).map(print),
    ).toEqual([]);
  });

  it.each(WALLS)('$folder imports only what it may', ({ folder, may, packages }) => {
    const mine = imports.filter(({ from }) => WALLS.find((wall) => isIn(from, wall.folder))?.folder === folder);
    const wrong = mine.filter(({ to }) =>
      to.endsWith('.ts')
        ? !may.some((place) => isIn(to, place))
        : !packages.some((name) => to === name || (name.endsWith(':') && to.startsWith(name))),
    );
    expect(wrong.map(print)).toEqual([]);
  });

  it('a dialect imports the model, the sets and decoding, never another dialect or the registry', () => {
    const wrong = imports.filter(({ from, to }) => {
      const dialect = /^engine\/dialects\/[^/]+(?=\/)/.exec(from)?.[0];
      if (dialect === undefined) return false;
      const isBesideTheFolders = /^engine\/dialects\/(?!registry\.)[^/]+\.ts$/.test(to);
      const may = [dialect, ...SHARED_BY_DIALECTS, 'engine/model', 'engine/sets'];
      return !isBesideTheFolders && !may.some((place) => isIn(to, place));
    });
    expect(wrong.map(print)).toEqual([]);
  });

  it('the two evaluators do not know each other', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        (isIn(from, 'engine/evaluate') && isIn(to, 'engine/compile')) ||
        (isIn(from, 'engine/compile') && isIn(to, 'engine/evaluate')),
    );
    expect(wrong.map(print)).toEqual([]);
  });

  it('no module is reached by a cycle', () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, isType } of imports)
      if (!isType && to.endsWith('.ts')) graph.set(from, [...(graph.get(from) ?? []), to]);
    expect(findCycle(graph)).toEqual([]);
  });
});

describe('names', () => {
  const all = ['src', 'test', 'bench', 'scripts'].flatMap((folder) => sourceFiles(folder, { tests: true }));

  it('are kebab-case', () => {
    const odd = all.filter(
      ({ path }) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?(\.d)?\.ts$/.test(path.split('/').at(-1) ?? ''),
    );
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it('say what is inside', () => {
    const empty = /(^|\/|-)(utils?|helpers?|common|managers?|misc)(-|\/|\.|$)/;
    expect(all.map(({ path }) => path).filter((path) => empty.test(path))).toEqual([]);
  });
});

/** A cycle as the list of its files, empty if there is none. Iterative: import chains are long. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  for (const start of [...graph.keys()].sort()) {
    const path: { readonly file: string; next: number }[] = [{ file: start, next: 0 }];
    const onPath = new Set([start]);
    while (path.length > 0) {
      const top = path[path.length - 1]!;
      const target = graph.get(top.file)?.[top.next++];
      if (target === undefined || done.has(top.file)) {
        done.add(top.file);
        onPath.delete(top.file);
        path.pop();
      } else if (onPath.has(target)) return [...path.map(({ file }) => file), target];
      else if (!done.has(target)) {
        path.push({ file: target, next: 0 });
        onPath.add(target);
      }
    }
  }
  return [];
}
