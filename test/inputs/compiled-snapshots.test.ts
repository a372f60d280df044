// `snapshot compile` and what reads it: the same streams and exit codes as from manifests, nothing that is secret, and an error
// for every file that is not the one that was written.

import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCompiledSnapshot, openNear, readWhole } from '../../src/compiled-snapshot/index.ts';
import { behaviourOf, can, loadState, parsePair, UserError } from '../../src/engine/index.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { runCli } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'netweir-compiled-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SECRET = 'hunter2';
const container = {
  name: 'c',
  image: 'i',
  ports: [{ name: 'http', containerPort: 80 }],
  env: [{ name: 'PASSWORD', value: SECRET }],
  args: [`--password=${SECRET}`],
};
const deployment = (name: string, env = SECRET) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name,
    namespace: 'shop',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"env":"${env}"}` },
  },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ ...container, env: [{ name: 'PASSWORD', value: env }] }] },
    },
  },
});
const OBJECTS = [
  deployment('web'),
  deployment('db'),
  {
    apiVersion: 'example.com/v1',
    kind: 'Server',
    metadata: { name: 'made', namespace: 'ops', labels: { env: 'prod' } },
    spec: { env: [{ name: 'PASSWORD', value: SECRET }], template: { spec: { containers: [container] } } },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'debug', namespace: 'ops' },
    spec: { containers: [container] },
    status: { podIP: '10.0.0.7' },
  },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'shop' }, stringData: { p: SECRET } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'shop' }, data: { p: SECRET } },
  { apiVersion: 'example.com/v1', kind: 'Database', metadata: { name: 'd', namespace: 'shop' }, spec: { p: SECRET } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { clusterIP: '10.96.0.9', selector: { app: 'db' }, ports: [{ port: 5432, targetPort: 'http' }] },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'db', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: { app: 'db' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }, { ipBlock: { cidr: '192.0.2.0/24' } }] }],
    },
  },
  { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { name: 'c', namespace: 'ops' }, spec: {} },
];

const manifests = join(folder, 'k8s');
const file = join(folder, 'all.netweir');
beforeAll(async () => {
  mkdirSync(manifests);
  writeFileSync(
    join(manifests, 'all.json'),
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: OBJECTS }, null, 1),
  );
  writeFileSync(join(manifests, 'values.yaml'), 'replicas: 2\n');
  const run = await runCli(['snapshot', 'compile', 'all.netweir', '-f', 'k8s', '--allow-incomplete'], { cwd: folder });
  expect(run.stderr).toContain('compiled 10 objects to all.netweir; can -f all.netweir reads it');
  expect(run.code).toBe(0);
});

describe('answers', () => {
  it.each([
    'can shop/web shop/db:80',
    'can shop/web shop/db:80 -o json',
    'can web db -n shop',
    'can ops/debug shop/service/db:5432',
    'can 10.0.0.7 10.96.0.9:5432 -o json',
    'can 192.0.2.1 shop/db:80 -o json',
    'can shop/web internet',
    'can shop/web shop/bd',
    'can nowhere/web shop/db',
    'can shop/ all -o json',
    'can shop/web shop/db:80 --cni cilium',
    'can shop/web shop/db:80 --allow-incomplete',
    'explain ops/debug shop/db:80',
    'explain ops/debug shop/db:80 -o json',
    'map',
    'map -o json --cni calico',
    'map --portable',
    'who-can reach shop/db -o json',
    'exposure -o json',
    'exposure --rbac',
  ])('%s', async (words) => {
    const [before, after] = await Promise.all(
      ['k8s', 'all.netweir'].map((input) => runCli([...words.split(' '), '-f', input], { cwd: folder })),
    );
    expect(after).toEqual({ ...before, stderr: before!.stderr.replaceAll('-f k8s', '-f all.netweir') });
  });

  it('are the same of two files, one compiled', async () => {
    const more = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'new', namespace: 'shop' },
      spec: { containers: [] },
    };
    writeFileSync(join(folder, 'new.json'), JSON.stringify(more));
    const [before, after] = await Promise.all(
      ['k8s', 'all.netweir'].map((input) =>
        runCli(['map', '-o', 'json', '-f', 'new.json', '-f', input], { cwd: folder }),
      ),
    );
    expect(after!.stdout).toBe(before!.stdout);
    expect(after!.stdout).toContain('shop/Pod/new');
  });

  it('are the same of a saved snapshot, with what is missing in it and what its server is', async () => {
    const saved = {
      apiVersion: 'netweir.dev/v1alpha1',
      kind: 'Snapshot',
      taken: '2026-06-01T00:00:00Z',
      namespace: 'shop',
      server: { gitVersion: 'v1.33.1+k3s1', groups: ['', 'apps'], unlisted: ['nodes'] },
      incomplete: [
        { reason: 'not-listable', message: 'networkpolicies in ops', namespaces: ['ops'], lost: 'policies' },
      ],
      notes: [
        { purpose: 'answers', message: 'nodes could not be listed' },
        { purpose: 'access', message: 'roles could not be listed' },
      ],
      items: OBJECTS.filter(({ kind }) => kind !== 'Secret'),
    };
    writeFileSync(join(folder, 'saved.json'), JSON.stringify(saved));
    const compiled = await runCli(['snapshot', 'compile', 'saved.netweir', '-f', 'saved.json'], { cwd: folder });
    expect(compiled.code).toBe(2);
    for (const words of [
      'map',
      'can shop/web shop/db:80',
      'can ops/debug shop/db:80 -o json',
      'exposure --rbac -o json',
    ]) {
      const [before, after] = await Promise.all(
        ['saved.json', 'saved.netweir'].map((input) => runCli([...words.split(' '), '-f', input], { cwd: folder })),
      );
      expect(after).toEqual({ ...before, stderr: before!.stderr.replaceAll('-f saved.json', '-f saved.netweir') });
      expect(after!.stderr).toContain('could not be listed');
    }
  });

  it('differ between a compiled snapshot and later manifests as diff says', async () => {
    const run = await runCli(['diff', 'all.netweir', 'k8s', '--allow-incomplete'], { cwd: folder });
    expect(run.code).toBe(0);
  });
});

describe('the file', () => {
  it('holds no environment, commands, Secrets, ConfigMaps, or objects that no answer uses', () => {
    expect(readFileSync(file).includes(SECRET)).toBe(false);
    expect(readFileSync(file).includes('"app":"db"')).toBe(true);
  });

  it('is for its owner alone, and nothing is left beside it', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is the same whenever it is written', async () => {
    const again = ['snapshot', 'compile', 'again.netweir', '-f', 'k8s'];
    await runCli(again, { cwd: folder, today: '2027-01-01' });
    expect(readFileSync(join(folder, 'again.netweir')).equals(readFileSync(file))).toBe(true);
  });

  it('keeps two objects of one name apart that differ only in what it leaves out', async () => {
    for (const [name, env] of [
      ['a', 'one'],
      ['b', 'two'],
    ] as const) {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(deployment('web', env)));
    }
    const both = ['-f', 'a.json', '-f', 'b.json'];
    await runCli(['snapshot', 'compile', 'both.netweir', ...both], { cwd: folder });
    const [before, after] = await Promise.all(
      [both, ['-f', 'both.netweir']].map((input) => runCli(['map', ...input], { cwd: folder })),
    );
    expect(after).toEqual(before);
    expect(after!.stderr).toContain('defined twice');
  });

  it('is refused by what looks at more than connections', async () => {
    for (const words of ['lint', 'generate', 'snapshot show all.netweir', 'snapshot compile twice.netweir']) {
      const input = words.startsWith('snapshot show') ? [] : ['-f', 'all.netweir'];
      const run = await runCli([...words.split(' '), ...input], { cwd: folder });
      expect(run.stderr).toContain('"all.netweir" is a compiled snapshot');
      expect(run.code).toBe(2);
    }
  });
});

describe('a file that is another one', () => {
  const small = join(folder, 'small.netweir');
  beforeAll(async () => {
    const few = OBJECTS.filter(({ metadata }) => metadata.name === 'debug' || metadata.namespace === 'shop');
    writeFileSync(join(folder, 'few.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: few.slice(1, 8) }));
    await runCli(['snapshot', 'compile', 'small.netweir', '-f', 'few.json'], { cwd: folder });
  });
  const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };
  const behaviour = behaviourOf('default');
  const pair = parsePair(['ops/debug', '10.96.0.9:5432']);
  const path = join(folder, 'other.netweir');

  /** What comes of bytes: the answer in part and as a whole, the error, or that they are no compiled snapshot. */
  const outcome = (): string => {
    if (!isCompiledSnapshot(path)) return 'foreign';
    try {
      const near = openNear(path, 'other.netweir', { behaviour, defaultNamespace: 'default' })!;
      const inPart = JSON.stringify(can(near.state, pair, CONTEXT));
      near.close();
      const { objects, findings, gaps } = readWhole(path, 'other.netweir');
      const state = loadState({ objects, findings, gaps, behaviour, defaultNamespace: 'default' });
      return `${inPart} ${JSON.stringify(can(state, pair, CONTEXT))}`;
    } catch (error) {
      if (error instanceof UserError && error.code === 'unreadable') return 'error';
      throw error;
    }
  };

  it('is an error wherever it is cut off', () => {
    const bytes = readFileSync(small);
    writeFileSync(path, bytes);
    for (let length = bytes.length - 1; length >= 0; length--) {
      truncateSync(path, length);
      expect(outcome()).toBe(length < 8 ? 'foreign' : 'error');
    }
  });

  it('is an error or gives the same answer, whichever byte is another', () => {
    const bytes = readFileSync(small);
    writeFileSync(path, bytes);
    const right = outcome();
    expect(right).toContain('"verdict":"denied"');
    const seen = { error: 0, same: 0, foreign: 0 };
    const handle = openSync(path, 'r+');
    for (let at = 0; at < bytes.length; at++) {
      writeSync(handle, Uint8Array.of(bytes[at]! ^ (1 << (at % 8))), 0, 1, at);
      const found = outcome();
      writeSync(handle, bytes, at, 1, at);
      if (found === right) seen.same++;
      else if (found === 'error') seen.error++;
      else if (found === 'foreign') seen.foreign++;
      else throw new Error(`byte ${at} gives another answer: ${found}`);
    }
    closeSync(handle);
    expect(seen).toEqual({ foreign: 8, error: bytes.length - 8, same: 0 });
  });

  it('is an error with something behind it, and of another version', async () => {
    const bytes = readFileSync(small);
    writeFileSync(path, Buffer.concat([bytes, Buffer.from('\n')]));
    expect(outcome()).toBe('error');
    const newer = Buffer.from(bytes);
    newer.writeUInt32LE(2, 8);
    writeFileSync(path, newer);
    const run = await runCli(['can', 'shop/web', 'shop/db', '-f', 'other.netweir'], { cwd: folder });
    expect(run.stderr).toContain('"other.netweir" is a compiled snapshot of format 2, and this program reads format 1');
    expect(run.stderr).toContain('a newer program reads it');
    expect(run.code).toBe(2);
  });
});
