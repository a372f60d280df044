// The examples of docs/library.md run: every ```ts block is a program, and prints what the ```text block after it says.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { fencedBlocks } from '../support/console-block.ts';
import { ROOT } from '../support/shared.ts';
import { readText } from '../support/source-files.ts';

const blocks = fencedBlocks(readText('docs/library.md').text);
const examples = blocks.flatMap(({ info, text, line }, at) =>
  info === 'ts' ? [{ text, line, expected: blocks[at + 1]?.info === 'text' ? blocks[at + 1]!.text : undefined }] : [],
);

/** The sources behind the names that a program imports from the package. */
const ENTRIES = {
  netweir: 'src/engine/index.ts',
  'netweir/manifests': 'src/manifests/index.ts',
  'netweir/report': 'src/report/index.ts',
  'netweir/unstable': 'src/engine/unstable.ts',
};

describe('docs/library.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  it.each(examples)('the example of line $line prints what it says', async ({ text, expected }) => {
    const built = await build({
      stdin: { contents: text, resolveDir: ROOT, loader: 'ts' },
      alias: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(ROOT, path)])),
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      logLevel: 'silent',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('file:///');" },
    });
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], {
      input: built.outputFiles[0]!.text,
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`.trimEnd()).toBe(expected?.trimEnd());
  });
});
