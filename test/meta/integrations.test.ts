// The hooks of pre-commit and the action for GitHub: both parse, every verb, flag and input that they use exists, and the
// script of the action does what action.yml says. Needs bash for the latter; npx is a stand-in.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { VERBS, type Verb } from '../../src/cli/command-table.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import { VERSION } from '../../src/cli/version.ts';
import { formatsOf } from '../../src/report/index.ts';
import { fencedBlocks } from '../support/console-block.ts';
import { runCli } from '../support/run-cli.ts';
import { describeUnless, ROOT } from '../support/shared.ts';

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

const read = (name: string) => parse(readFileSync(join(ROOT, name), 'utf8'));

/** What is wrong with a call: parsing throws for verbs and flags that do not exist, formats are looked up. */
function mistakes(words: readonly string[]): string[] {
  const { verb, options } = parseArguments(words);
  const { document } = verb as Verb;
  const known: readonly string[] = document === undefined ? [] : formatsOf(document);
  return options.output.map((text) => text.split('=')[0] ?? '').filter((format) => !known.includes(format));
}

describe('.pre-commit-hooks.yaml', () => {
  const hooks: {
    id: string;
    name: string;
    language: string;
    entry: string;
    args?: string[];
    [key: string]: unknown;
  }[] = read('.pre-commit-hooks.yaml');

  it('has a hook for lint and one for test', () => {
    expect(hooks.map(({ id }) => id)).toEqual(['netweir-lint', 'netweir-test']);
  });

  it.each(hooks)('$id calls a verb with flags that exist, and reads the whole state', (hook) => {
    const [program, verb = '', ...more] = hook.entry.split(' ');
    expect(program).toBe('netweir');
    expect(VERBS.map(({ name }) => name)).toContain(verb);
    expect(mistakes([verb, ...more, ...(hook.args ?? ['FILE', '-f', 'k8s/'])])).toEqual([]);
    expect(hook).toMatchObject({ language: 'node', pass_filenames: false, types_or: ['yaml', 'json'] });
  });

  it('reads a repository as a whole: files of other programs are no mistake', async () => {
    const { args = [] } = hooks[0]!;
    const folder = mkdtempSync(join(tmpdir(), 'netweir-hook-'));
    writeFileSync(join(folder, 'ci.yml'), 'name: x\non: push\njobs: {}\n');
    writeFileSync(join(folder, 'pod.yaml'), 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n');
    const { code } = await runCli(['lint', ...args], { cwd: folder });
    rmSync(folder, { recursive: true });
    expect(code).toBe(0);
  });

  it('is installed from a built package, whose name alone npm prints', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(manifest.scripts.prepack).toBe(manifest.scripts.build);
    expect(readFileSync(join(ROOT, '.npmrc'), 'utf8')).toMatch(/^foreground-scripts=false$/m);
  });
});

const action = read('action.yml');
const step = action.runs.steps[0];

describe('action.yml', () => {
  it('is a composite action of one step without secrets, which takes every input from the environment', () => {
    expect(action.runs).toMatchObject({ using: 'composite' });
    expect(action.runs.steps).toHaveLength(1);
    expect(JSON.stringify(action)).not.toMatch(/secrets\.|github\.token|uses/);
    const given = Object.values<string>(step.env).map((value) => /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(value)?.[1]);
    expect(given.sort()).toEqual(Object.keys(action.inputs).sort());
    expect(step.run).not.toContain('${{');
  });

  it('describes inputs and outputs, and is pinned to this version', () => {
    for (const input of Object.values<Record<string, unknown>>(action.inputs)) {
      expect(input['description']).toMatch(/^[a-z]/);
      expect(input['required'] === true || typeof input['default'] === 'string').toBe(true);
    }
    expect(action.inputs.version.default).toBe(VERSION);
    for (const [name, { value }] of Object.entries<{ value: string }>(action.outputs)) {
      expect(value).toBe(`\${{ steps.${step.id}.outputs.${name} }}`);
    }
  });
});

