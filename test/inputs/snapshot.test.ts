// `snapshot save` and what reads it: the same answers from the file as from the cluster, and the same doubts.

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fakeApi, type RunningApi, sendStatus } from '../support/fake-api-server.ts';
import { runCli } from '../support/run-cli.ts';
import { validateDocument } from '../support/schemas.ts';

const pod = (name: string, namespace: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name }, managedFields: [{ manager: 'kubectl' }] },
  spec: { containers: [{ name: 'c', ports: [{ containerPort: 80 }] }] },
  status: { phase: 'Running', podIP: '10.0.0.1' },
});
const OBJECTS = [
  pod('web', 'shop'),
  pod('db', 'shop'),
  pod('ledger', 'bank'),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bank' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'shop' }, data: { p: 'aHVudGVyMg==' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'shop' }, data: { url: 'db:5432' } },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] },
  },
];

let api: RunningApi;
let limited: RunningApi;
let cwd = '';
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'netweir-snapshot-'));
  const kinds = ['apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions *'];
  api = await fakeApi({ objects: OBJECTS, kinds });
  limited = await fakeApi({ objects: OBJECTS, kinds, forbids: (_, namespace) => namespace !== 'shop' });
});
afterAll(async () => {
  await Promise.all([api.close(), limited.close()]);
  rmSync(cwd, { recursive: true });
});

const run = (server: RunningApi | undefined, ...argv: string[]) =>
  runCli([...argv, ...(server === undefined ? [] : ['-s', server.url])], { cwd });
const items = (text: string) =>
  JSON.parse(text).items.map(
    (item: { kind: string; metadata: { name: string } }) => `${item.kind} ${item.metadata.name}`,
  );

it('what is saved is as its schema says, one object a line, without Secrets and ConfigMaps', async () => {
  const { stdout, stderr, code } = await run(api, 'snapshot', 'save', '-');
  expect(validateDocument(JSON.parse(stdout))).toEqual([]);
  expect(items(stdout)).toEqual([
    'NetworkPolicy db',
    'Namespace bank',
    'Namespace shop',
    'Pod ledger',
    'Pod db',
    'Pod web',
  ]);
  expect(stdout.split('\n').filter((line) => line.startsWith('{"apiVersion":"v1","kind":"Pod"'))).toHaveLength(3);
  for (const never of ['managedFields', 'aHVudGVyMg', 'db:5432']) expect(stdout).not.toContain(never);
  expect([stderr, code]).toEqual(['', 0]);
  const more = await run(api, 'snapshot', 'save', '-', '--with', 'configmaps');
  expect(items(more.stdout)).toContain('ConfigMap c');
  expect(more.stdout).not.toContain('aHVudGVyMg');
});

it('the same cluster gives the same bytes, but for the time', async () => {
  const [one, two] = [await run(api, 'snapshot', 'save', '-'), await run(api, 'snapshot', 'save', '-')];
  const timeless = (text: string) => text.replace(/"taken":"[^"]*"/, '');
  expect(timeless(one.stdout)).toBe(timeless(two.stdout));
});

it('a file has a name that says what it is, and is for its owner alone', async () => {
  const { stderr } = await run(api, 'snapshot', 'save');
  expect(stderr).toMatch(
    /^saved 6 objects of server "\S+" to cluster-2026-06-01.snapshot.json; map -f \S+ reads it\n$/,
  );
  const path = join(cwd, 'cluster-2026-06-01.snapshot.json');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await run(api, 'snapshot', 'save', 'prod.json.gz');
  const packed = readFileSync(join(cwd, 'prod.json.gz'));
  expect(items(gunzipSync(packed).toString())).toHaveLength(6);
});

it('answers are those of the cluster', async () => {
  await run(api, 'snapshot', 'save', 'all.json.gz');
  for (const argv of [['map'], ['can', 'shop/web', 'shop/db:80'], ['exposure']]) {
    const [live, saved] = [await run(api, ...argv), await run(undefined, ...argv, '-f', 'all.json.gz')];
    expect([saved.stdout, saved.code]).toEqual([live.stdout, live.code]);
  }
  expect(await run(api, 'diff', 'all.json.gz', 'cluster')).toMatchObject({
    stdout: 'no connection differs\n',
    code: 0,
  });
});

