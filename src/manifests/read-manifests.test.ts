import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ReadOptions, readManifests } from './read-manifests.ts';

const made: string[] = [];
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

/** A temporary directory with these files. */
function directory(files: Record<string, string | Uint8Array>): string {
  const root = mkdtempSync(join(tmpdir(), 'netweir-'));
  made.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const thing = (name: string): string => `apiVersion: v1\nkind: Thing\nmetadata: {name: ${name}}\n`;

async function read(cwd: string, operands: string[], options: ReadOptions = {}): Promise<Record<string, unknown[]>> {
  const set = await readManifests(operands, { cwd, ...options });
  return {
    names: set.objects.map(({ value }) => (value.metadata as { name: string }).name),
    files: set.objects.map(({ file }) => file),
    findings: set.findings.map(({ check, source, hint }) => [
      check,
      source.file,
      ...(hint === undefined ? [] : [hint]),
    ]),
    gaps: set.gaps.map(({ reason, file, namespaces }) => [reason, file, namespaces]),
    skipped: set.skipped.map(({ file, reason }) => [file, reason]),
  };
}

async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part;
}

const TREE = {
  'b.yaml': thing('b'),
  'a.json': '{"apiVersion":"v1","kind":"Thing","metadata":{"name":"a"}}',
  'c.YML': thing('c'),
  'notes.txt': 'kind: [',
  'deep/er/d.yaml': thing('d'),
  'deep/e.yml': thing('e'),
  '.git/f.yaml': thing('f'),
  'node_modules/g.yaml': thing('g'),
};

describe('directories', () => {
  it('are read recursively and in order, manifests only, hidden ones not', async () => {
    const { names, files, ...rest } = await read(directory(TREE), ['.']);
    expect(names).toEqual(['a', 'b', 'c', 'e', 'd']);
    expect(files).toEqual(['a.json', 'b.yaml', 'c.YML', 'deep/e.yml', 'deep/er/d.yaml']);
    expect(rest).toEqual({ findings: [], gaps: [], skipped: [] });
  });

  it('are read without their subdirectories where that is asked for', async () => {
    expect((await read(directory(TREE), ['./'], { recursive: false })).names).toEqual(['a', 'b', 'c']);
  });

  it('a named file is read whatever its extension, and once', async () => {
    const root = directory({ ...TREE, 'x.txt': thing('x') });
    const { names, files } = await read(root, ['x.txt', 'deep/', './deep/e.yml', join(root, 'x.txt')]);
    expect(names).toEqual(['x', 'e', 'd']);
    expect(files).toEqual(['x.txt', 'deep/e.yml', 'deep/er/d.yaml']);
  });

  it('links are followed, circles entered once, broken ones are gaps', async () => {
    const root = directory({ 'a/a.yaml': thing('a') });
    symlinkSync('..', join(root, 'a/up'));
    symlinkSync('a', join(root, 'b'));
    symlinkSync('a/a.yaml', join(root, 'linked.yaml'));
    symlinkSync('nowhere', join(root, 'broken.yaml'));
    symlinkSync('loop.yaml', join(root, 'loop.yaml'));
    const { files, findings, gaps } = await read(root, ['.']);
    expect(files).toEqual(['linked.yaml', 'a/a.yaml']);
    expect(findings).toEqual([
      ['unreadable-file', 'broken.yaml'],
      ['unreadable-file', 'loop.yaml'],
    ]);
    expect(gaps).toEqual([
      ['unreadable', 'broken.yaml', 'all'],
      ['unreadable', 'loop.yaml', 'all'],
    ]);
  });

  it('a pipe among the files is a gap and does not block', async () => {
    const root = directory({ 'a.yaml': thing('a') });
    execFileSync('mkfifo', [join(root, 'p.yaml')]);
    expect((await read(root, ['.'])).gaps).toEqual([['unreadable', 'p.yaml', 'all']]);
  });

  it('what permissions forbid is a gap', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may read everything');
    const root = directory({ 'a.yaml': thing('a'), 'b.yaml': thing('b'), 'c/c.yaml': thing('c') });
    chmodSync(join(root, 'b.yaml'), 0);
    chmodSync(join(root, 'c'), 0);
    const { names, gaps } = await read(root, ['.']);
    chmodSync(join(root, 'c'), 0o755);
    expect(names).toEqual(['a']);
    expect(gaps).toEqual([
      ['unreadable', 'b.yaml', 'all'],
      ['unreadable', 'c', 'all'],
    ]);
  });

  it('without any manifest, or with nothing of Kubernetes, are user errors', async () => {
    await expect(read(directory({ 'a.txt': '' }), ['.'])).rejects.toMatchObject({
      code: 'no-input',
      message: 'no manifest (.yaml, .yml, .json) in "."',
    });
    await expect(read(directory({ 'values.yaml': 'a: 1', 'b.json': '{}' }), ['.'])).rejects.toMatchObject({
      code: 'no-input',
      message: 'no Kubernetes object in ".": b.json: not Kubernetes: no apiVersion and kind (and 1 more file)',
    });
  });

  it('with an empty List only are no error', async () => {
    expect((await read(directory({ 'a.json': '{"apiVersion":"v1","kind":"List","items":[]}' }), ['.'])).names).toEqual(
      [],
    );
  });
});

