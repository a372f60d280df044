import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../test/support/run-cli.ts';

const POD = (name: string, port: number) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {containers: [{name: c, image: c, ports: [{containerPort: ${port}}]}]}
---
`;
const POLICY = `# the database
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: api}}}] # its only client
    ports: [{port: 5432}]
`;
const TESTS = (...tests: string[]) =>
  `apiVersion: netweir.dev/v1alpha1\nkind: ConnectivityTest\ntests:\n${tests.map((one) => `- {${one}}\n`).join('')}`;
const BACKUP = 'name: backups work, from: shop/backup, to: shop/db, allow: [5432]';
const API = 'name: the API works, from: shop/api, to: shop/db, allow: [5432]';
const ONLY_API = 'name: only the API, to: shop/db, only: {shop/api: [5432]}';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-repair-'));
  writeFileSync(join(folder, 'pods.yaml'), POD('db', 5432) + POD('api', 80) + POD('backup', 80));
  writeFileSync(join(folder, 'db.yaml'), POLICY);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function fix(tests: string, ...words: string[]) {
  writeFileSync(join(folder, 'tests.yaml'), tests);
  return runCli(['test', 'tests.yaml', '-f', 'pods.yaml', '-f', 'db.yaml', '--fix', ...words], { cwd: folder });
}
const policy = () => readFileSync(join(folder, 'db.yaml'), 'utf8');

describe('test --fix', () => {
  it('makes the smallest change that a failing test needs, and says what it does', async () => {
    const { stdout, stderr, code } = await fix(TESTS(API, BACKUP));
    expect(policy()).toBe(
      POLICY.replace('{app: api}}}]', '{app: api}}}, {podSelector: {matchLabels: {app: backup}}}]'),
    );
    expect(stderr.split('\n')[0]).toBe('fixed db.yaml:8 "backups work": add a peer to shop/db; nothing else changes');
    expect(stdout).toContain('2 passed, 0 failed');
    expect(code).toBe(0);
  });

  it('changes nothing that another test holds against, and says which', async () => {
    const { stdout, stderr, code } = await fix(TESTS(ONLY_API, BACKUP));
    expect(policy()).toBe(POLICY);
    expect(stderr).toMatch(/^not fixed "backups work": to .* would break "only the API"\n/);
    expect(stdout).toContain('1 passed, 1 failed');
    expect(code).toBe(1);
  });

  it('closes what a test denies', async () => {
    writeFileSync(join(folder, 'db.yaml'), POLICY.replace('{matchLabels: {app: api}}}]', '{}}]'));
    const { stdout } = await fix(TESTS(API, 'name: no backups, from: shop/backup, to: shop/db, deny: all'));
    expect(stdout).toContain('2 passed, 0 failed');
    expect(policy()).toContain('# its only client');
  });

  it('mends all pairs that break a test by one change', async () => {
    writeFileSync(join(folder, 'pods.yaml'), POD('db', 5432) + POD('api', 80) + POD('backup', 80) + POD('job', 80));
    writeFileSync(join(folder, 'db.yaml'), POLICY.replace('{matchLabels: {app: api}}}]', '{}}]'));
    const deny = 'name: nobody else, from: shop/, to: shop/db, deny: all, except: [{from: shop/db}, {from: shop/api}]';
    const { stdout, stderr } = await fix(TESTS(API, deny));
    expect(stdout).toContain('2 passed, 0 failed');
    expect(stderr.split('\n').filter((line) => line.startsWith('fixed db.yaml:'))).toHaveLength(1);
    const both = await fix(TESTS('name: both, from: shop/, to: shop/db, allow: [5433], except: [{from: shop/db}]'));
    expect(both.stderr.split('\n')[0]).toMatch(/^fixed db.yaml:8 "both": add .*; nothing else changes$/);
  });

  it('writes nothing with --dry-run', async () => {
    const { stdout, stderr } = await fix(TESTS(BACKUP), '--dry-run');
    expect(stdout).toContain('--- a/db.yaml\n+++ b/db.yaml\n');
    expect(stderr).toContain('would fix db.yaml:8 "backups work": add a peer to shop/db; nothing else changes\n');
    expect(policy()).toBe(POLICY);
  });

  it('says so where nothing fails, and where a name does not exist', async () => {
    expect((await fix(TESTS(API))).stderr).toContain('every test holds; nothing to repair\n');
    const { stderr } = await fix(TESTS('name: typo, from: shop/apo, to: shop/db, allow: [5432]'));
    expect(stderr).toContain('not fixed "typo": namespace "shop" has no workload "apo"\n');
  });

  it('--dry-run alone is a mistake', async () => {
    writeFileSync(join(folder, 'tests.yaml'), TESTS(API));
    const { stderr, code } = await runCli(['test', 'tests.yaml', '-f', 'pods.yaml', '--dry-run'], { cwd: folder });
    expect([stderr.split('\n')[0], code]).toEqual(['error: --dry-run needs --fix', 2]);
  });
});
