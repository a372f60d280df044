import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../test/support/run-cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-output-'));
  writeFileSync(
    join(folder, 'pod.yaml'),
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: c, image: i}]}\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

const map = (...more: string[]) => runCli(['map', '-f', 'pod.yaml', ...more], { cwd: folder });

describe('-o', () => {
  it('writes to standard output without a path', async () => {
    const { stdout, code } = await map('-o', 'json');
    expect(JSON.parse(stdout).kind).toBe('ConnectivityMap');
    expect(code).toBe(0);
  });

  it('writes files, and nothing to standard output where every result has one', async () => {
    const { stdout, code } = await map('-o', 'json=map.json', '-ocsv=map.csv');
    expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
    expect(JSON.parse(readFileSync(join(folder, 'map.json'), 'utf8')).kind).toBe('ConnectivityMap');
    expect(readdirSync(folder).sort()).toEqual(['map.csv', 'map.json', 'pod.yaml']);
  });

  it('replaces a file as a whole', async () => {
    writeFileSync(join(folder, 'map.json'), 'x'.repeat(1_000_000));
    await map('-o', 'json=map.json');
    expect(JSON.parse(readFileSync(join(folder, 'map.json'), 'utf8')).kind).toBe('ConnectivityMap');
  });

  it('takes - for standard output', async () => {
    expect((await map('-o', 'json=-')).stdout).toBe((await map('-o', 'json')).stdout);
  });

  it.each([
    ['folder', 'error: "folder" is a directory\n'],
    ['none/map.json', 'error: "none/map.json" cannot be written: its directory does not exist\n'],
    ['pod.yaml/map.json', 'error: "pod.yaml/map.json" cannot be written: its directory is a file\n'],
  ])('to %s is refused', async (path, message) => {
    mkdirSync(join(folder, 'folder'));
    const { stderr, code } = await map('-o', `json=${path}`);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(['folder', 'pod.yaml']);
  });
});

describe('a table', () => {
  it('is coloured on terminals and on request only', async () => {
    const sign = '\u001b[';
    const around = { cwd: folder };
    const terminal = { ...around, isTTY: { stdout: true } };
    const can = ['can', 'web', '10.0.0.1:80', '-f', 'pod.yaml'];
    expect((await runCli(can, around)).stdout).not.toContain(sign);
    expect((await runCli(can, terminal)).stdout).toContain(sign);
    expect((await runCli([...can, '--color'], around)).stdout).toContain(sign);
    expect((await runCli([...can, '--no-color'], terminal)).stdout).not.toContain(sign);
    expect((await runCli(can, { ...terminal, env: { NO_COLOR: '1' } })).stdout).not.toContain(sign);
    expect((await runCli(can, { ...around, env: { FORCE_COLOR: '1' } })).stdout).toContain(sign);
    expect((await runCli([...can, '-o', 'json'], { ...around, env: { FORCE_COLOR: '1' } })).stdout).not.toContain(
      escape,
    );
  });

  it('uses ASCII where the terminal has nothing else', async () => {
    const can = ['can', 'web', '10.0.0.1:80', '-f', 'pod.yaml', '--no-color'];
    const { stdout } = await runCli(can, { cwd: folder, isTTY: { stdout: true }, env: { LANG: 'C' } });
    expect(stdout).toMatch(/^[\n -~]*$/);
    expect((await runCli(can, { cwd: folder, env: { LANG: 'C' } })).stdout).toContain('→');
  });
});
