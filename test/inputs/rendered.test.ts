// -k and --helm from the command line to the answer, with programs that are made up: what they are asked for, what becomes
// of what they print and say, and what is said where they are absent or fail.

import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeTool, printsWords } from '../support/fake-tool.ts';
import { type CliRun, runCli } from '../support/run-cli.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-rendered-'));
  path = join(folder, 'bin');
  writeFileSync(join(folder, 'web.yaml'), pod('web'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...argv: string[]): Promise<CliRun> => runCli(argv, { cwd: folder, env: { PATH: path } });
const pod = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: c, image: i}]${more}}\n`;
const prints = (text: string): string => `process.stdout.write(${JSON.stringify(text)});`;

/** A fake that answers with a pod and says to standard error how it was called. */
const echoes = (name: string, text = pod('built')): void => {
  fakeTool(path, name, `say(JSON.stringify(words) + '\\n'); ${prints(text)}`);
};

describe('-k', () => {
  it('reads what kustomize builds', async () => {
    echoes('kustomize');
    const { stdout, stderr, code } = await run('map', '-k', 'overlays/prod', '-o', 'json');
    expect(stdout).toContain('default/Pod/built');
    expect(stderr).toContain('kustomize: ["build","--","overlays/prod"]\n');
    expect(code).toBe(0);
  });

  it('asks kubectl where there is no kustomize, and only then', async () => {
    echoes('kubectl');
    expect((await run('map', '--kustomize=.')).stderr).toContain('kubectl: ["kustomize","--","."]\n');
    echoes('kustomize');
    expect((await run('map', '-k', '.')).stderr).not.toContain('kubectl');
  });

  it('goes together with -f, and comes after it', async () => {
    echoes('kustomize', pod('web', ', nodeName: n1'));
    const { stdout, stderr } = await run('map', '-k', '.', '-f', 'web.yaml', '-o', 'json');
    expect(JSON.parse(stdout).endpoints.filter(({ type }: { type: string }) => type === 'workload')).toHaveLength(1);
    expect(stderr).toContain(
      'Pod default/web is defined twice with different content, at web.yaml:1 and kustomize:.:1',
    );
  });

  it('findings name the kustomization and the line of what was built', async () => {
    echoes(
      'kustomize',
      `${pod('a')}---\napiVersion: v1\nkind: Pod\nmetadata: {name: b, labels: {a: 1}}\nspec: {containers: []}\n`,
    );
    const { stdout } = await run('lint', '-k', 'base', '-o', 'json');
    expect(JSON.parse(stdout).findings).toMatchObject([
      { check: 'wrong-type', source: { file: 'kustomize:base', line: 8 } },
    ]);
  });

  it.each([['can', 'built', 'web'], ['explain', 'built', 'web:80'], ['who-can', 'reach', 'web'], ['lint']])(
    'works for %s',
    async (...words) => {
      echoes('kustomize');
      expect((await run(...words, '-k', '.', '-f', 'web.yaml')).code).toBe(0);
    },
  );

  it('fixes are not written into what was rendered, and it is said why', async () => {
    const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec:
  podSelector: {}
  policyTypes: [Ingress]
  egress: [{}]
`;
    echoes('kustomize', policy);
    const { stderr } = await run('lint', '-k', '.', '--only', 'rules-ignored', '--fix', '--suggested');
    expect(stderr).toMatch(/^not fixed kustomize:\.:\d+ .*: what a kustomization was rendered to cannot be changed$/m);
  });

  it('works for test', async () => {
    echoes('kustomize');
    const tests =
      'apiVersion: netweir.dev/v1alpha1\nkind: ConnectivityTest\ntests: [{name: t, from: built, to: web, allow: all}]\n';
    writeFileSync(join(folder, 'tests.yaml'), tests);
    expect(await run('test', 'tests.yaml', '-k', '.', '-f', 'web.yaml')).toMatchObject({ code: 0 });
  });

  it('of several kustomizations in a diff, each is an operand', async () => {
    fakeTool(
      path,
      'kustomize',
      `${prints(pod('web'))} if (words[2] === 'b') process.stdout.write(${JSON.stringify(`---\n${pod('new')}`)});`,
    );
    const { stdout, code } = await run('diff', 'kustomize:a', 'kustomize:b');
    expect(stdout).toContain('new');
    expect(code).toBe(1);
    expect((await run('diff', 'kustomize:a', 'kustomize:a')).code).toBe(0);
    expect((await run('diff', 'web.yaml', 'kustomize:a')).code).toBe(0);
    expect((await run('diff', 'a', '-k', 'b')).stderr).toBe(
      'error: diff takes two operands and no -k\nhint: write it as an operand: kustomize:b\n',
    );
  });

  it('says what is missing, and how to do without', async () => {
    expect(await run('map', '-k', 'base')).toEqual({
      stdout: '',
      stderr:
        'error: "base" is a kustomization, and neither kustomize nor kubectl is on PATH\n' +
        'hint: install one of them, or build it elsewhere: kustomize build base | netweir map -f -\n',
      code: 2,
    });
  });

  it('a failure is told with its words, and what was printed before it does not count', async () => {
    fakeTool(
      path,
      'kustomize',
      `${prints(pod('half'))} say('Error: no such file\\n\\u001b[31mred'); process.exitCode = 1;`,
    );
    expect(await run('map', '-k', 'base')).toEqual({
      stdout: '',
      stderr:
        'kustomize: Error: no such file\n' +
        'kustomize: \\x1b[31mred\n' +
        'error: kustomize failed with exit code 1, so "base" was not rendered\n' +
        'hint: what it said stands above; with other flags, render it by hand: kustomize build base | netweir map -f -\n',
      code: 2,
    });
  });

  it('a program that was killed, or cannot be started, is a failure too', async () => {
    fakeTool(path, 'kustomize', "process.kill(process.pid, 'SIGKILL');");
    expect((await run('map', '-k', '.')).stderr).toContain(
      'error: kustomize did not end by itself, so "." was not rendered\nhint: it said nothing;',
    );
    chmodSync(join(path, 'kustomize'), 0o644);
    expect((await run('map', '-k', '.')).stderr).toContain('error: kustomize cannot be started: ');
  });

  it('warnings of a success are passed on', async () => {
    fakeTool(path, 'kustomize', `say("# Warning: 'commonLabels' is deprecated\\n"); ${prints(pod('web'))}`);
    const { stderr, code } = await run('can', 'web', 'web', '-k', '.');
    expect(stderr).toContain("kustomize: # Warning: 'commonLabels' is deprecated\n");
    expect(code).toBe(0);
  });

  it('nothing printed is an error, as an empty file is', async () => {
    fakeTool(path, 'kustomize', '');
    expect(await run('map', '-k', 'base')).toMatchObject({ stdout: '', code: 2 });
  });

  it('large output comes through whole', async () => {
    const filler = "'#' + 'x'.repeat(1000) + '\\n'";
    fakeTool(
      path,
      'kustomize',
      `let text = ''; for (let i = 0; i < 8000; i++) text += ${filler}; process.stdout.write(text + ${JSON.stringify(pod('last'))});`,
    );
    expect((await run('map', '-k', '.', '-o', 'json')).stdout).toContain('default/Pod/last');
  });

  it('writes nothing into the folder', async () => {
    echoes('kustomize');
    const before = readdirSync(folder, { recursive: true }).sort();
    await run('map', '-k', '.');
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
  });
});

