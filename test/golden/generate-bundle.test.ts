// The bundle of `generate` as files in a directory: what is written, what stays, what goes, what is refused.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readText } from '../../src/manifests/index.ts';
import { runCli } from '../support/run-cli.ts';
import { ROOT } from '../support/shared.ts';

const INPUTS = join(ROOT, 'test/golden/cli/inputs');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'netweir-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const bundle = () => join(root, 'policies');
const generate = (...words: readonly string[]) =>
  runCli(['generate', '-f', 'orders/orders.yaml', ...words, '--bundle', bundle()], { cwd: INPUTS });

/** Every file below a directory with its text, by path. */
function filesOf(directory: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path.slice(directory.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8'));
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const FILES = [
  '1-workloads/orders/api.yaml',
  '1-workloads/orders/cleanup.yaml',
  '1-workloads/orders/db.yaml',
  '1-workloads/orders/web.yaml',
  '2-default-deny/orders.yaml',
  'README.md',
  'apply.sh',
  'bundle.json',
  'kustomization.yaml',
  'undo.sh',
];

describe('a bundle', () => {
  it('is a file for each workload, the default deny, and what it takes to apply and to undo them', async () => {
    const { code, stderr } = await generate();
    expect(code).toBe(0);
    expect(stderr).toContain('apply.sh --dry-run=server');
    expect([...filesOf(bundle()).keys()]).toEqual(FILES);
    expect(statSync(join(bundle(), 'apply.sh')).mode & 0o111).toBe(0o111);
    expect(statSync(join(bundle(), 'README.md')).mode & 0o111).toBe(0);
  });

  it('is one file for each namespace where that is asked for', async () => {
    await generate('--layout', 'namespace');
    const files = [...filesOf(bundle()).keys()];
    expect(files.filter((path) => path.startsWith('1-'))).toEqual(['1-workloads/orders.yaml']);
  });

  it('applies all that closes namespaces last, and takes it back first', async () => {
    await generate();
    const files = filesOf(bundle());
    const order = (script: string) => [...files.get(script)!.matchAll(/^ {2}(\S+\.yaml)/gm)].map(([, path]) => path);
    const manifests = FILES.filter((path) => /^[12]-/.test(path));
    expect(order('apply.sh').at(-1)).toBe('2-default-deny/orders.yaml');
    expect([...order('apply.sh')].sort()).toEqual(manifests);
    expect(order('undo.sh')).toEqual([...order('apply.sh')].reverse());
  });

  it('says the same in its files, in bundle.json and on standard output', async () => {
    await generate();
    const files = filesOf(bundle());
    const { stdout } = await runCli(['generate', '-f', 'orders/orders.yaml', '-o', 'json'], { cwd: INPUTS });
    expect(files.get('bundle.json')).toBe(stdout);
    const written = [...files]
      .filter(([path]) => /^[12]-/.test(path))
      .flatMap(([path, text]) => readText(text, path).objects.map(({ value }) => value));
    const document = JSON.parse(stdout);
    expect(written).toHaveLength(5);
    for (const { manifest } of document.policies) expect(written).toContainEqual(manifest);
    const resources = [...files.get('kustomization.yaml')!.matchAll(/^- (.*)$/gm)].map(([, path]) => path);
    expect(resources).toEqual(FILES.filter((path) => /^[12]-/.test(path)));
  });

  it('holds no password of a connection string', async () => {
    await generate();
    expect([...filesOf(bundle()).values()].join('\n')).not.toContain('hunter2');
  });

  it('is the same bytes the second time', async () => {
    await generate();
    const first = filesOf(bundle());
    expect((await generate()).code).toBe(0);
    expect(filesOf(bundle())).toEqual(first);
  });

  it('loses the policies that are no longer part of it, and keeps what somebody put beside them', async () => {
    await generate();
    writeFileSync(join(bundle(), '1-workloads/orders/own.yaml'), 'kind: ConfigMap\n');
    writeFileSync(join(bundle(), 'notes.txt'), 'mine\n');
    await generate('--layout', 'namespace');
    expect([...filesOf(bundle()).keys()].filter((path) => !/^[A-Za-z]+\.(md|sh|json|yaml)$/.test(path))).toEqual([
      '1-workloads/orders.yaml',
      '1-workloads/orders/own.yaml',
      '2-default-deny/orders.yaml',
      'notes.txt',
    ]);
  });

  it('deletes what an earlier run applied and this one has no more, last', async () => {
    await generate();
    const words = ['-f', bundle(), '--include', 'dns,app,cross-namespace,egress,metadata'];
    const { code } = await runCli(['generate', '-f', 'orders/orders.yaml', ...words, '--bundle', join(root, 'next')], {
      cwd: INPUTS,
    });
    expect(code).toBe(0);
    const files = filesOf(join(root, 'next'));
    expect([...files.keys()]).not.toContain('2-default-deny/orders.yaml');
    expect(files.get('apply.sh')!.trimEnd().split('\n').at(-1)).toBe(
      '"${KUBECTL:-kubectl}" delete "$@" --ignore-not-found -n orders networkpolicy default-deny',
    );
    expect(files.get('README.md')).toContain('## Of an earlier run, to be deleted');
  });

  it('is read again as policies that were there, and changes nothing', async () => {
    await generate();
    const again = await runCli(['generate', '-f', 'orders/orders.yaml', '-f', bundle(), '-o', 'json'], { cwd: INPUTS });
    const first = JSON.parse(filesOf(bundle()).get('bundle.json')!);
    expect(again.stderr).not.toContain('kustomization');
    expect(JSON.parse(again.stdout).policies).toEqual(first.policies);
    const words = ['generate', '-f', 'orders/orders.yaml', '-f', bundle(), '--diff'];
    const diff = await runCli(words, { cwd: INPUTS });
    expect(diff.stdout).toBe('no connection differs\n');
  });
});

describe('a directory that is no bundle', () => {
  it('is refused where it holds something, and nothing is written', async () => {
    writeFileSync(join(root, 'own.yaml'), 'mine');
    const { code, stderr } = await runCli(['generate', '-f', 'orders', '--bundle', root], { cwd: INPUTS });
    expect(code).toBe(2);
    expect(stderr).toContain('holds files and is no bundle of netweir; nothing was written');
    expect([...filesOf(root).keys()]).toEqual(['own.yaml']);
  });

  it('is refused where it is a file', async () => {
    writeFileSync(join(root, 'file'), 'mine');
    const { code, stderr } = await runCli(['generate', '-f', 'orders', '--bundle', join(root, 'file')], { cwd: INPUTS });
    expect(code).toBe(2);
    expect(stderr).toContain('is a file; --bundle names a directory');
  });

  it.each(['file/below', 'file/below/deeper'])('is refused below a file, as %s, and nothing is left', async (path) => {
    writeFileSync(join(root, 'file'), 'mine');
    const { code, stderr } = await runCli(['generate', '-f', 'orders', '--bundle', join(root, path)], { cwd: INPUTS });
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot be written: its directory is a file\n$/);
    expect(readdirSync(root)).toEqual(['file']);
  });

  it('leaves no directories behind where one of the files cannot be written', async () => {
    // A directory in the place of a file of the bundle is found when the others have been written beside their places.
    mkdirSync(join(bundle(), 'README.md'), { recursive: true });
    writeFileSync(join(bundle(), 'bundle.json'), '{}');
    const { code, stderr } = await generate();
    expect(code).toBe(2);
    expect(stderr).toContain('cannot be written');
    expect(readdirSync(bundle())).toEqual(['README.md', 'bundle.json']);
  });

  it('is not made where there is nothing to write policies for', async () => {
    const { code } = await runCli(['generate', '-f', 'policies-only', '--bundle', bundle()], { cwd: INPUTS });
    expect(code).toBe(2);
    expect(readdirSync(root)).toEqual([]);
  });
});
