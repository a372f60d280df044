import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../test/support/run-cli.ts';

const POLICY = `# about the shop
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress] # only this
  egress:
  - to: [{podSelector: {matchLabels: {app: db}}}]
    ports: [{port: 5432}]
  - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]
    ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
`;
const PODS = ['web', 'db'].map(
  (name) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {containers: [{name: c, image: c, ports: [{containerPort: 5432}]}]}
`,
);
const ONLY = ['--only', 'rules-ignored'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-fix-'));
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  writeFileSync(join(folder, 'pods.yaml'), PODS.join('---\n'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lint = (...words: string[]) =>
  runCli(['lint', '-f', 'policy.yaml', '-f', 'pods.yaml', ...words], { cwd: folder });
const policy = () => readFileSync(join(folder, 'policy.yaml'), 'utf8');

describe('lint --fix', () => {
  it('leaves suggestions alone, and says that there are some', async () => {
    const { stderr, code } = await lint(...ONLY, '--fix');
    expect(stderr).toBe(
      'nothing to fix\nhint: one finding has a suggestion that may change what is allowed; --fix --suggested applies it, --dry-run shows it first\n',
    );
    expect([code, policy()]).toEqual([1, POLICY]);
  });

  it('writes suggestions where they are asked for, and nothing else of the file', async () => {
    const { stdout, stderr, code } = await lint(...ONLY, '--fix', '--suggested');
    expect(policy()).toBe(POLICY.replace('[Ingress]', '[Egress]'));
    expect(stderr).toBe(
      'fixed policy.yaml:8 rules-ignored: list Egress in place of Ingress; opens 1 group of connections, closes 2 groups of connections\n',
    );
    expect([stdout, code]).toEqual(['no findings\n', 0]);
  });

  it('keeps Windows line ends and a byte-order mark', async () => {
    const text = `\ufeff${POLICY.replaceAll('\n', '\r\n')}`;
    writeFileSync(join(folder, 'policy.yaml'), text);
    await lint(...ONLY, '--fix', '--suggested');
    expect(policy()).toBe(text.replace('[Ingress]', '[Egress]'));
  });

  it('prints a patch and writes nothing with --dry-run', async () => {
    const { stdout, stderr } = await lint(...ONLY, '--fix', '--suggested', '--dry-run');
    expect(stdout).toContain('-  policyTypes: [Ingress] # only this\n+  policyTypes: [Egress] # only this\n');
    expect(stdout.startsWith('--- a/policy.yaml\n+++ b/policy.yaml\n@@ ')).toBe(true);
    expect(stderr).toContain('would fix policy.yaml:8 rules-ignored');
    expect(policy()).toBe(POLICY);
  });

  it('does not touch what is suppressed, nor other namespaces with -n', async () => {
    const text = POLICY.replace('  egress:', '  # netweir-ignore rules-ignored: kept for the audit\n  egress:');
    writeFileSync(join(folder, 'policy.yaml'), text);
    expect((await lint(...ONLY, '--fix', '--suggested')).stderr).toBe('nothing to fix\n');
    expect(policy()).toBe(text);
    writeFileSync(join(folder, 'policy.yaml'), POLICY);
    writeFileSync(join(folder, 'other.yaml'), 'apiVersion: v1\nkind: Namespace\nmetadata: {name: ops}\n');
    const { stderr } = await lint('-f', 'other.yaml', ...ONLY, '--fix', '--suggested', '-n', 'ops');
    expect([stderr, policy()]).toEqual(['nothing to fix\n', POLICY]);
  });

  it('does not touch what is suppressed where a finding of the same words before it is gone', async () => {
    const rule = (port: number, comment = '') =>
      `  - from:\n    - podSelector: {matchLabels: {}}${comment}\n    ports: [{port: ${port}}]\n`;
    const text = (first: string) =>
      `${POLICY.split('  egress')[0]!}  ingress:\n${first}${rule(81, ' # netweir-ignore empty-match-labels: kept')}`;
    writeFileSync(join(folder, 'policy.yaml'), text(rule(80)));
    const { stdout, stderr } = await lint('--only', 'empty-match-labels', '--fix');
    expect(policy()).toBe(text(rule(80).replace('{matchLabels: {}}', '{}')));
    expect([stdout, stderr]).toEqual([
      'no findings; 1 suppressed (-o wide shows them)\n',
      'fixed policy.yaml:10 empty-match-labels: write {}; no connection changes\n',
    ]);
  });

  it('says why what came from standard input stays as it is', async () => {
    const run = await runCli(['lint', '-f', '-', ...ONLY, '--fix', '--suggested'], { cwd: folder, stdin: POLICY });
    expect(run.stderr).toContain(
      'not fixed <stdin>:8 rules-ignored: list Egress in place of Ingress: standard input cannot be changed; --dry-run prints the patch\n',
    );
    expect(run.code).toBe(1);
  });

  it.each(['--suggested', '--dry-run'])('%s alone is a mistake', async (flag) => {
    const { stderr, code } = await lint(flag);
    expect([stderr.split('\n')[0], code]).toEqual([`error: ${flag} needs --fix`, 2]);
  });

  it('says in JSON what a fix is in the text', async () => {
    const { stdout } = await lint(...ONLY, '-o', 'json');
    const [finding] = JSON.parse(stdout).findings;
    expect(finding.fix.edits).toEqual([
      {
        source: { file: 'policy.yaml', line: 7, column: 17, path: 'spec.policyTypes[0]' },
        set: 'Egress',
        text: [{ file: 'policy.yaml', start: { line: 7, column: 17 }, end: { line: 7, column: 24 }, text: 'Egress' }],
      },
    ]);
  });
});

it('-n leaves out what is said of suppressions in other namespaces, which are judged by everything all the same', async () => {
  const namespace = (name: string) =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, annotations: {ignore.netweir.dev/every-namespace: why}}\n`;
  writeFileSync(join(folder, 'namespaces.yaml'), ['shop', 'ops'].map(namespace).join('---\n'));
  const rows = async (...words: string[]) => {
    const { stdout } = await lint('-f', 'namespaces.yaml', ...words, '-o', 'json');
    const { findings } = JSON.parse(stdout) as { findings: { check: string; source: { line: number } }[] };
    return findings.filter(({ check }) => check === 'unused-suppression').map(({ source }) => source.line);
  };
  expect(await rows()).toEqual([3, 7]);
  expect(await rows('-n', 'ops')).toEqual([7]);
});

