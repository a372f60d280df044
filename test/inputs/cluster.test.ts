// Every verb on a cluster: what the command line makes of a server's objects, and of what it refuses.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { fakeApi, type RunningApi } from '../support/fake-api-server.ts';
import { runCli } from '../support/run-cli.ts';
import { ROOT } from '../support/shared.ts';

const EXAMPLE = 'examples/01-first-look';
const POLICIES = join(ROOT, EXAMPLE, 'policies');
const files = [
  join(ROOT, EXAMPLE, 'workloads.yaml'),
  ...readdirSync(POLICIES)
    .sort()
    .map((name) => join(POLICIES, name)),
];

let api: RunningApi;
let folder = '';
let limited: RunningApi;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-cluster-'));
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  const objects = texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS()));
  const kinds = ['apps/v1 StatefulSet statefulsets', 'rbac.authorization.k8s.io/v1 Role roles'];
  api = await fakeApi({ objects, kinds });
  limited = await fakeApi({
    objects,
    kinds,
    forbids: (resource, namespace) => namespace !== 'shop' && resource !== 'pods',
  });
  writeFileSync(join(folder, 'config'), JSON.stringify(kubeconfig()));
});
afterAll(async () => {
  await Promise.all([api.close(), limited.close()]);
  rmSync(folder, { recursive: true });
});

function kubeconfig() {
  return {
    'current-context': 'all',
    clusters: [
      { name: 'all', cluster: { server: api.url } },
      { name: 'limited', cluster: { server: limited.url } },
    ],
    contexts: [
      { name: 'all', context: { cluster: 'all', namespace: 'shop' } },
      { name: 'limited', context: { cluster: 'limited', namespace: 'shop' } },
    ],
  };
}

const run = (...argv: string[]) => runCli(argv, { env: { KUBECONFIG: join(folder, 'config') } });
const onFiles = (...argv: string[]) => runCli([...argv, ...files.flatMap((file) => ['-f', file]), '-n', 'shop']);

describe('on a cluster', () => {
  it.each<string[]>([
    ['map'],
    ['can', 'web', 'orders-db:5432'],
    ['who-can', 'reach', 'orders-db:5432'],
    ['exposure'],
    ['map', '--portable'],
  ])('%s %s answers as on the manifests', async (...argv) => {
    const given = argv.filter((word) => word !== undefined);
    const [live, written] = [await run(...given), await onFiles(...given, '-A')];
    // Only the places are others: a live object stands in no file.
    const placeless = written.stdout.replaceAll(/ \(\/[^)]*\)/g, '');
    expect({ stdout: live.stdout, code: live.code }).toEqual({ stdout: placeless, code: written.code });
  });

  it('explain names policies and fields, as there are no files', async () => {
    const { stdout } = await run('explain', 'web', 'orders-db:5432');
    expect(stdout).toMatch(/shop\/orders-to-db +spec\.ingress\[0\]\.from\[0\] +peer app=orders/);
    expect(stdout).toContain('NetworkPolicy shop/orders-to-db spec.ingress[0].from[1]');
  });

  it('lint names objects and fields', async () => {
    const { stdout } = await run('lint');
    expect(stdout).toContain('\nNetworkPolicy shop/default-deny spec.podSelector high moot-policy');
    expect(stdout).not.toContain('metadata.name');
  });

  it('test takes its tests from files', async () => {
    const path = join(folder, 'tests.yaml');
    writeFileSync(
      path,
      'apiVersion: netweir.dev/v1alpha1\nkind: ConnectivityTest\ntests: [{name: a, from: shop/web, to: shop/orders-db, deny: [5432]}]\n',
    );
    expect(await run('test', path)).toMatchObject({ code: 0 });
  });

  it('nothing is written', async () => {
    const { stderr, code } = await run('lint', '--fix');
    expect(stderr).toBe(
      'error: --fix changes files, and context "all" is a cluster, which is never written to\nhint: name the files with -f PATH\n',
    );
    expect(code).toBe(2);
  });

  it('a terminal is told how far reading is, and how to go on', async () => {
    const env = { KUBECONFIG: join(folder, 'config') };
    const { stderr } = await runCli(['map', '--context', 'all'], {
      env,
      isTTY: { stderr: true, stdout: true },
      tick: 1000,
    });
    expect(stderr).toMatch(/reading context "all", objects, \d+ so far …/);
    expect(stderr).toMatch(/next: netweir explain \S+ \S+ --context all\n/);
  });

  it('who pipes manifests into it is told what the answer is about', async () => {
    const env = { KUBECONFIG: join(folder, 'config') };
    const { stderr } = await runCli(['can', 'web', 'cart:8080'], { env, stdin: 'kind: Pod' });
    expect(stderr).toContain('note: the answer is about context "all"; standard input is read with -f -\n');
    const chosen = await runCli(['can', 'web', 'cart:8080', '--context', 'all'], { env, stdin: 'kind: Pod' });
    expect(chosen.stderr).not.toContain('standard input');
  });

  it('roles are read only where somebody asks for them', async () => {
    const before = api.requests.length;
    await run('exposure');
    expect(api.requests.slice(before).filter((path) => path.includes('rbac'))).toEqual([]);
    await run('exposure', '--rbac');
    expect(api.requests.slice(before).filter((path) => path.includes('roles'))).toHaveLength(1);
  });
});