describe('files', () => {
  it('that are missing are user errors with the nearest name', async () => {
    const root = directory({ 'k8s/deny.yaml': thing('a') });
    const hintOf = (operand: string): Promise<unknown> =>
      read(root, [operand]).then(
        () => 'read',
        ({ code, message, hint }: Record<string, unknown>) => [code, message, hint],
      );
    expect(await hintOf('k8s/dney.yaml')).toEqual([
      'not-found',
      '"k8s/dney.yaml" does not exist',
      'did you mean k8s/deny.yaml?',
    ]);
    expect(await hintOf('k9s/deny.yaml')).toEqual([
      'not-found',
      '"k9s/deny.yaml" does not exist',
      'did you mean k8s/deny.yaml?',
    ]);
    expect(await hintOf('k8s/deny.yaml/x')).toEqual(['not-found', '"k8s/deny.yaml/x" does not exist', undefined]);
    expect(await hintOf('zzzzzz')).toEqual(['not-found', '"zzzzzz" does not exist', undefined]);
    expect(await hintOf('https://example.org/a.yaml')).toMatchObject([
      'not-found',
      {},
      'curl -sSL https://example.org/a.yaml | netweir map -f -',
    ]);
  });

  it('that are malformed do not stop the others', async () => {
    const root = directory({
      'a.yaml': `${thing('a')}---\nkind: [\n`,
      'b.json': '{"kind":"x",}',
      'c.yaml': thing('c'),
    });
    const { names, findings, gaps } = await read(root, ['.']);
    expect(names).toEqual(['a', 'c']);
    expect(findings).toEqual([['malformed-yaml', 'a.yaml', 'write ] where it ends']]);
    expect(gaps).toEqual([['unparsable', 'a.yaml', 'all']]);
    await expect(read(root, ['b.json'])).rejects.toMatchObject({ code: 'no-input' });
  });

  it('that are binary or no Kubernetes are skipped, alone they are user errors', async () => {
    const root = directory({
      'a.yaml': thing('a'),
      'x.bin': new Uint8Array([1, 0, 2]),
      'kustomization.yaml': 'resources: [a.yaml]\n',
    });
    expect((await read(root, ['x.bin', '.'])).skipped).toEqual([
      ['x.bin', 'a binary file'],
      ['kustomization.yaml', 'a kustomization, whose result is read only when it is built'],
    ]);
    await expect(read(root, ['x.bin'])).rejects.toMatchObject({
      code: 'no-input',
      message: 'no Kubernetes object in "x.bin": a binary file',
    });
    await expect(read(root, ['kustomization.yaml'])).rejects.toMatchObject({
      hint: 'build it with -k ., or by hand: kustomize build . | netweir map -f -',
    });
  });

  it('in UTF-16 are read, invalid UTF-8 is read as kubectl does and reported', async () => {
    const root = directory({
      'a.yaml': Buffer.from(`\ufeff${thing('a')}`, 'utf16le'),
      'b.yaml': Buffer.concat([Buffer.from(`${thing('b')}x: "`), Buffer.from([0xff]), Buffer.from('"\n')]),
    });
    const { names, gaps } = await read(root, ['.']);
    expect([names, gaps]).toEqual([['a', 'b'], []]);
    const set = await readManifests(['b.yaml'], { cwd: root });
    expect(set.findings).toMatchObject([
      { check: 'invalid-encoding', message: 'byte 51 is no UTF-8; it is read as U+FFFD, as kubectl does' },
    ]);
    expect(set.objects[0]?.value.x).toBe('\ufffd');
  });

  it('beyond what a string can hold are gaps', async () => {
    const root = directory({ 'a.yaml': '', 'b.yaml': thing('b') });
    truncateSync(join(root, 'a.yaml'), 3 * 2 ** 30);
    const { names, findings, gaps } = await read(root, ['a.yaml', 'b.yaml']);
    expect([names, gaps]).toEqual([['b'], [['unreadable', 'a.yaml', 'all']]]);
    expect(findings).toEqual([['too-large', 'a.yaml', 'split it']]);
    expect((await read(root, ['.'])).gaps).toEqual([['unreadable', 'a.yaml', 'all']]);
  });
});