it('and so are the doubts', async () => {
  const saved = await run(limited, 'snapshot', 'save', 'few.json', '-n', 'shop');
  expect(saved.code).toBe(2);
  expect(saved.stderr).toContain('"dev" may not list customresourcedefinitions.apiextensions.k8s.io');
  const file = JSON.parse(readFileSync(join(cwd, 'few.json'), 'utf8'));
  expect(validateDocument(file)).toEqual([]);
  const [live, later] = [
    await run(limited, 'map', '-n', 'shop'),
    await run(undefined, 'map', '-n', 'shop', '-f', 'few.json'),
  ];
  expect([later.stdout, later.code]).toEqual([live.stdout, 2]);
  // What only other verbs would need is not worth a note here.
  expect(later.stderr).toContain('note: "dev" may not list nodes');
  expect(later.stderr).not.toContain('customresourcedefinitions');
  expect(await run(undefined, 'can', 'shop/web', 'shop/db:80', '-f', 'few.json')).toMatchObject({ code: 1 });
});

it('show counts what is in it', async () => {
  await run(api, 'snapshot', 'save', 'show.json');
  const { stdout, code } = await run(undefined, 'snapshot', 'show', 'show.json');
  expect(stdout).toMatch(
    /^snapshot of 6 objects, \S+Z, Kubernetes v1.36.3\n\nKIND +API VERSION +OBJECTS +NAMESPACES\n/,
  );
  expect(stdout).toMatch(/^Pod +v1 +3 +2$/m);
  expect(code).toBe(0);
  const json = await run(undefined, 'snapshot', 'show', 'show.json', '-o', 'json');
  expect(validateDocument(JSON.parse(json.stdout))).toEqual([]);
});

it('a reading that fails leaves no file', async () => {
  const broken = await fakeApi({
    objects: OBJECTS,
    intercept: (request, response) => {
      if (request.url?.startsWith('/api/v1/pods') !== true) return false;
      sendStatus(response, 401, 'Unauthorized', 'Unauthorized');
      return true;
    },
  });
  const { code } = await run(broken, 'snapshot', 'save', 'none.json');
  await broken.close();
  expect(code).toBe(2);
  expect(existsSync(join(cwd, 'none.json'))).toBe(false);
  expect(readdirSync(cwd).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('a pipe is written to, and stays one', async () => {
  const pipe = join(cwd, 'pipe.json');
  execFileSync('mkfifo', [pipe]);
  const [text, { code }] = await Promise.all([readFile(pipe, 'utf8'), run(api, 'snapshot', 'save', 'pipe.json')]);
  expect([items(text).length, code, statSync(pipe).isFIFO()]).toEqual([6, 0, true]);
  mkdirSync(join(cwd, 'folder'));
  const { stderr } = await run(api, 'snapshot', 'save', 'folder');
  expect(stderr).toBe('error: "folder" is a directory\nhint: name a file: snapshot save FILE\n');
});

it.each<[string[], string]>([
  [['snapshot', 'sav'], 'error: snapshot takes save, show or compile, not "sav"\n'],
  [['snapshot', 'show'], 'error: snapshot show needs FILE\n'],
  [['snapshot', 'save', '--with', 'secrets'], 'error: Secrets are never read\n'],
  [['snapshot', 'save', '--with', 'x'], 'error: --with: "x" cannot be added\n'],
  [['snapshot', 'save', '-o', 'json'], 'error: snapshot save has one format\n'],
  [['snapshot', 'show', 'plain.yaml'], 'error: there is no snapshot in "plain.yaml"\n'],
  [['snapshot', 'show', 'half.json'], 'error: there is no snapshot in "half.json": line 1: '],
  [['snapshot', 'save'], 'error: no kubeconfig says where a cluster is\n'],
])('%j is explained', async (argv, message) => {
  writeFileSync(join(cwd, 'plain.yaml'), 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n');
  writeFileSync(join(cwd, 'half.json'), '{"apiVersion":"netweir.dev/v1alpha1","kind":"Snapsh');
  const { stderr, code } = await run(undefined, ...argv);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});
