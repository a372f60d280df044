import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli } from '../../test/support/run-cli.ts';
import type { SarifLog } from '../../test/support/sarif.ts';
import { allChecks } from './linting/describe-check.ts';
import { repositoryRoot } from './run-facts.ts';
import { VERSION } from './version.ts';

const POLICY =
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\nspec: {podSelector: {}, ports: []}\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-facts-'));
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  writeFileSync(join(folder, 'a/b/web.yaml'), POLICY);
});
afterEach(() => rmSync(folder, { recursive: true }));

it('finds the root of the repository, also where it is a worktree', () => {
  expect(repositoryRoot(join(folder, 'a/b'))).toBe(join(folder, 'a/b'));
  writeFileSync(join(folder, '.git'), 'gitdir: elsewhere\n');
  expect(repositoryRoot(join(folder, 'a/b'))).toBe(folder);
  mkdirSync(join(folder, 'a/.git'));
  expect(repositoryRoot(join(folder, 'a/b'))).toBe(join(folder, 'a'));
});

it('reports of tests say what makes the exit code 2', async () => {
  writeFileSync(
    join(folder, 'tests.yaml'),
    'apiVersion: netweir.dev/v1alpha1\nkind: ConnectivityTest\ntests: [{name: open, from: all, to: all, deny: all}, {nam: x}]\n',
  );
  const run = (...more: string[]) => runCli(['test', 'tests.yaml', '-f', 'a', ...more], { cwd: folder });
  const { stdout, code } = await run('-o', 'json');
  const checks = (text: string) => JSON.parse(text).findings?.map(({ check }: { check: string }) => check);
  expect({ code, checks: checks(stdout) }).toEqual({
    code: 2,
    checks: ['unknown-field', 'invalid-test', 'invalid-test'],
  });
  expect((await run('-o', 'junit')).stdout).toMatch(/<testcase classname="netweir.lint.invalid-test"[^>]*>\s*<error /);
  expect(checks((await run('-o', 'json', '--allow-incomplete')).stdout)).toEqual(['invalid-test', 'invalid-test']);
});

it('a SARIF log has the version, every check, and files from the root', async () => {
  mkdirSync(join(folder, '.git'));
  const { stdout } = await runCli(['lint', '-f', 'b', '-o', 'sarif'], { cwd: join(folder, 'a') });
  const log: SarifLog = JSON.parse(stdout);
  const { driver } = log.runs[0]!.tool;
  expect(driver.semanticVersion).toBe(VERSION);
  expect(driver.rules.map(({ id }) => id)).toEqual(allChecks().map(({ id }) => id));
  const places = log.runs[0]!.results.map(({ locations }) => locations[0]?.physicalLocation?.artifactLocation);
  expect(places.length).toBeGreaterThan(0);
  for (const place of places) expect(place).toEqual({ uri: 'a/b/web.yaml', uriBaseId: '%SRCROOT%' });
});
