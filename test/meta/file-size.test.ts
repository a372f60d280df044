// Files stay small enough to read in one go.

import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../support/source-files.ts';

/** Tables of facts, one row a line: as long as the facts are. Each entry must exist and be over the limit. */
const TABLES: readonly string[] = ['test/support/sample-documents.ts'];

const lines = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
const everything = ['src', 'test', 'bench', 'scripts'].flatMap((folder) => sourceFiles(folder, { tests: true }));
const code = sourceFiles('src').filter(({ path }) => !TABLES.includes(path));
const sizes = code.map(({ text }) => lines(text)).sort((a, b) => a - b);
const quantile = (share: number): number => sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))] ?? 0;

describe('file size', () => {
  it('no file is longer than 400 lines', () => {
    const long = everything.filter(({ path, text }) => lines(text) > 400 && !TABLES.includes(path));
    expect(long.map(({ path, text }) => `${path}: ${lines(text)}`)).toEqual([]);
  });

  it('half of the files have at most 140 lines, nine in ten at most 300', () => {
    expect(sizes.length).toBeGreaterThan(10);
    expect(quantile(0.5)).toBeLessThanOrEqual(140);
    expect(quantile(0.9)).toBeLessThanOrEqual(300);
  });

  it('the list of tables holds nothing that could be left out', () => {
    const needed = everything.filter(({ text }) => lines(text) > 400).map(({ path }) => path);
    expect(TABLES.filter((path) => !needed.includes(path))).toEqual([]);
  });
});
