// Documentation that runs: every ```console block is executed by the built program, every YAML and JSON block parses,
// every relative link leads somewhere. Needs a build.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import * as blocks from '../support/console-block.ts';
import { ROOT } from '../support/shared.ts';
import { documents as findDocuments } from '../support/source-files.ts';

const documents = findDocuments();
const all = documents.flatMap(({ path, text }) =>
  blocks.fencedBlocks(text).map((block) => ({ path, ...block, place: `${path}:${block.line}` })),
);
const consoles = all.filter(({ info }) => info.split(/\s+/)[0] === 'console');

describe('the reader of examples', () => {
  it('finds blocks, commands and outputs', () => {
    const text =
      '1. a\n\n   ```console\n   $ netweir can a b\n   denied\n\n   $ echo $?\n   1\n   ```\n\n````md\n```console\n````\n';
    const found = blocks.fencedBlocks(text);
    expect(found.map(({ info, line }) => [info, line])).toEqual([
      ['console', 3],
      ['md', 11],
    ]);
    expect(blocks.examplesIn(found[0]?.text ?? '')).toEqual([
      { command: 'netweir can a b', expected: ['denied'] },
      { command: 'echo $?', expected: ['1'] },
    ]);
  });

  it('splits quotes and refuses what needs a shell', () => {
    expect(blocks.splitCommand(`netweir can 'a -> b' "{team=a}/{app=b}" c`)).toEqual([
      'netweir',
      'can',
      'a -> b',
      '{team=a}/{app=b}',
      'c',
    ]);
    for (const command of ['a | b', 'a > b', 'a; b', 'a $B', "a 'b"])
      expect(blocks.splitCommand(command)).toBeUndefined();
  });

  it.each([
    [['a', 'b', 'c'], ['a', '…', 'c'], true],
    [['a', 'c'], ['a', '…', 'c'], true],
    [['a', 'c', 'b', 'c'], ['a', '…', 'c'], true],
    [['a', 'b'], ['a', '…', 'c'], false],
    [['a', 'b', 'c'], ['a', 'b'], false],
    [['a', 'b'], ['b'], false],
    [['a', 'b', 'c'], ['…', 'b'], false],
    [['a'], ['…'], true],
    [[], [], true],
  ])('%j against %j is %s', (actual, expected, result) => {
    expect(blocks.matchesElided(actual, expected)).toBe(result);
  });
});

describe('documents', () => {
  it('are there', () => {
    expect(documents.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md']),
    );
  });

  it.each(consoles.filter(({ info }) => !info.includes('no-run')))('$place prints what it says', ({ text }) => {
    let code: number | null = 0;
    for (const { command, expected } of blocks.examplesIn(text)) {
      if (command === 'echo $?') {
        expect(expected, '$?').toEqual([String(code)]);
        continue;
      }
      const [program, ...args] = blocks.splitCommand(command) ?? [];
      expect(program, `cannot run "${command}": mark the block as console no-run`).toBe('netweir');
      const outcome = blocks.runBuilt(args);
      code = outcome.code;
      const actual = blocks.withoutBlankEnds(outcome.output.replaceAll('\r\n', '\n').split('\n'));
      // The comparison of arrays is for its message.
      if (!blocks.matchesElided(actual, expected)) expect(actual, command).toEqual(expected);
    }
  });

  it('hold commands only in console blocks', () => {
    const loose = all.filter(({ info, text }) => info.split(/\s+/)[0] !== 'console' && /^\$ netweir /m.test(text));
    expect(loose.map(({ place }) => place)).toEqual([]);
  });

  it('hold YAML and JSON that parses', () => {
    const broken = all.flatMap(({ info, text, place }) => {
      const language = info.split(/\s+/)[0];
      if (language !== 'yaml' && language !== 'json') return [];
      return parseAllDocuments(text).flatMap(({ errors }) => errors.map(({ message }) => `${place}: ${message}`));
    });
    expect(broken).toEqual([]);
  });

  it('link to what exists', () => {
    const dead = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?![a-z]+:|#)([^)\s#]+)(?:#[^)]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(join(ROOT, dirname(path), target)))
        .map((target) => `${path}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('spell kinds out: three of them would claim the same short name', () => {
    const short = documents.flatMap(({ path, text }) => (/\bc[n]p\b/i.test(text) ? [path] : []));
    expect(short).toEqual([]);
  });
});