describe('docs/ci.md', () => {
  const text = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
  const calls = [...text.matchAll(/netweir@([\d.]+) ([a-z][^'\n]*)/g)].map(([, version, line = '']) => ({
    version,
    // What stands behind the words of the call is the shell's.
    words: line
      .split(/ (?:\|\||>) /)[0]!
      .replaceAll('"', '')
      .split(' '),
  }));

  it('calls verbs with flags and formats that exist, at this version', () => {
    expect(calls.length).toBeGreaterThan(8);
    for (const { version, words } of calls) {
      expect(version).toBe(VERSION);
      expect(mistakes(words), words.join(' ')).toEqual([]);
    }
    expect([...text.matchAll(/(?:netweir@v|rev: v)([\d.]+)/g)].map(([, version]) => version)).toEqual(
      Array.from({ length: 4 }, () => VERSION),
    );
  });

  it('uses inputs, outputs and hooks that exist', () => {
    const blocks = fencedBlocks(text).filter(({ info }) => info === 'yaml');
    const steps = blocks.flatMap(({ text: block }) => Object.values<{ steps?: Step[] }>(parse(block).jobs ?? {}));
    const ours = steps.flatMap(({ steps: list = [] }) => list).filter(({ uses }) => uses?.startsWith('OWNER/netweir@'));
    expect(ours).toHaveLength(3);
    for (const { with: given = {} } of ours) {
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
      expect(['lint', 'test', 'diff']).toContain(given['command']);
    }
    for (const [, output] of text.matchAll(/steps\.\w+\.outputs\.([\w-]+)/g))
      expect(Object.keys(action.outputs)).toContain(output);
    const ids = [...text.matchAll(/- id: (netweir-\w+)/g)].map(([, id]) => id);
    expect(ids.sort()).toEqual(read('.pre-commit-hooks.yaml').map(({ id }: { id: string }) => id));
    const args = [...text.matchAll(/- id: netweir-(\w+)\n +args: \[(.*)\]/g)];
    expect(args).toHaveLength(2);
    for (const [, verb = '', list = ''] of args) expect(mistakes([verb, ...list.split(', ')])).toEqual([]);
  });
});

const hasBash = process.platform !== 'win32' && spawnSync('bash', ['-c', 'exit 0']).status === 0;

describeUnless(hasBash ? undefined : 'there is no bash', 'scripts/action.sh', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'netweir-action-'));
    mkdirSync(join(folder, 'bin'));
    copyFileSync(join(ROOT, 'test/support/npx-stand-in.sh'), join(folder, 'bin/npx'));
    chmodSync(join(folder, 'bin/npx'), 0o755);
    const results = [{ suppressions: [] }, { suppressions: [{ kind: 'inSource' }] }, {}];
    writeFileSync(join(folder, 'sarif'), JSON.stringify({ runs: [{ results }] }));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(inputs: Readonly<Record<string, string>>, exit = 0) {
    const values = Object.entries<string>(step.env).map(([name, value]) => {
      const input = value.slice('${{ inputs.'.length, -' }}'.length);
      return [name, inputs[input] ?? action.inputs[input].default ?? ''];
    });
    for (const name of ['outputs', 'summary', 'words']) writeFileSync(join(folder, name), '');
    const { status, stdout } = spawnSync('bash', [join(ROOT, 'scripts/action.sh')], {
      encoding: 'utf8',
      env: {
        ...process.env,
        ...Object.fromEntries(values),
        PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
        RUNNER_TEMP: folder,
        GITHUB_OUTPUT: join(folder, 'outputs'),
        GITHUB_STEP_SUMMARY: join(folder, 'summary'),
        FAKE_CODE: String(exit),
      },
    });
    const text = (name: string) => readFileSync(join(folder, name), 'utf8');
    const outputs = Object.fromEntries(
      text('outputs')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split('=', 2) as [string, string]),
    );
    return { status, stdout, outputs, summary: text('summary'), words: text('words').split('\n').slice(0, -1) };
  }

  it('calls lint with every path, and hands its results on', () => {
    const { status, words, outputs, summary } = run(
      {
        paths: 'k8s/\n  more manifests \n\n',
        'fail-on': 'medium',
        baseline: 'known.json',
        cni: 'calico',
        args: '-n\nshop',
      },
      1,
    );
    expect(words.slice(0, 3)).toEqual(['--yes', `netweir@${VERSION}`, 'lint']);
    expect(mistakes(words.slice(2))).toEqual([]);
    const { options } = parseArguments(words.slice(2));
    expect(options).toMatchObject({
      filename: ['k8s/', 'more manifests'],
      failOn: 'medium',
      baseline: 'known.json',
      cni: 'calico',
      namespace: 'shop',
    });
    expect(status).toBe(1);
    expect(outputs['exit-code']).toBe('1');
    expect(summary).toBe('**done**\n');
    expect(JSON.parse(readFileSync(outputs['sarif']!, 'utf8')).runs[0].results).toEqual([{ suppressions: [] }, {}]);
    expect(readFileSync(outputs['comment']!, 'utf8')).toBe('**done**\n');
  });

  it('calls test with its files', () => {
    const { words, status } = run({ command: 'test', paths: 'k8s', tests: 'a.yaml\nb.yaml' });
    expect(mistakes(words.slice(2))).toEqual([]);
    expect(parseArguments(words.slice(2)).operands).toEqual(['a.yaml', 'b.yaml']);
    expect(status).toBe(0);
  });

  it('calls diff with both states; a difference fails nothing, no answer does', () => {
    const inputs = { command: 'diff', before: 'git:origin/main:k8s', paths: 'k8s' };
    const { words, status, outputs } = run(inputs, 1);
    expect(mistakes(words.slice(2))).toEqual([]);
    expect(parseArguments(words.slice(2)).operands).toEqual(['git:origin/main:k8s', 'k8s']);
    expect([status, outputs['exit-code'], outputs['sarif']]).toEqual([0, '1', undefined]);
    expect(run(inputs, 2).status).toBe(2);
  });

  it('lets no input be read by the shell, and no name by the runner', () => {
    const { words, stdout } = run({ paths: '$(touch "$RUNNER_TEMP/hacked"); `id` *' });
    expect(words).toContain('$(touch "$RUNNER_TEMP/hacked"); `id` *');
    const [, token, after = ''] = /::stop-commands::(\S+)\n::error::forged\n(.*)\n/.exec(stdout) ?? [];
    expect(after).toBe(`::${token}::`);
  });

  it('refuses another command', () => {
    const { status, words } = run({ command: 'map; id', paths: 'k8s' });
    expect([status, words]).toEqual([2, []]);
  });
});