describe('diff', () => {
  it('compares clusters and files', async () => {
    expect(await run('diff', 'cluster', 'context/all')).toMatchObject({ stdout: 'no connection differs\n', code: 0 });
    const list = join(folder, 'before.yaml');
    writeFileSync(list, files.map((file) => readFileSync(file, 'utf8')).join('\n---\n'));
    expect(await run('diff', list, 'cluster')).toMatchObject({ stdout: 'no connection differs\n', code: 0 });
  });

  it('lays manifests over the cluster', async () => {
    const path = join(folder, 'change.yaml');
    const spec =
      '{podSelector: {matchLabels: {app: orders-db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]}';
    writeFileSync(
      path,
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web-to-db}\nspec: ${spec}\n`,
    );
    const { stdout, code } = await run('diff', '-f', path);
    expect(stdout).toMatch(/^\+ shop\/web +→ shop\/orders-db +5432\/TCP +shop\/web-to-db/);
    expect(code).toBe(1);
  });
});

describe('with few rights', () => {
  const few = (...argv: string[]) => run(...argv, '--context', 'limited');

  it('an answer about what may be read stands', async () => {
    const { stdout, stderr, code } = await few('can', 'shop/web', 'shop/cart:8080');
    expect([stdout, code]).toEqual(['✓ allowed   shop/web → shop/cart:8080   8080/TCP\n', 0]);
    expect(stderr).toContain('"dev" may list networkpolicies.networking.k8s.io in namespace shop only\n');
    expect(stderr).toContain('the input is incomplete, which does not change this answer\n');
    expect(await few('explain', 'web', 'cart:8080')).toMatchObject({ code: 0 });
  });

  it.each<[string[], string]>([
    [['can', 'shop/web', 'audit/log:80'], 'there is no namespace "audit" in what was read, which is not all'],
    [['map', '-n', 'audit'], 'there is no namespace "audit" in what was read, which is not all'],
    [['can', 'web', 'nothing:80', '-n', 'shop'], 'namespace "shop" has no workload "nothing"'],
  ])('what is not among it is not denied: %j', async (argv, message) => {
    const { stderr, code } = await run(...argv, '--context', 'limited');
    expect(stderr).toMatch(new RegExp(`^error: ${message}\n`));
    expect(code).toBe(2);
  });

  it('a map is incomplete', async () => {
    const { stderr, code } = await few('map');
    expect(stderr).toContain('exit code 2 (--allow-incomplete restores the normal one)');
    expect(stderr).toContain('note: "dev" may not list nodes: addresses and labels of nodes are not known\n');
    expect(code).toBe(2);
    expect(await few('map', '--allow-incomplete')).toMatchObject({ code: 0 });
  });
});

it('policies that may not be read make the verdict unknown', async () => {
  const texts = readFileSync(files[0]!, 'utf8');
  const server = await fakeApi({
    objects: parseAllDocuments(texts).map((document) => document.toJS()),
    kinds: ['apps/v1 StatefulSet statefulsets'],
    forbids: (resource) => resource === 'networkpolicies',
  });
  try {
    const { stdout, code } = await runCli(['can', 'shop/web', 'shop/cart:8080', '-s', server.url]);
    expect(stdout).toContain('? unknown   shop/web → shop/cart:8080');
    expect(code).toBe(2);
    const why = await runCli(['explain', 'shop/web', 'shop/cart:8080', '-s', server.url]);
    expect(why.stderr).toContain('policies that are in force were not read, so that the verdict is unknown');
    expect(why.stdout).not.toContain('smallest change');
    expect(why.code).toBe(2);
  } finally {
    await server.close();
  }
});
