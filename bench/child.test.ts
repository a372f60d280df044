// Limits of a size: what exceeds them is told apart from what breaks.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { measureInChild } from './child.ts';

const folder = mkdtempSync(join(tmpdir(), 'netweir-child-'));

function script(text: string): string {
  const file = join(folder, 'script.mjs');
  writeFileSync(file, text);
  return file;
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('measureInChild', () => {
  it('gives what the child sends, with its arguments', async () => {
    const file = script('process.send({ memory: Number(process.argv[2]) })');
    expect(await measureInChild(file, ['7'], { seconds: 60, heap: 100 })).toEqual({
      type: 'measured',
      figure: { memory: 7 },
    });
  });

  it('ends what takes too long, with what it started', async () => {
    const file = script(`import { spawnSync } from 'node:child_process';
spawnSync(process.execPath, ['-e', 'for (;;);']);`);
    expect(await measureInChild(file, [], { seconds: 1, heap: 100 })).toEqual({
      type: 'over-limit',
      reason: 'over 1 s',
    });
  });

  it('says that memory ran out', async () => {
    const file = script('const all = []; for (;;) all.push({ a: all.length });');
    expect(await measureInChild(file, [], { seconds: 60, heap: 40 })).toEqual({
      type: 'over-limit',
      reason: 'out of memory, over 40 MiB of heap',
    });
  });

  it('passes on what broke', async () => {
    const outcome = await measureInChild(script("throw new Error('no such shape')"), [], { seconds: 60, heap: 100 });
    expect(outcome.type).toBe('broken');
    expect(outcome.type === 'broken' && outcome.message).toContain('no such shape');
  });
});
