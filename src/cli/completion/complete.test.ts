import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../test/support/run-cli.ts';
import { describeUnless } from '../../../test/support/shared.ts';
import { VERBS } from '../command-table.ts';
import { COMPLETION_SCRIPTS } from './scripts.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-complete-'));
  const objects = [
    ['Namespace', 'shop', undefined],
    ['Deployment', 'web', 'shop'],
    ['Service', 'web', 'shop'],
    ['StatefulSet', 'db', 'shop'],
    ['ConfigMap', 'settings', 'shop'],
    ['Pod', 'debug', undefined],
  ].map(([kind, name, namespace]) => JSON.stringify({ apiVersion: 'v1', kind, metadata: { name, namespace } }));
  writeFileSync(join(folder, 'all.yaml'), objects.join('\n---\n'));
  writeFileSync(join(folder, 'big.yaml'), ' '.repeat(3_000_000));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function complete(...words: string[]): Promise<{ words: string[]; directive: string }> {
  const { stdout, code } = await runCli(['__complete', ...words], { cwd: folder });
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  return { words: lines.slice(0, -1).map((line) => line.split('\t')[0]!), directive: lines.at(-1)! };
}

describe('completion', () => {
  it.each<[string[], string[], string]>([
    [[''], VERBS.map(({ name }) => name), ':4'],
    [['m'], ['map'], ':4'],
    [['-'], ['--help', '--version'], ':4'],
    [['map', '--no-'], ['--no-recursive', '--no-headers', '--no-color'], ':4'],
    [['lint', '--fail-on', ''], ['critical', 'high', 'medium', 'low', 'info'], ':4'],
    [['lint', '--fail-on=h'], ['--fail-on=high'], ':4'],
    [['map', '-o', ''], ['table', 'wide', 'json', 'jsonl', 'csv', 'dot', 'md', 'mermaid'], ':4'],
    [['can', '-o', ''], ['table', 'wide', 'json', 'jsonl', 'csv', 'md'], ':4'],
    [['who-can', ''], ['reach', 'be-reached-by'], ':4'],
    [['completion', ''], ['bash', 'zsh', 'fish', 'powershell'], ':4'],
    [['completion', 'bash', ''], [], ':4'],
    [['map', '-f', ''], [], ':0'],
    [['map', '-f', 'x', ''], [], ':4'],
    [['test', ''], [], ':0'],
    [['diff', 'a', ''], [], ':0'],
    [['diff', 'a', 'b', ''], [], ':4'],
    [['frobnicate', ''], VERBS.map(({ name }) => name), ':4'],
    [['map', '-f', 'all.yaml', '-n', ''], ['default', 'shop'], ':4'],
    [['can', '-f', 'all.yaml', 'sh'], ['shop/'], ':6'],
    [['can', '-f', 'all.yaml', 'shop/'], ['shop/db', 'shop/service/web', 'shop/web'], ':4'],
    [['can', '--filename=all.yaml', 'shop/web', 'shop/d'], ['shop/db'], ':4'],
    [['can', '-f', 'all.yaml', '-n', 'x', 'x/'], ['x/debug'], ':4'],
    [['-f', 'all.yaml', 'can', 'shop/w'], ['shop/web'], ':4'],
    [['map', '-f', 'all.yaml', '--from', 'shop/d'], ['shop/db'], ':4'],
    [['can', 'int'], ['internet'], ':4'],
    [['can', '-f', 'missing.yaml', 'shop/'], [], ':4'],
    [['can', '-f', 'big.yaml', 'm'], ['metadata'], ':4'],
    [['can', '-f', '-', 'm'], ['metadata'], ':4'],
  ])('of %j', async (words, expected, directive) => {
    expect(await complete(...words)).toEqual({ words: expected, directive });
  });

  it('knows plugins, knobs and checks', async () => {
    expect((await complete('map', '--cni', 'cil')).words).toContain('cilium');
    expect((await complete('map', '--cni', 'li')).words).toEqual(['list']);
    expect(await complete('map', '--assume', 'hostN')).toEqual({ words: ['hostNetwork='], directive: ':6' });
    expect((await complete('lint', '--describe', 'invalid-c')).words).toContain('invalid-cidr');
  });

  it('knows the contexts, clusters and users of the kubeconfig', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'netweir-completion-'));
    const path = join(folder, 'config');
    writeFileSync(path, '{contexts: [{name: prod}, {name: dev}], users: [{name: me}], clusters: [{name: "c:6443"}]}');
    const ask = async (words: string[], env: Record<string, string>) =>
      (await runCli(['__complete', ...words], { env })).stdout.split('\n').slice(0, -2);
    expect(await ask(['map', '--context', ''], { KUBECONFIG: path })).toEqual(['dev', 'prod']);
    expect(await ask(['map', '--context=p'], { KUBECONFIG: path })).toEqual(['--context=prod']);
    expect(await ask(['map', '--kubeconfig', path, '--user', ''], {})).toEqual(['me']);
    expect(await ask(['map', `--kubeconfig=${path}`, '--cluster', ''], {})).toEqual(['c:6443']);
    writeFileSync(path, 'contexts: [');
    expect(await ask(['map', '--context', ''], { KUBECONFIG: path })).toEqual([]);
    expect(await ask(['map', '--context', ''], {})).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('says what candidates are', async () => {
    expect((await runCli(['__complete', 'ma'])).stdout).toBe('map\tshow what may talk to what\n:4\n');
  });
});

const hasBash = spawnSync('bash', ['-c', '(( BASH_VERSINFO[0] >= 4 ))']).status === 0;

describeUnless(hasBash ? undefined : 'bash 4 or later is absent', 'the bash script', () => {
  /** What bash would offer for a line, with a program that offers `answer`. */
  function bash(line: string, answer: string): { replies: string[]; asked: string[] } {
    const program = join(folder, 'netweir');
    writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/asked\nprintf '%b' '${answer}'\n`);
    chmodSync(program, 0o755);
    const script = `${COMPLETION_SCRIPTS.bash}
      compopt() { :; }
      COMP_LINE=${JSON.stringify(line)}; COMP_POINT=\${#COMP_LINE}
      read -ra COMP_WORDS <<<"\${COMP_LINE//[:=]/ }"
      [[ "$COMP_LINE" == *" " ]] && COMP_WORDS+=("")
      COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
      _netweir
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const out = execFileSync('bash', ['-c', script], { env, encoding: 'utf8' });
    const asked = execFileSync('cat', [join(folder, 'asked')], { encoding: 'utf8' });
    return { replies: out.split('\n').filter((one) => one !== ''), asked: asked.slice(0, -1).split('\n') };
  }

  it('hands on the words before the cursor', () => {
    expect(bash('netweir can shop/w', 'shop/web\\tDeployment\\n:4\\n')).toEqual({
      replies: ['shop/web'],
      asked: ['__complete', 'can', 'shop/w'],
    });
    expect(bash('netweir map ', '--from\\n:4\\n')).toEqual({ replies: ['--from'], asked: ['__complete', 'map', ''] });
  });

  it('completes after a character at which bash cuts words', () => {
    expect(bash('netweir lint --fail-on=h', '--fail-on=high\\n:4\\n').replies).toEqual(['high']);
  });
});