describe('standard input', () => {
  it('is read in chunks that may cut characters, once', async () => {
    const bytes = Buffer.from(`${thing('é')}`);
    const cut = bytes.indexOf(0xc3) + 1;
    const stdin = chunks(bytes.subarray(0, cut), bytes.subarray(cut));
    expect(await read('.', ['-', '-'], { stdin })).toMatchObject({ names: ['é'], files: ['<stdin>'] });
  });

  it('that is empty or absent is a user error', async () => {
    await expect(read('.', ['-'], { stdin: chunks() })).rejects.toMatchObject({
      code: 'no-input',
      message: 'no Kubernetes object in standard input: holds no document',
    });
    await expect(read('.', ['-'])).rejects.toMatchObject({ code: 'no-input' });
    await expect(read('.', [])).rejects.toMatchObject({ code: 'no-input', message: 'nothing to read' });
  });

  it('ends reading at the bound on size', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      const block = new Uint8Array(64 * 1024 * 1024).fill(32);
      for (;;) {
        given++;
        yield block;
      }
    }
    expect((await read('.', ['-'], { stdin: endless() })).gaps).toEqual([['unreadable', '<stdin>', 'all']]);
    expect(given).toBe(8);
  });
});

describe('charts', () => {
  const CHART = {
    'shop/Chart.yaml': 'apiVersion: v2\nname: shop\n',
    'shop/values.yaml': 'kind: [broken\n',
    'shop/templates/a.yaml': '{{- if .x }}\n',
    'shop/charts/sub/templates/b.yaml': '{{ .x }}\n',
    'shop/extra/c.yaml': thing('c'),
    'd.yaml': thing('d'),
  };

  it('are one finding with the command that renders them; what is no template is read', async () => {
    expect(await read(directory(CHART), ['.'])).toEqual({
      names: ['d', 'c'],
      files: ['d.yaml', 'shop/extra/c.yaml'],
      findings: [
        [
          'unrendered-template',
          'shop/Chart.yaml',
          'render it with --helm shop, or by hand: helm template RELEASE shop | netweir map -f -',
        ],
      ],
      gaps: [['unparsable', 'shop/Chart.yaml', 'all']],
      skipped: [],
    });
  });

  it('are recognised from inside', async () => {
    const root = directory(CHART);
    const expected = [
      [
        'unrendered-template',
        'shop/Chart.yaml',
        'render it with --helm shop, or by hand: helm template RELEASE shop | netweir map -f -',
      ],
    ];
    expect((await read(root, ['shop/templates'])).findings).toEqual(expected);
    expect((await read(root, ['shop/'])).findings).toEqual(expected);
    expect((await read(join(root, 'shop'), ['.'])).findings).toEqual([
      [
        'unrendered-template',
        'Chart.yaml',
        'render it with --helm ., or by hand: helm template RELEASE . | netweir map -f -',
      ],
    ]);
  });

  it('templates outside a chart are one finding for each directory', async () => {
    const template = `${thing('a')}spec: {{ .x }}\n`;
    const set = await readManifests(['.'], {
      cwd: directory({
        'a.yaml': template,
        'b.yaml': template,
        'c.yaml': template,
        'd/e.yaml': template,
        'f.yaml': thing('f'),
      }),
    });
    expect(set.findings.map(({ message, source }) => [source.file, message])).toEqual([
      ['a.yaml', 'a template that was not rendered; its objects are not known (and 2 more in this directory)'],
      ['d/e.yaml', 'a template that was not rendered; its objects are not known'],
    ]);
    expect(set.gaps.map(({ file }) => file)).toEqual(['a.yaml', 'd/e.yaml']);
    expect(set.objects).toHaveLength(1);
  });
});

describe('abort', () => {
  it('stops before and between files', async () => {
    const root = directory(TREE);
    await expect(read(root, ['.'], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    const controller = new AbortController();
    async function* stdin(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(thing('a'));
      controller.abort();
    }
    const options = { signal: controller.signal, stdin: stdin() };
    await expect(read(root, ['-', 'b.yaml'], options)).rejects.toMatchObject({ code: 'aborted' });
  });
});
