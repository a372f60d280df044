// The compiled code beside the program: V8 takes it only if it was made with the very flags that the program starts with.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const bin = join(import.meta.dirname, '../../dist/bin');

/** Whether V8 takes the compiled code, started with these flags. */
function isTaken(...flags: string[]): boolean {
  const path = JSON.stringify(join(bin, 'program.cjs'));
  const program = `
    const { readFileSync } = require('node:fs');
    const { Script } = require('node:vm');
    const cachedData = readFileSync(${path} + '.cache');
    console.log(new Script(readFileSync(${path}, 'utf8'), { filename: ${path}, cachedData }).cachedDataRejected);`;
  return execFileSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' }).trim() === 'false';
}

describe('compiled code', () => {
  const [, flags] = /setFlagsFromString\("([^"]+)"\)/.exec(readFileSync(join(bin, 'netweir.js'), 'utf8')) ?? [];

  it('is taken with the flags of the launcher', () => {
    expect(flags).toMatch(/^--/);
    expect(isTaken(flags!)).toBe(true);
  });

  it('is not taken without them', () => {
    expect(isTaken()).toBe(false);
  });
});
