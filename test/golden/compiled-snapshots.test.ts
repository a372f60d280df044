// What a person sees of compiled snapshots: transcripts in test/golden/compiled, of files that are made for the test.

import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { ROOT } from '../support/shared.ts';

const FOLDER = join(ROOT, 'test/golden/compiled');
const cwd = mkdtempSync(join(tmpdir(), 'netweir-golden-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const CASES: Readonly<Record<string, string>> = {
  compile: 'snapshot compile new.netweir -f shop',
  'compile-nothing': 'snapshot compile new.netweir',
  'compile-to-nowhere': 'snapshot compile -f shop',
  'compile-to-a-folder': 'snapshot compile shop -f shop',
  'compile-to-text': 'snapshot compile - -f shop',
  'compile-as-json': 'snapshot compile new.netweir -f shop -o json',
  'compile-a-compiled-snapshot': 'snapshot compile new.netweir -f shop.netweir',
  'compile-for-an-unknown-plugin': 'snapshot compile new.netweir -f shop --cni clium',
  'save-of-files': 'snapshot save all.json -f shop',
  'an-unknown-word': 'snapshot complie new.netweir -f shop',
  can: 'can shop/web shop/db -f shop.netweir',
  'can-nobody': 'can shop/wbe shop/db -f shop.netweir',
  explain: 'explain shop/web shop/db -f shop.netweir',
  'cut-off': 'can shop/web shop/db -f cut-off.netweir',
  damaged: 'can shop/web shop/db -f damaged.netweir',
  newer: 'map -f newer.netweir',
  older: 'map -f older.netweir',
  'cut-off-at-its-head': 'map -f head.netweir',
  'cut-off-before-its-head': 'map -f start.netweir',
  piped: 'map -f -',
  lint: 'lint -f shop.netweir',
  generate: 'generate -f shop.netweir',
  fix: 'test shop.netweir -f shop',
  show: 'snapshot show shop.netweir',
};

beforeAll(async () => {
  symlinkSync(join(ROOT, 'test/golden/cli/inputs/shop'), join(cwd, 'shop'));
  expect((await runCli(['snapshot', 'compile', 'shop.netweir', '-f', 'shop'], { cwd })).code).toBe(0);
  const bytes = readFileSync(join(cwd, 'shop.netweir'));
  const put = (name: string, content: Uint8Array) => writeFileSync(join(cwd, `${name}.netweir`), content);
  put('cut-off', bytes.subarray(0, 3000));
  put('head', bytes.subarray(0, 10));
  put('start', bytes.subarray(0, 5));
  const changed = (at: number, value: number): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    copy[at] = value;
    return copy;
  };
  put('damaged', changed(100, bytes[100]! ^ 1));
  put('newer', changed(8, 2));
  put('older', changed(8, 0));
});

describe('compiled snapshots', () => {
  it.each(Object.entries(CASES))('%s', async (name, command) => {
    const piped = name === 'piped' ? { stdin: readFileSync(join(cwd, 'shop.netweir'), 'latin1') } : {};
    const { stdout, stderr, code } = await runCli(command.split(' '), { cwd, ...piped });
    const transcript = `$ netweir ${command}\n[exit code ${code}]\n[standard output]\n${stdout}[standard error]\n${stderr}`;
    await expect(transcript).toMatchFileSnapshot(join(FOLDER, `${name}.txt`));
  });

  it('have no transcript without a case', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));
    expect(files.sort()).toEqual(
      Object.keys(CASES)
        .map((name) => `${name}.txt`)
        .sort(),
    );
  });
});
