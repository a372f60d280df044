// Real applications, compiled: every question gets the same streams and exit code as from the manifests.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { APPLICATIONS, corpusFolder } from '../support/corpus.ts';
import { runCli } from '../support/run-cli.ts';
import { describeWithShared } from '../support/shared.ts';

const folder = mkdtempSync(join(tmpdir(), 'netweir-compiled-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const QUESTIONS = [
  'map',
  'map -o json --cni calico',
  'map --portable',
  'can all all -o json',
  'can cluster internet',
  'who-can reach metadata -o json',
  'who-can be-reached-by internet',
  'exposure -o json',
];

describeWithShared('compiled applications', () => {
  it.each(APPLICATIONS)('%s', async (name) => {
    const file = join(folder, `${name}.netweir`);
    await runCli(['snapshot', 'compile', file, '-f', corpusFolder(name)]);
    for (const question of QUESTIONS) {
      const [before, after] = await Promise.all(
        [corpusFolder(name), file].map((input) => runCli([...question.split(' '), '-f', input])),
      );
      expect(after).toEqual({ ...before, stderr: before!.stderr.replaceAll(`-f ${corpusFolder(name)}`, `-f ${file}`) });
    }
  });
});
