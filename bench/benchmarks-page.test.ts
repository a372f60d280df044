// The page of results: targets beside figures, and why there is none.

import { describe, expect, it } from 'vitest';
import { benchmarksPage } from './benchmarks-page.ts';
import type { Figure } from './measure-size.ts';
import type { ItemResult, Results } from './results.ts';
import type { Target } from './targets.ts';

const FIGURE: Figure = {
  failures: [],
  runs: 5,
  time: { min: 300, median: 310, max: 400 },
  cold: 400,
  cpu: 350,
  reference: { min: 150, median: 150, max: 150 },
  memory: 250.4,
  inputs: 99.6,
  rate: 2_000_000,
};

const ITEM: ItemResult = {
  id: 'P4',
  title: 'all pairs',
  reference: 'JSON.parse',
  date: '2026-01-31',
  load: 1.25,
  exponent: 1.049,
  sizes: [
    { text: '4 pods', amount: 1, size: {}, figure: FIGURE },
    { text: '16 pods', amount: 4, size: {}, figure: FIGURE },
  ],
};

function page(target: Partial<Target>, item: Partial<ItemResult> = {}): string[] {
  const machine: Results['machine'] = { cpus: 2, model: 'a processor', node: 'v20.1.0' };
  const wanted: Target = { id: 'P4', work: 'all pairs', item: 'P4', of: 'time', limit: 250, ...target };
  return benchmarksPage({ machine, results: [{ ...ITEM, ...item }] }, [wanted]).split('\n');
}

const rowOf = (lines: readonly string[]) => lines.find((line) => line.startsWith('| P4 | all pairs'));

describe('benchmarksPage', () => {
  it.each<[string, Partial<Target>, string]>([
    ['a time that is too long', {}, '≤ 250 ms | 300 ms | 2.0 × JSON.parse | size^1.05 | missed by 1.2 ×'],
    ['the first run', { of: 'cold', limit: 500 }, '≤ 500 ms | 400 ms | 2.0 × JSON.parse | size^1.05 | met'],
    ['memory', { of: 'memory', limit: 400 }, '≤ 400 MiB | 250 MiB | | | met'],
    [
      'a rate',
      { of: 'rate', limit: 4_000_000, things: 'flows' },
      '≥ 4.0 M flows/s | 2.0 M flows/s | 2.0 × JSON.parse | size^1.05 | missed by 2.0 ×',
    ],
    ['a ratio', { of: 'ratio', limit: 2 }, '≤ 2.0 × | 2.0 × | 2.0 × JSON.parse | size^1.05 | met'],
  ])('compares %s', (_, target, expected) => {
    expect(rowOf(page(target))).toBe(`| P4 | all pairs | ${expected} |`);
  });

  it('says why there is no figure', () => {
    expect(rowOf(page({ item: 'P9' }))).toBe('| P4 | all pairs | ≤ 250 ms | | | | not measured |');
    const sizes: ItemResult['sizes'] = [{ text: '4 pods', amount: 1, size: {}, notMeasured: 'over 300 s' }];
    expect(rowOf(page({}, { sizes }))).toBe('| P4 | all pairs | ≤ 250 ms | | | size^1.05 | not measured: over 300 s |');
    expect(page({}, { sizes }).at(-2)).toBe('| P4 | 4 pods | not measured: over 300 s | | | | | | | size^1.05 |');
  });

  it('lists every size with what inputs take, and the machine with the date', () => {
    const lines = page({});
    const cells = '400 ms | 300 ms | 310 ms | 400 ms | 350 ms | 250 MiB, inputs 100 | 2.0 × JSON.parse';
    expect(lines.slice(-3, -1)).toEqual([`| P4 | 4 pods | ${cells} | |`, `| | 16 pods | ${cells} | size^1.05 |`]);
    expect(lines).toContain(
      "The machine was wanted by 1.3 to 1.3 processes at a time, the benchmark's own among them.",
    );
    expect(lines).toContain('Measured on 2026-01-31 with 2 cores of a processor, Node 20.1.0.');
  });
});
