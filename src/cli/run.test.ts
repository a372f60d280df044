import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../test/support/run-cli.ts';
import { ROOT } from '../../test/support/shared.ts';
import { LATER_VERBS, VERBS } from './command-table.ts';
import { VERSION } from './version.ts';

describe('without a question', () => {
  it('alone prints the verbs, to standard output', async () => {
    const { stdout, stderr, code } = await runCli([]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const { name, summary } of VERBS) expect(stdout).toContain(`  ${name.padEnd(10)}   ${summary}`);
    // One screen of a terminal.
    expect(stdout.split('\n').length).toBeLessThan(25);
  });

  it.each([['--help'], ['-h'], ['help']])('%s prints examples first, and the exit codes', async (word) => {
    const { stdout, code } = await runCli([word]);
    expect(code).toBe(0);
    expect(stdout.indexOf('Examples:')).toBeLessThan(stdout.indexOf('Verbs:'));
    expect(stdout).toContain('130   stopped with Ctrl-C');
  });

  it.each(VERBS.map(({ name }) => name))('%s --help is the same as help %s, and fits 100 columns', async (name) => {
    const { stdout, code } = await runCli([name, '--help']);
    expect(code).toBe(0);
    expect((await runCli(['help', name])).stdout).toBe(stdout);
    expect((await runCli(['-h', name])).code).toBe(0);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('is called as kubectl calls it', async () => {
    const { stdout } = await runCli(['map', '--help'], { program: 'kubectl netweir' });
    expect(stdout).toContain('Usage: kubectl netweir map [flags]');
    expect(stdout).not.toMatch(/(?<!kubectl )netweir map/);
  });

  it.each([['version'], ['--version']])('%s prints the version of the package', async (word) => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(VERSION).toBe(version);
    expect(await runCli([word])).toEqual({ stdout: `netweir ${version}\n`, stderr: '', code: 0 });
  });
});

describe('usage that is wrong', () => {
  it.each<[string[], string]>([
    [['mpa'], 'error: there is no verb "mpa"\nhint: did you mean map?\n'],
    [
      ['frobnicate'],
      'error: there is no verb "frobnicate"\nhint: verbs: map, can, explain, who-can, exposure, diff, test, lint, generate, replay, snapshot, completion, version\n',
    ],
    [['help', 'mpa'], 'error: there is no verb "mpa"\nhint: did you mean map?\n'],
    [['--frob'], 'error: a verb is missing, and "--frob" is no flag without one\nhint: verbs: map,'],
    [['map', '--form', 'x'], 'error: map has no flag --form\nhint: did you mean --from?\n'],
    [['map', '--form=x'], 'error: map has no flag --form\nhint: did you mean --from?\n'],
    [['map', '--zzz'], 'error: map has no flag --zzz\nhint: netweir map --help lists its flags\n'],
    [['map', '-z'], 'error: map has no flag -z\nhint: netweir map --help lists its flags\n'],
    [
      ['generate', '-f', '.', '-n', 'shop', '--namespace=data'],
      'error: -n takes one value, and was given "shop" and "data"\nhint: ask about one after the other, or about all without -n\n',
    ],
    [
      ['map', '--cni', 'calico', '--cni=cilium'],
      'error: --cni takes one value, and was given "calico" and "cilium"\nhint: leave one of them out\n',
    ],
    [['exposure', '--rbac=x'], 'error: --rbac takes no value\nhint: write --rbac alone\n'],
    [['map', '--no-recursive=x'], 'error: --no-recursive takes no value\nhint: write --no-recursive alone\n'],
    [['map', '-f'], 'error: --filename needs a value\nhint: write --filename PATH\n'],
    [
      ['can', 'a', 'b', '--fail-on', 'high'],
      'error: can has no flag --fail-on\nhint: verbs that have it: exposure, lint\n',
    ],
    [
      ['can', 'a', 'b', '--port', '80'],
      'error: can has no flag --port\nhint: write the port behind the destination: DST:PORT\n',
    ],
    [['who-can', 'reach', 'b', '-p', '80'], 'error: who-can has no flag -p\nhint: write the port behind'],
    [['-v'], 'error: a verb is missing, and "-v" is no flag without one\nhint: the version is printed by --version\n'],
    [['map', '-f', ''], 'error: a path is empty\n'],
    [['diff', '', 'k8s'], 'error: a path is empty\n'],
    [
      ['can', 'a', 'https://example.com'],
      'error: "https://example.com" is a URL, not an endpoint\nhint: write internet:443, or the address of the host and a port\n',
    ],
    [['can', 'a', 'b', '-l', 'app=x'], 'error: can has no flag -l\nhint: a verb that has it is map\n'],
    [['map', '--watch'], 'error: --watch is not available in this version\n'],
    [['map', '-w'], 'error: -w is not available in this version\n'],
    [['map', 'k8s/'], 'error: "k8s/" is one word too many\nhint: manifests are named with -f: map -f k8s/\n'],
    [['can'], 'error: can needs SRC DST[:PORT]\nhint: netweir can --help shows examples\n'],
    [['can', 'a', 'b', 'c', 'd'], 'error: "d" is one word too many\nhint: usage: can SRC DST[:PORT]\n'],
    [['can', 'a', 'b', 'c'], 'error: "a b c" is not one source and one destination\n'],
    [['can', 'shop/Web', 'shop/db'], 'error: endpoint "shop/Web": "Web" is no name'],
    [
      ['who-can', 'raech', 'a'],
      'error: who-can asks reach or be-reached-by, not "raech"\nhint: write who-can reach DST[:PORT]\n',
    ],
    [['who-can', 'reach'], 'error: who-can needs reach DST[:PORT] | be-reached-by SRC\n'],
    [['who-can', 'be-reached-by', 'shop/web:80'], 'error: the source "shop/web:80" has a port\n'],
    [
      ['map', '--protocols', 'tpc'],
      'error: --protocols: "tpc" is no protocol\nhint: write a list of tcp, udp, sctp and icmp, or all\n',
    ],
    [
      ['map', '-o', 'yml', '-f', '.'],
      'error: there is no output format "yml"\nhint: formats for ConnectivityMap: table, wide, json, jsonl, csv, dot, md, mermaid\n',
    ],
    [['map', '-o', 'svg', '-f', '.'], 'error: output format "svg" is not available in this version\n'],
    [['map', '-o', 'sarif', '-f', '.'], 'error: output format "sarif" is not for ConnectivityMap\n'],
    [['can', 'a', 'b', '-o', 'dot', '-f', '.'], 'error: output format "dot" is not for Answer\n'],
    [['map', '-o', 'json', '-o', 'csv', '-f', '.'], 'error: two results would be written to standard output\n'],
    [['map', '-o', 'json=', '-f', '.'], 'error: -o json= has no path after the equals sign\n'],
    [['lint', '--fail-on', 'hgih'], 'error: --fail-on: "hgih" is no severity\n'],
    [
      ['generate', '-f', '.', '--since', '24h'],
      'error: --since is about flow logs, and none is named\nhint: name one with --flows\n',
    ],
    [
      ['generate', '-f', '.', '--layout', 'namespace'],
      'error: --layout is about a bundle, and none is written\nhint: name one with --bundle DIR\n',
    ],
    [
      ['lint', '--describe', 'invalid-cdir'],
      'error: there is no check "invalid-cdir"\nhint: did you mean invalid-cidr',
    ],
    [['completion', 'tcsh'], 'error: there is no completion for "tcsh"\nhint: shells: bash, zsh, fish, powershell\n'],
    [['map', '--cni', 'calcio', '-f', '.'], 'error: there is no plugin "calcio"\nhint: did you mean calico'],
    [['map', '--assume', 'hostNetwork=x', '-f', '.'], 'error: '],
    [['map', '-l', 'app=-', '-f', '.'], 'error: "-" in "app=-" is no label value'],
    [['map', '-f', 'no-such-folder'], 'error: "no-such-folder" does not exist\n'],
    [['diff', 'a'], 'error: diff needs two operands\n'],
    [['diff', '-f', 'a'], 'error: "a" does not exist\n'],
    [
      ['diff', '-f', 'examples/01-first-look'],
      'error: no kubeconfig says where a cluster is\nhint: name one with --kubeconfig or KUBECONFIG\n',
    ],
    [['diff', 'a', 'b', '-f', 'c'], 'error: diff takes two operands, or -f alone\n'],
    [['diff', 'cluster', 'a'], 'error: no kubeconfig says where a cluster is\n'],
    [['diff', 'context/prod', 'a'], 'error: no kubeconfig says where a cluster is\n'],
    [['diff', 'a', 'b', '--token', 'x'], 'error: --token chooses a cluster, and the answer comes from files alone\n'],
    [['map', '--context', 'x', '--kubeconfig', 'no-such-file'], 'error: there is no kubeconfig "no-such-file"\n'],
    [['map', '--as-group', 'x', '-s', 'https://127.0.0.1:1'], 'error: --as-group needs --as\n'],
    [['map', '--request-timeout', 'soon'], 'error: --request-timeout: "soon" is no duration\n'],
    [['diff', '-', '-'], 'error: standard input can be only one of the two states\n'],
    [
      ['map', '-f', '.', '--context', 'prod'],
      'error: --context chooses a cluster, and the answer comes from files alone\n',
    ],
  ])('%j is explained, with exit code 2 and nothing on standard output', async (argv, expected) => {
    const { stdout, stderr, code } = await runCli(argv);
    expect(stderr).toContain(expected);
    expect(stderr).not.toContain('    at ');
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });

  it.each(LATER_VERBS)('%s is not available yet', async (verb) => {
    const { stderr, code } = await runCli([verb]);
    expect(stderr).toContain(`error: "${verb}" is not available in this version\n`);
    expect(code).toBe(2);
    expect((await runCli(['--help'])).stdout).not.toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
  });
});

describe('without manifests', () => {
  const RESOURCES =
    'namespaces,pods,deployments.apps,replicasets.apps,statefulsets.apps,daemonsets.apps,jobs.batch,cronjobs.batch,' +
    'services,endpointslices.discovery.k8s.io,ingresses.networking.k8s.io,nodes,networkpolicies.networking.k8s.io';

  it.each<[string[], string, string]>([
    [['map'], `kubectl get ${RESOURCES} -A -o json`, 'netweir map -f -'],
    [['map', '-n', 'shop', '-o', 'json'], `kubectl get ${RESOURCES} -A -o json`, 'netweir map -n shop -o json -f -'],
    [['-n', 'shop', 'map'], `kubectl get ${RESOURCES} -A -o json`, 'netweir map -n shop -f -'],
    [['can', 'shop/web', '*:80'], `kubectl get ${RESOURCES} -A -o json`, "netweir can shop/web '*:80' -f -"],
    [
      ['map', '--context', 'p d', '--as=system:admin', '--insecure-skip-tls-verify'],
      `kubectl --context 'p d' --as system:admin get ${RESOURCES} -A -o json`,
      'netweir map -f -',
    ],
  ])('%j says how to read the cluster', async (argv, kubectl, own) => {
    const { stdout, stderr, code } = await runCli(argv);
    expect(stderr).toContain(`\n  ${kubectl} | ${own}\n`);
    expect(stderr).toContain('adminnetworkpolicies.policy.networking.k8s.io');
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });

  it.each([
    [['map', '-n', 'a b'], "  netweir map -n 'a b' -f -\n"],
    [['lint', '--fix'], '  netweir lint --fix --dry-run -f -\n'],
    [['lint', '--fix', '--dry-run'], '  netweir lint --fix --dry-run -f -\n'],
  ])('%j says that what is piped in has to be named', async (argv, command) => {
    const { stdout, stderr, code } = await runCli(argv, { stdin: 'kind: Pod' });
    expect(stderr).toBe(
      `error: no manifests were given\nhint: name files with -f PATH, or read what is piped in with -f -:\n${command}`,
    );
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });

  it('does not offer standard input twice', async () => {
    const tests =
      'apiVersion: netweir.dev/v1alpha1\nkind: ConnectivityTest\ntests: [{name: a, from: a, to: b, deny: all}]\n';
    const { stderr } = await runCli(['test', '-'], { stdin: tests });
    expect(stderr).toBe('error: no manifests were given\nhint: name files with -f PATH\n');
  });

  it('does not wait for a terminal to be typed into', async () => {
    const { stderr, code } = await runCli(['map', '-f', '-'], { isTTY: { stdin: true } });
    expect(stderr).toContain('error: - reads standard input, which is a terminal\n');
    expect(stderr).toContain('| netweir map -f -\n');
    expect(code).toBe(2);
  });
});

it('says on a terminal how many files were read', async () => {
  const cwd = join(ROOT, 'test/golden/cli/inputs');
  const { stderr } = await runCli(['map', '-f', 'shop'], { cwd, isTTY: { stderr: true }, tick: 1000 });
  expect(stderr).toMatch(/\rreading files 1 of \d+, \d+ objects? \(.*\), \d+ s left …/);
  expect((await runCli(['map', '-f', 'shop'], { cwd, tick: 1000 })).stderr).not.toContain('reading');
});

describe('an internal error', () => {
  it('is one sentence, and a stack only with --debug', async () => {
    const broken = { write: () => Promise.reject(new Error('the disk is on fire')) };
    const { run } = await import('./run.ts');
    let stderr = '';
    const io = {
      stdin: (async function* () {})(),
      stdout: broken,
      stderr: {
        async write(text: string) {
          stderr += text;
        },
      },
      env: {},
      isPiped: false,
      cwd: ROOT,
      isTTY: { stdin: false, stdout: false, stderr: false },
      program: 'netweir',
      now: () => 0,
      today: () => '2026-06-01',
    };
    expect(await run(['version'], io)).toBe(2);
    expect(stderr).toBe('internal error: the disk is on fire; this is a defect of netweir; --debug shows where\n');
    stderr = '';
    expect(await run(['version', '--debug'], io)).toBe(2);
    expect(stderr).toContain(
      'internal error: the disk is on fire; this is a defect of netweir\nError: the disk is on fire\n    at ',
    );
  });

  it('a reader that goes away is none: 141 and silence', async () => {
    expect(await runCli(['version'], { closesAfter: 0 })).toEqual({ stdout: '', stderr: '', code: 141 });
  });
});
