// -k with a real kubectl, whose kustomize is built in: bases, patches, names and namespaces come out as it makes them, and
// the folder stays as it was.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { describeUnless } from '../support/shared.ts';

const KUBECTL = join(homedir(), '.cache/netweir-cluster/bin/kubectl');
const missing = existsSync(KUBECTL) ? undefined : 'no kubectl in ~/.cache/netweir-cluster/bin';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-kustomize-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder that is the whole PATH and holds nothing but this kubectl. */
function onlyKubectl(): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  if (!existsSync(join(bin, 'kubectl'))) symlinkSync(KUBECTL, join(bin, 'kubectl'));
  return bin;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: api}}}]
`;
const POD = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: i}]}\n`;

describeUnless(missing, 'a real kubectl', () => {
  it('builds overlays; answers are about what comes out', async () => {
    write('base/pods.yaml', `${POD('web')}---\n${POD('api')}---\n${POD('db')}`);
    write('base/policy.yaml', POLICY);
    write('base/kustomization.yaml', 'resources: [pods.yaml, policy.yaml]\n');
    const patch = ['- op: replace', '  path: /spec/ingress/0/from/0/podSelector/matchLabels/app', '  value: db'];
    write(
      'prod/kustomization.yaml',
      `resources: [../base]\nnamespace: prod\nnameSuffix: -v1\npatches:\n- target: {kind: NetworkPolicy}\n  patch: |-\n${patch.map((line) => `    ${line}\n`).join('')}`,
    );
    const around = { cwd: folder, env: { PATH: onlyKubectl() } };
    const ask = (...argv: string[]) => runCli(argv, around);
    const before = readdirSync(folder, { recursive: true }).sort();
    expect((await ask('can', 'default/api', 'default/web', '-k', 'base')).code).toBe(0);
    expect((await ask('can', 'prod/api-v1', 'prod/web-v1', '-k', 'prod')).code).toBe(1);
    expect((await ask('can', 'prod/db-v1', 'prod/web-v1', '-k', 'prod')).code).toBe(0);
    expect((await ask('diff', 'kustomize:base', 'kustomize:prod')).code).toBe(1);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
  });

  it('says itself what is wrong with a kustomization', async () => {
    write('broken/kustomization.yaml', 'resources: [nowhere.yaml]\n');
    const { stdout, stderr, code } = await runCli(['map', '-k', 'broken'], {
      cwd: folder,
      env: { PATH: onlyKubectl() },
    });
    expect(stderr).toMatch(/^kubectl: error: .*nowhere\.yaml/m);
    expect(stderr).toContain('error: kubectl failed with exit code 1, so "broken" was not rendered\n');
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });
});
