// The results file: runs of some items leave the others as they are.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ItemResult, readResults, writeResults } from './results.ts';

const folder = mkdtempSync(join(tmpdir(), 'netweir-results-'));
const file = join(folder, 'results', 'latest.json');
const machine = { cpus: 2, model: 'a processor', node: 'v20.1.0' };
const item = (id: string, date: string): ItemResult => ({ id, title: id, reference: '', date, load: 1, sizes: [] });
const dates = () => readResults(file)?.results.map(({ id, date }) => `${id} ${date}`);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('writeResults', () => {
  it('replaces what was measured again, in the order of the items, and forgets another machine', () => {
    expect(dates()).toBeUndefined();
    writeResults(file, { machine, results: [item('P1', 'a'), item('P3', 'a'), item('gone', 'a')] }, [
      'P1',
      'P3',
      'gone',
    ]);
    writeResults(file, { machine, results: [item('P2', 'b'), item('P3', 'b')] }, ['P1', 'P2', 'P3']);
    expect(dates()).toEqual(['P1 a', 'P2 b', 'P3 b']);
    writeResults(file, { machine: { ...machine, cpus: 4 }, results: [item('P2', 'c')] }, ['P1', 'P2', 'P3']);
    expect(dates()).toEqual(['P2 c']);
  });
});
