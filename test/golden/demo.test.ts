// `npm run demo` as a new user sees it: the built program, on two screens, in step with its golden.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/shared.ts';

describe('npm run demo', () => {
  it('shows the surprise first, then the policies that are needed, then what to try, within two screens', async () => {
    const env = { ...process.env, NO_COLOR: '1' };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['dist/bin/demo.js'], { cwd: ROOT, env });
    expect(stderr).toBe('');
    expect(stdout.split('\n').length - 1).toBeLessThanOrEqual(90);
    expect(stdout.indexOf('The surprise')).toBeLessThan(stdout.indexOf('netweir.js generate'));
    await expect(stdout).toMatchFileSnapshot('demo.txt');
  });
});