describe('--helm', () => {
  const RENDERED = `---\n# Source: shop/templates/web.yaml\n${pod('web')}---\n# Source: shop/charts/db/templates/db.yaml\n${pod('db', ', hostNetwork: yes please')}`;

  it('asks for the chart with its release, namespace, values', async () => {
    echoes('helm');
    const words =
      '--helm charts/shop --helm-release shop --helm-values a.yaml --helm-values b.yaml --helm-set x=1 --helm-set y={a,b} -n prod';
    const { stdout, stderr } = await run('map', ...words.split(' '), '-o', 'json');
    const asked = [
      'template',
      '--namespace',
      'prod',
      '--values',
      'a.yaml',
      '--values',
      'b.yaml',
      '--set',
      'x=1',
      '--set',
      'y={a,b}',
      '--',
      'shop',
      'charts/shop',
    ];
    expect(stderr).toContain(`helm: ${JSON.stringify(asked)}\n`);
    // An object without a namespace goes where the release goes.
    expect(stdout).toContain('prod/Pod/built');
  });

  it('leaves the rest to helm', async () => {
    echoes('helm');
    expect((await run('map', '--helm', '.')).stderr).toContain('helm: ["template","--","."]\n');
  });

  it('findings name the template and the line in what was made of it', async () => {
    fakeTool(path, 'helm', prints(RENDERED));
    const { stdout } = await run('lint', '--helm', 'shop', '-o', 'json');
    expect(JSON.parse(stdout).findings).toMatchObject([
      { check: 'wrong-type', source: { file: 'helm:shop/charts/db/templates/db.yaml', line: 6 } },
    ]);
  });

  it('goes together with -f and -k, and is an operand of diff', async () => {
    echoes('helm', pod('a'));
    echoes('kustomize', pod('b'));
    const { stdout } = await run('map', '--helm', '.', '-k', '.', '-f', 'web.yaml', '-o', 'json');
    for (const name of ['a', 'b', 'web']) expect(stdout).toContain(`default/Pod/${name}`);
    expect((await run('diff', 'helm:one', 'helm:two', '--helm-set', 'a=b')).stderr).toContain(
      '"--set","a=b","--","two"]',
    );
  });

  it('flags about a chart need one', async () => {
    for (const argv of [
      ['map', '--helm-set', 'a=b', '-f', '.'],
      ['diff', 'a', 'b', '--helm-set', 'a=b'],
    ]) {
      expect((await run(...argv)).stderr).toBe(
        'error: --helm-set is about a chart, and none is given\nhint: name it with --helm CHART\n',
      );
    }
  });

  it('says what is missing, and how to do without', async () => {
    expect(await run('map', '--helm', 'charts/shop')).toEqual({
      stdout: '',
      stderr:
        'error: "charts/shop" is a chart, and helm is not on PATH\n' +
        'hint: install helm, or render the chart elsewhere: helm template RELEASE charts/shop | netweir map -f -\n',
      code: 2,
    });
  });

  it('a failure is told with its words', async () => {
    fakeTool(
      path,
      'helm',
      "say('Error: found in Chart.yaml, but missing in charts/ directory: db\\n'); process.exitCode = 1;",
    );
    const { stderr, code } = await run('map', '--helm', '.');
    expect(stderr).toContain(
      'helm: Error: found in Chart.yaml, but missing in charts/ directory: db\nerror: helm failed with exit code 1',
    );
    expect(code).toBe(2);
  });

  it('hands on words that would be flags or belong to a shell as they are', async () => {
    fakeTool(path, 'helm', printsWords('w'));
    const { stderr } = await run('map', '--helm=-x; touch y', '--helm-set=a=$(id)');
    expect(stderr).not.toContain('error');
    expect(readdirSync(folder)).not.toContain('y');
  });
});
