// The walk of docs/close-a-namespace.md, command by command, on a copy of its example; and the same walk on the corpus that
// it was modelled on.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examplesIn, fencedBlocks, matchesElided, splitCommand, withoutBlankEnds } from '../support/console-block.ts';
import { type CliRun, runCli } from '../support/run-cli.ts';
import { describeWithShared, ROOT, sharedPath } from '../support/shared.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-walk-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]): Promise<CliRun> => runCli(words, { cwd: folder });

describe('docs/close-a-namespace.md', () => {
  it('prints what it says, and ends where it says', async () => {
    cpSync(join(ROOT, 'examples/04-close-a-namespace'), folder, { recursive: true });
    const text = readFileSync(join(ROOT, 'docs/close-a-namespace.md'), 'utf8');
    const steps = fencedBlocks(text).flatMap((block) => (block.info.startsWith('console') ? examplesIn(block.text) : []));
    expect(steps.length).toBeGreaterThan(8);
    for (const { command, expected } of steps) {
      const [program, ...words] = splitCommand(command) ?? [];
      expect(program).toBe('netweir');
      const { stdout, stderr } = await run(...words);
      const actual = withoutBlankEnds(`${stdout}${stderr}`.split('\n'));
      if (!matchesElided(actual, expected)) expect(actual, command).toEqual(expected);
    }
  });
});

/** What the application of the corpus needs, and that nothing else happens. */
const TESTS = `apiVersion: netweir.dev/v1alpha1
kind: ConnectivityTest
tests:
- {name: clients reach the frontend, from: internet, to: production/service/frontend-service, allow: [80]}
- {name: frontend calls backend, from: production/frontend, to: production/backend, allow: [http]}
- {name: backend reads the database, from: production/backend, to: production/database, allow: [postgres]}
- {name: backend calls the payment API, from: production/backend, to: 203.0.113.10, allow: [443]}
- {name: everybody resolves names, from: production/, to: kube-system/coredns, allow: [53/udp, 53/tcp]}
- {name: Prometheus scrapes backend, from: monitoring/prometheus, to: production/backend, allow: [metrics]}
- name: nothing else goes out
  from: production/
  to: anything
  deny: all
  except:
  - {to: production/app=backend, ports: [8080]}
  - {to: production/app=database, ports: [5432]}
  - {to: 203.0.113.0/24, ports: [443]}
  - {to: kube-system/k8s-app=kube-dns, ports: [53/udp, 53/tcp]}
- {name: only backend reaches the database, to: production/database, only: {production/backend: [5432/tcp]}}
- name: only frontend calls backend, and Prometheus scrapes it
  to: production/backend
  only: {production/frontend: [8080/tcp], monitoring/prometheus: [9090/tcp]}
- {name: metadata is closed, from: production/, to: metadata, deny: all}
`;

describeWithShared('the seven policies of the corpus', () => {
  const lint = (...words: string[]) => run('lint', '-f', 'k8s', ...words);
  const fix = (...checks: string[]) => lint('--fix', '--suggested', ...checks.flatMap((check) => ['--only', check]));
  const failing = async () => {
    const { stdout } = await run('test', 'tests.yaml', '-f', 'k8s', '-o', 'json');
    const { tests } = JSON.parse(stdout) as { tests: { name: string; passed: boolean }[] };
    return tests.filter(({ passed }) => !passed).map(({ name }) => name);
  };

  beforeEach(() => {
    cpSync(sharedPath('corpus', 'production'), join(folder, 'k8s'), { recursive: true });
    writeFileSync(join(folder, 'tests.yaml'), TESTS);
  });

  it('lead by fixes and repairs to a namespace that works and is closed', async () => {
    expect(await failing()).toEqual([
      'clients reach the frontend',
      'nothing else goes out',
      'only backend reaches the database',
      'metadata is closed',
    ]);
    // What is needed is opened before anything is closed: the other way round is refused.
    expect((await fix('deny-policy-allows')).stderr).toContain('it would bring source-closed');
    expect((await fix('source-closed')).stderr).toContain('; no connection changes');
    // The Service may put a node in the place of its client, so nothing less than everybody will do for it.
    const door = (await fix('destination-closed')).stderr;
    expect(door).toContain('fixed k8s/workloads.yaml:65 destination-closed: let everybody in on its target ports');
    expect((await fix('deny-policy-allows')).stderr).toContain('fixed k8s/block-metadata.yaml:11');
    await fix('dns-anywhere', 'dns-udp-only', 'selects-whole-namespace');
    expect((await fix('redundant-rule')).stderr).toContain('take the rule away; no connection changes');
    expect(await failing()).toEqual([]);
    expect((await lint('-n', 'production')).stdout).toBe('no findings\n');
    for (const cni of ['calico', 'cilium@1.18']) {
      const { code } = await run('can', 'production/frontend', 'production/backend:8080', '-f', 'k8s', '--cni', cni);
      expect([cni, code]).toEqual([cni, 0]);
    }
  });

  it('are repaired by tests alone, as far as tests ask', async () => {
    const { stdout, stderr } = await run('test', 'tests.yaml', '-f', 'k8s', '--fix');
    expect(stderr).toContain('"only backend reaches the database": leave pods out of production/allow-monitoring-scrape; nothing else changes');
    expect(stderr).toContain('not fixed "clients reach the frontend"');
    expect(stdout).toMatch(/FAIL +clients reach the frontend/);
    expect(stdout).toMatch(/ok +only backend reaches the database/);
  });

  it('keep every comment of the files that are changed', async () => {
    await fix('selects-whole-namespace');
    const text = readFileSync(join(folder, 'k8s/allow-monitoring-scrape.yaml'), 'utf8');
    expect(text).toContain('port: metrics  # Prometheus metrics port');
  });
});
