// Every verb on a cluster that holds what an example holds: the answers are those that the files give.

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Case } from './case.ts';
import { withRelay } from './relay.ts';

const EXAMPLE = 'examples/01-first-look';
const FILES = [
  join(EXAMPLE, 'workloads.yaml'),
  ...readdirSync(join(EXAMPLE, 'policies'))
    .sort()
    .map((name) => join(EXAMPLE, 'policies', name)),
];
const SECRET = 'hunter2-of-the-tests';

/** What the files say of a question. */
const onFiles = (bench: Bench, argv: readonly string[]) =>
  bench.netweir([...argv, ...FILES.flatMap((file) => ['-f', file])]);

/** Answers that do not depend on where something was written. */
const SAME: readonly (readonly string[])[] = [
  ['map'],
  ['map', '-n', 'shop', '--to', 'shop/orders-db'],
  ['can', 'shop/web', 'shop/cart:8080'],
  ['can', 'shop/web', 'shop/orders-db:5432'],
  ['can', 'shop/web', 'shop/service/cart:http'],
  ['who-can', 'reach', 'shop/orders-db:5432'],
  ['who-can', 'be-reached-by', 'shop/web'],
  ['exposure'],
];

/** Verbs; the first case fills the cluster. */
export const CASES_OF_VERBS: readonly Case[] = [
  {
    name: 'a cluster holds what was applied',
    async run(bench) {
      await bench.kubectl(['apply', '-f', '-'], FILES.map((file) => readFileSync(file, 'utf8')).join('\n---\n'));
      await bench.kubectl(['create', 'secret', 'generic', 'password', '-n', 'shop', `--from-literal=p=${SECRET}`]);
      // The pods come a moment after what makes them.
      await bench.kubectl([
        'wait',
        '-n',
        'shop',
        '--for=jsonpath={.status.replicas}=2',
        'deployment/web',
        '--timeout=20s',
      ]);
      const { stdout } = await bench.netweir(['snapshot', 'save', '-']);
      const kinds = new Set(JSON.parse(stdout).items.map(({ kind }: { kind: string }) => kind));
      for (const kind of ['Pod', 'ReplicaSet', 'Deployment', 'EndpointSlice', 'NetworkPolicy', 'ClusterRole'])
        ok(kinds.has(kind), kind);
    },
  },
  ...SAME.map((argv) => ({
    name: `${argv.join(' ')} answers as on the files`,
    async run(bench: Bench) {
      const [live, written] = [await bench.netweir(argv), await onFiles(bench, argv)];
      deepEqual([live.stdout, live.code], [written.stdout, written.code]);
    },
  })),
  {
    name: 'explain names policies and fields',
    async run(bench) {
      const { stdout, code } = await bench.netweir(['explain', 'shop/web', 'shop/orders-db:5432']);
      match(stdout, /shop\/orders-to-db +spec\.ingress\[0\]\.from\[0\]/);
      match(stdout, /NetworkPolicy shop\/orders-to-db spec\.ingress\[0\]\.from\[1\] +\+ - podSelector/);
      equal(code, 1);
    },
  },
  {
    name: 'lint finds what it finds in the files, and never writes',
    async run(bench) {
      const checks = (text: string) =>
        JSON.parse(text).findings.map(
          ({ check, message }: { check: string; message: string }) => `${check} ${message}`,
        );
      const live = checks((await bench.netweir(['lint', '-n', 'shop', '-o', 'json'])).stdout);
      const written = checks((await onFiles(bench, ['lint', '-n', 'shop', '-o', 'json'])).stdout);
      deepEqual(live.sort(), written.sort());
      match((await bench.netweir(['lint', '--fix'])).stderr, /is a cluster, which is never written to/);
    },
  },
  {
    name: 'test, exposure --rbac, map --portable and generate answer',
    async run(bench) {
      const tests = bench.file('tests.yaml', {
        apiVersion: 'netweir.dev/v1alpha1',
        kind: 'ConnectivityTest',
        tests: [{ name: 'a', from: 'shop/web', to: 'shop/orders-db', deny: [5432] }],
      });
      equal((await bench.netweir(['test', tests])).code, 0);
      match((await bench.netweir(['exposure', '--rbac', '-o', 'json'])).stdout, /"access"/);
      equal((await bench.netweir(['map', '--portable'])).code, 0);
      const { stdout, stderr } = await bench.netweir(['generate', '-n', 'shop', '-o', 'json']);
      equal(JSON.parse(stdout).kind, 'GeneratedPolicies', stderr);
    },
  },
  {
    name: 'diff compares the cluster with files, and with itself once they are applied',
    async run(bench) {
      const whole = bench.file('whole.yaml', FILES.map((file) => readFileSync(file, 'utf8')).join('\n---\n'));
      deepEqual(await linesOf(bench, ['diff', whole, 'cluster']), ['no connection differs', 0]);
      deepEqual(await linesOf(bench, ['diff', '-f', EXAMPLE]), ['no connection differs', 0]);
      const rule = { from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 5432 }] };
      const change = bench.file('change.json', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'orders-to-db', namespace: 'shop' },
        spec: { podSelector: { matchLabels: { app: 'orders-db' } }, policyTypes: ['Ingress'], ingress: [rule] },
      });
      const predicted = await bench.netweir(['diff', '-f', change]);
      match(predicted.stdout, /^\+ shop\/web +→ shop\/orders-db +5432\/TCP/m);
      match(predicted.stdout, /^- shop\/orders +→ shop\/orders-db +5432\/TCP/m);
      // What was said before applying is what is seen after it.
      const before = bench.file('before.json', (await bench.netweir(['snapshot', 'save', '-'])).stdout);
      await bench.kubectl(['apply', '-f', change]);
      const seen = await bench.netweir(['diff', before, 'cluster']);
      await bench.kubectl(['apply', '-f', whole]);
      deepEqual([seen.stdout, seen.code], [predicted.stdout, predicted.code]);
    },
  },
  {
    name: 'diff -f of a workload shows what its new pods would have',
    async run(bench) {
      const text = readFileSync(FILES[0]!, 'utf8');
      const changed = bench.file('workloads.yaml', text.replaceAll('app: cart', 'app: basket'));
      const { stdout } = await bench.netweir(['diff', '-f', changed]);
      match(stdout, /^- shop\/web +→ shop\/cart +8080\/TCP/m);
    },
  },
  {
    name: 'a snapshot answers as the cluster, and holds no Secret',
    async run(bench) {
      const save = await withRelay(
        bench,
        () => false,
        async ({ url, requests }) => {
          const saved = await bench.netweir(['snapshot', 'save', '-', '--with', 'configmaps', '-s', url]);
          deepEqual(
            requests.filter((path) => /secrets/.test(path)),
            [],
          );
          return saved;
        },
      );
      ok(!save.stdout.includes(SECRET) && !save.stdout.includes(Buffer.from(SECRET).toString('base64')));
      const file = bench.file('saved.json', save.stdout);
      const [live, saved] = [await bench.netweir(['map']), await bench.netweir(['map', '-f', file])];
      deepEqual([saved.stdout, saved.code], [live.stdout, live.code]);
      match(
        (await bench.netweir(['snapshot', 'show', file])).stdout,
        /^snapshot of \d+ objects, context "netweir", \S+, Kubernetes v1\.\d+/,
      );
    },
  },
];

async function linesOf(bench: Bench, argv: readonly string[]): Promise<[string, number]> {
  const { stdout, code } = await bench.netweir(argv);
  return [stdout.trim(), code];
}
