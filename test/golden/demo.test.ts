// `npm run demo` as a new user sees it: the built program, on one screen, in step with its golden.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/shared.ts';

describe('npm run demo', () => {
  it('shows the surprise first, then the map, then what to try, in at most 40 lines', async () => {
    const env = { ...process.env, NO_COLOR: '1' };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['dist/bin/demo.js'], { cwd: ROOT, env });
    expect(stderr).toBe('');
    expect(stdout.split('\n').length - 1).toBeLessThanOrEqual(40);
    expect(stdout.indexOf('The surprise')).toBeLessThan(stdout.indexOf('netweir.js map'));
    await expect(stdout).toMatchFileSnapshot('demo.txt');
  });
});