describe('lint --baseline', () => {
  it('fails on new findings only', async () => {
    await lint(...ONLY, '-o', 'json=known.json');
    const same = await lint(...ONLY, '--baseline', 'known.json');
    expect(same.code).toBe(0);
    writeFileSync(join(folder, 'policy.yaml'), `${POLICY}---\n${POLICY.replace('name: web', 'name: api')}`);
    const more = await lint(...ONLY, '--baseline', 'known.json', '-o', 'json');
    expect(more.code).toBe(1);
    expect(JSON.parse(more.stdout).findings.map((one: { known?: true }) => one.known)).toEqual([true, undefined]);
  });

  it('accepts nothing that was suppressed when it was written', async () => {
    writeFileSync(
      join(folder, 'policy.yaml'),
      POLICY.replace('  egress:', '  # netweir-ignore rules-ignored: why\n  egress:'),
    );
    expect((await lint(...ONLY, '-o', 'json=known.json')).code).toBe(0);
    writeFileSync(join(folder, 'policy.yaml'), POLICY);
    expect((await lint(...ONLY, '--baseline', 'known.json')).code).toBe(1);
  });

  it.each([
    ['absent.json', undefined, '"absent.json" cannot be read'],
    ['other.json', '{"kind": "Answer"}', '"other.json" is no Findings document'],
    ['text.json', 'no JSON', '"text.json" is no Findings document'],
  ])('%s is a mistake', async (name, text, message) => {
    if (text !== undefined) writeFileSync(join(folder, name), text);
    const { stderr, code } = await lint('--baseline', name);
    expect([stderr.split('\n')[0], code]).toEqual([`error: --baseline: ${message}`, 2]);
    // Nobody is told to write over a file that is something else.
    expect(stderr.includes(`-o json=${name}`)).toBe(text === undefined);
  });
});

it('several checks in one --only are told apart', async () => {
  const { stderr, code } = await lint('--only', 'rules-ignored,no-default-deny');
  const hint = 'name one at a time: --only rules-ignored --only no-default-deny';
  expect([stderr, code]).toEqual([
    `error: "rules-ignored,no-default-deny" is no name of one check\nhint: ${hint}\n`,
    2,
  ]);
});

it('an unknown check in --only is a mistake with the nearest name', async () => {
  const { stderr, code } = await lint('--only', 'rule-ignored');
  expect([stderr, code]).toEqual(['error: there is no check "rule-ignored"\nhint: did you mean rules-ignored?\n', 2]);
});
