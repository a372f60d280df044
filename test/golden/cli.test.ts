// What a person sees: words and files in, both streams and the exit code out, as files to be read and reviewed.
// test/golden/cli/<case>.txt holds a transcript; inputs stand in test/golden/cli/inputs.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, type Surroundings } from '../support/run-cli.ts';
import { ROOT } from '../support/shared.ts';

const FOLDER = join(ROOT, 'test/golden/cli');
const INPUTS = join(FOLDER, 'inputs');

interface Case {
  readonly name: string;
  readonly argv: readonly string[];
  readonly around?: Surroundings;
}

const PIPED =
  '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i"}]}}';
const PIPED_POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  egress: [] # nothing
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, image: i}]}
`;
const TERMINAL: Surroundings = { isTTY: { stdout: true, stderr: true }, columns: 80 };

/** One case a line: its name, and the command line split at blanks. Words with blanks are given as a list. */
const CASES: readonly Case[] = [
  of('map', 'map -f shop'),
  of('map-on-a-terminal', 'map -f shop --no-color', TERMINAL),
  of('map-in-colour', 'map -f shop --color'),
  of('map-wide', 'map -f shop -o wide'),
  of('map-csv', 'map -f shop -o csv --no-headers'),
  of('map-jsonl', 'map -f shop -o jsonl'),
  of('map-dot', 'map -f shop -o dot'),
  of('map-json', 'map -f shop -n ops -o json'),
  of('map-json-expanded', 'map -f shop --to shop/db -o json --expand'),
  of('map-of-a-namespace', 'map -f shop -n ops'),
  of('map-of-all-namespaces', 'map -f shop -n ops -A --no-headers'),
  of('map-of-labels', 'map -f shop -l app=db'),
  of('map-from-and-to', 'map -f shop --from shop/web --from ops/ --to shop/api'),
  of('map-of-a-port', 'map -f shop --port 8080'),
  of('map-with-icmp', 'map -f shop --protocols icmp --to shop/db'),
  of('map-as-calico', 'map -f shop --cni calico --to shop/db'),
  of('map-portable', 'map -f shop --portable --to shop/api'),
  of('map-portable-json', 'map -f shop --portable --cni cilium,ovn-kubernetes --to shop/api -o json'),
  of('map-portable-csv', 'map -f shop --portable --cni cilium,ovn-kubernetes --to shop/api -o csv'),
  of('map-portable-alike', 'map -f shop --portable --cni calico,antrea,calico@3.32'),
  of('map-portable-of-one', 'map -f shop --portable --cni calico,calico@3.32'),
  of('map-portable-unknown-plugin', 'map -f shop --portable --cni calico,clium'),
  of('map-portable-of-a-malformed-file', 'map -f broken --portable'),
  of('map-of-several-plugins', 'map -f shop --cni calico,cilium'),
  of('map-of-standard-input', 'map -f -', { stdin: PIPED }),
  of('map-of-no-policy', 'map -f shop/workloads.yaml -n ops'),
  of('map-of-policies-only', 'map -f policies-only'),
  of('map-with-a-gateway', 'map -f shop -f gateway --to shop/web --to shop/api'),
  of('map-with-a-gateway-json', 'map -f shop -f gateway --to shop/web -o json'),
  of('who-can-reach-through-a-gateway', 'who-can reach shop/web:8080 -f shop -f gateway'),
  of('who-can-reach-through-a-route', 'who-can reach shop/api:8000 -f shop -f openshift'),
  of('wrong-route', 'map -f wrong-route'),
  of('map-not-recursive', 'map -f nested --no-recursive'),
  of('map-recursive', 'map -f nested'),
  of('exposure', 'exposure -f shop'),
  of('exposure-wide', 'exposure -f shop -o wide --no-headers'),
  of('exposure-of-a-namespace', 'exposure -f shop -n ops'),
  of('exposure-json', 'exposure -f shop -n ops -o json'),
  of('exposure-csv', 'exposure -f shop -n shop -o csv'),
  of('exposure-jsonl', 'exposure -f shop -n ops -o jsonl'),
  of('exposure-of-policies-only', 'exposure -f policies-only'),
  of('exposure-on-a-terminal', 'exposure -f shop --no-color', TERMINAL),
  of('exposure-of-no-policy', 'exposure -f shop/workloads.yaml'),
  of('exposure-fail-on-the-internet', 'exposure -f shop --fail-on internet,unisolated'),
  of('exposure-of-what-is-closed', 'exposure -f closed --fail-on internet,any-namespace,unisolated'),
  of('exposure-fail-on-a-severity', 'exposure -f shop --fail-on high'),
  of('exposure-of-what-is-rejected', 'exposure -f rejected'),
  of('can-allowed', 'can shop/web shop/svc/api:http -f shop'),
  of('can-denied', 'can shop/web shop/db:5432 -f shop'),
  of('can-partly', 'can shop/ shop/db:5432 -f shop'),
  of('can-without-a-port', 'can shop/api shop/db -f shop'),
  of('can-in-one-word', ['can', 'shop/api -> shop/db:5432', '-f', 'shop']),
  of('can-without-namespaces', 'can api db:5432 -n shop -f shop'),
  of('can-internet', 'can internet shop/web:8080 -f shop'),
  of('can-labels', ['can', '{team=ops}/{app=new}', 'shop/api:8000', '-f', 'shop']),
  of('can-json', 'can shop/web shop/db:5432 -f shop -o json'),
  of('can-csv', 'can shop/ shop/db:5432 -f shop -o csv'),
  of('can-next-command', 'can shop/web shop/db:5432 -f shop --no-color', TERMINAL),
  of('can-unknown', 'can 10.1.2.3 shop/db:5432 -f shop --assume podCIDRs=10.0.0.0/8'),
  of('can-equal-priorities', 'can ops/api shop/web:80 -f equal-priorities'),
  of('can-unknown-namespace', 'can shpo/web shop/db -f shop'),
  of('can-unknown-name', 'can shop/wbe shop/db -f shop'),
  of('can-unknown-port-name', 'can shop/web shop/svc/api:htpp -f shop'),
  of('can-unknown-node', 'can node/n1 shop/db -f shop'),
  of('can-ambiguous-name', 'can shop/web shop/web -f ambiguous'),
  of('can-invalid-cidr', 'can 10.0.0.0/33 shop/db -f shop'),
  of('explain-denied', 'explain shop/web shop/db:5432 -f shop'),
  of('explain-allowed', 'explain shop/api shop/db:5432 -f shop'),
  of('explain-json', 'explain shop/web shop/db:5432 -f shop -o json'),
  of('explain-close', 'explain shop/api shop/db:5432 --close -f shop'),
  of('explain-close-portable', 'explain shop/api shop/db:5432 --close --portable -f shop'),
  of('explain-close-unisolated', 'explain shop/web ops/prometheus:9090 --close -f shop'),
  of('explain-changes-wide', 'explain ops/prometheus shop/db:5432 -f shop -o wide'),
  of('explain-without-a-port', 'explain shop/web shop/api -f shop'),
  of('explain-portable', 'explain shop/web shop/api:8000 -f shop --portable'),
  of('explain-portable-alike', 'explain shop/web shop/db:5432 -f shop --portable --cni calico,cilium'),
  of('explain-portable-on-a-terminal', 'explain shop/web shop/api -f shop --portable --protocols tcp', TERMINAL),
  of('who-can-reach', 'who-can reach shop/db:5432 -f shop'),
  of('who-can-reach-nobody', 'who-can reach shop/db:80 -f shop'),
  of('who-can-reach-a-namespace', 'who-can reach shop -f shop'),
  of('who-can-reach-a-namespace-of-its-own', 'who-can reach shop -n shop -f shop'),
  of('who-can-be-reached-by', 'who-can be-reached-by ops/prometheus -f shop'),
  of('who-can-json', 'who-can reach shop/db:5432 -f shop -o json'),
  of('diff', 'diff shop shop-after'),
  of('diff-same', 'diff shop shop'),
  of('diff-json', 'diff shop shop-after -o json'),
  of('diff-rejected', 'diff rejected/pods.yaml rejected'),
  of('diff-rejected-allowed', 'diff rejected/pods.yaml rejected --allow-incomplete'),
  of('diff-standard-input', 'diff - shop', { stdin: PIPED }),
  of('test-fix-dry-run', 'test tests/failing.yaml -f shop --fix --dry-run'),
  of('test-passing', 'test tests/shop.yaml -f shop'),
  of('test-failing', 'test tests/failing.yaml -f shop'),
  of('test-json', 'test tests/failing.yaml -f shop -o json'),
  of('test-mistakes', 'test tests/mistakes.yaml -f shop'),
  of('test-without-a-kind', 'test tests/no-kind.yaml -f shop'),
  of('test-broken-file', 'test tests/broken.yaml -f shop'),
  of('test-unknown-name', 'test tests/unknown-name.yaml -f shop'),
  of('test-without-tests', 'test shop -f shop'),
  of('test-without-manifests', 'test tests/shop.yaml'),
  of('test-rejected', 'test tests/shop.yaml -f shop -f rejected/policy.yaml'),
  of('generate', 'generate -f orders'),
  of('generate-on-a-terminal', 'generate -f orders --no-color', TERMINAL),
  of('generate-from-flows', 'generate -f orders/orders.yaml --flows orders/flows.csv'),
  of('generate-wide', 'generate -f orders/orders.yaml --flows orders/flows.csv -o wide'),
  of('generate-yaml', 'generate -f orders -o yaml'),
  of('generate-json', 'generate -f shop -n ops -o json'),
  of('generate-csv', 'generate -f orders -o csv'),
  of('generate-markdown', 'generate -f orders -o md'),
  of('generate-diff', 'generate -f shop -n shop --diff'),
  of('generate-some-parts', 'generate -f orders --include default-deny,dns,app'),
  of('generate-allow', ['generate', '-f', 'shop', '-n', 'shop', '--allow', 'shop/web -> shop/db']),
  of('generate-forbid', ['generate', '-f', 'orders', '--forbid', 'orders/cleanup -> orders/db:5432']),
  of('generate-widened', [
    'generate',
    '-f',
    'orders/orders.yaml',
    '--flows',
    'orders/flows.csv',
    '--max-blocks',
    '1',
    '--widen',
    '4',
  ]),
  of('generate-strict', 'generate -f shop -n shop --strict'),
  of('generate-require-ready', 'generate -f shop -n ops --require-ready'),
  of('generate-unsound', 'generate -f orders --include default-deny,dns'),
  of('generate-forbid-in-vain', [
    'generate',
    '-f',
    'shop',
    '-n',
    'shop',
    '--forbid',
    'ops/prometheus -> shop/web:8080',
  ]),
  of('generate-of-a-malformed-file-allowed', 'generate -f broken --allow-incomplete'),
  of('generate-of-policies-only', 'generate -f policies-only'),
  of('generate-of-system-namespaces', 'generate -f system'),
  of('generate-of-an-empty-namespace', 'generate -f system -n staging'),
  of('generate-of-no-namespace', 'generate -f shop -n shpo'),
  of('generate-unknown-part', 'generate -f shop --include app,cross-namspace'),
  of('generate-unknown-confidence', 'generate -f shop --confidence sure'),
  of('generate-widen-nothing', 'generate -f shop --widen 0'),
  of('generate-half-a-block', 'generate -f shop --max-blocks 1.5'),
  of('generate-allow-unknown-name', ['generate', '-f', 'shop', '--allow', 'shop/wbe -> shop/db:5432']),
  of('generate-allow-half-a-pair', ['generate', '-f', 'shop', '--allow', 'shop/web']),
  of('generate-forbid-unknown-namespace', ['generate', '-f', 'shop', '--forbid', 'shpo/ -> shop/db']),
  of('generate-without-a-log', 'generate -f shop --flows missing.jsonl'),
  of('generate-of-a-malformed-file', 'generate -f broken'),
  of('lint-nothing', 'lint -f shop'),
  of('lint-rejected', 'lint -f rejected'),
  of('lint-json', 'lint -f wrong-field -o json'),
  of('lint-of-a-namespace', 'lint -f rejected -n ops'),
  of('lint-fail-on-critical', 'lint -f rejected --fail-on critical'),
  of('lint-list', 'lint --list'),
  of('lint-describe', 'lint --describe unknown-field'),
  of('lint-fix-standard-input', 'lint --fix --suggested -f -', { stdin: PIPED_POLICY }),
  of('lint-fix-standard-input-dry-run', 'lint --fix --suggested --dry-run -f -', { stdin: PIPED_POLICY }),
  of('malformed-yaml', 'map -f broken'),
  of('mistyped', 'lint -f mistyped'),
  of('malformed-yaml-allowed', 'map -f broken --allow-incomplete'),
  of('malformed-yaml-can', 'can ops/api shop/web:80 -f broken -o json'),
  of('wrong-field', 'can ops/api shop/web:80 -f wrong-field'),
  of('wrong-api-version', 'map -f wrong-version'),
  of('calico-beside-ours', 'can ops/api shop/web:80 -f calico'),
  of('calico-beside-ours-explained', 'explain ops/api shop/web:80 -f calico'),
  of('duplicate-objects', 'can ops/api shop/web:80 -f duplicates'),
  of('cyclic-anchors', 'lint -f cyclic'),
  of('alias-bomb', 'lint -f bomb'),
  of('missing-path', 'map -f shpo'),
  of('cni-list', 'map --cni list'),
  of('explain-a-dropped-record', 'explain --flow replay/hubble.jsonl:3 -f replay/cluster'),
  of('explain-a-record-on-a-terminal', 'explain --flow replay/hubble.jsonl:3 -f replay/cluster --no-color', TERMINAL),
  of('explain-a-record-that-differs', 'explain --flow replay/hubble.jsonl:4 -f replay/cluster'),
  of('explain-a-record-dropped-otherwise', 'explain --flow replay/hubble.jsonl:5 -f replay/cluster'),
  of('explain-a-record-of-a-probe', 'explain --flow replay/hubble.jsonl:6 -f replay/cluster'),
  of('explain-a-record-of-a-gone-pod', 'explain --flow replay/hubble.jsonl:7 -f replay/cluster'),
  of('explain-a-record-before-translation', 'explain --flow replay/hubble.jsonl:1 -f replay/cluster'),
  of('explain-a-record-let-through', 'explain --flow replay/hubble.jsonl:2 -f replay/cluster'),
  of('explain-a-record-json', 'explain --flow replay/hubble.jsonl:3 -f replay/cluster -o json'),
  of('explain-a-record-csv', 'explain --flow replay/logs/flows.csv:5 -f replay/cluster -o csv'),
  of('explain-a-record-of-a-table', 'explain --flow replay/logs/flows.csv:5 -f replay/cluster'),
  of('explain-a-record-on-standard-input', 'explain --flow - -f replay/cluster', {
    stdin:
      '{"flow":{"verdict":"FORWARDED","IP":{"source":"10.244.0.11","destination":"10.244.0.12","ipVersion":"IPv4"},"l4":{"TCP":{"source_port":40000,"destination_port":5432}},"is_reply":false,"traffic_direction":"INGRESS"}}',
  }),
  of('explain-a-record-as-text', [
    'explain',
    '--flow',
    '{"verdict":"DROPPED","drop_reason_desc":"POLICY_DENIED","IP":{"source":"10.244.0.10","destination":"10.244.0.11"},"l4":{"TCP":{"destination_port":9090}}}',
    ...'-f replay/cluster'.split(' '),
  ]),
  of('explain-a-record-and-a-pair', 'explain shop/web shop/db --flow replay/hubble.jsonl:3 -f replay/cluster'),
  of('explain-a-line-that-is-not-there', 'explain --flow replay/hubble.jsonl:30 -f replay/cluster'),
  of('explain-a-log-without-a-line', 'explain --flow replay/hubble.jsonl -f replay/cluster'),
  of('explain-a-record-of-a-log-that-is-not-there', 'explain --flow replay/none.jsonl:1 -f replay/cluster'),
  of('replay', 'replay -f replay/cluster --flows replay/logs'),
  of('replay-on-a-terminal', 'replay -f replay/cluster --flows replay/logs/flows.csv --no-color', TERMINAL),
  of('replay-a-proposal', 'replay -f replay/cluster --with replay/proposal --flows replay/logs'),
  of('replay-a-policy-anew', 'replay -f replay/cluster --with replay/anew --flows replay/logs'),
  of('replay-wide', 'replay -f replay/cluster --with replay/proposal --flows replay/logs -o wide'),
  of('replay-json', 'replay -f replay/cluster --flows replay/logs-fine.csv -o json'),
  of('replay-csv', 'replay -f replay/cluster --with replay/proposal --flows replay/logs -o csv'),
  of('replay-jsonl', 'replay -f replay/cluster --flows replay/logs-fine.csv -o jsonl'),
  of('replay-md', 'replay -f replay/cluster --with replay/proposal --flows replay/logs -o md'),
  of('replay-fine', 'replay -f replay/cluster --flows replay/logs-fine.csv'),
  of('replay-since', 'replay -f replay/cluster --flows replay/logs --since 1h --allow-incomplete'),
  of('replay-until', 'replay -f replay/cluster --flows replay/logs --until 2026-11-21T10:00:02Z'),
  of('replay-a-damaged-log', 'replay -f replay/cluster --flows replay/logs-damaged.csv'),
  of('replay-standard-input', 'replay -f replay/cluster --flows -', {
    stdin: 'source_ip,destination_ip,destination_port,protocol\n10.244.0.11,10.244.0.12,5432,TCP\n',
  }),
  of('replay-what-is-no-flow', 'replay -f replay/cluster --flows replay/hubble.jsonl --allow-incomplete'),
  of('replay-a-time-without-records', 'replay -f replay/cluster --flows replay/logs --since 2026-11-22'),
  of('replay-a-time-that-ends-first', 'replay -f replay/cluster --flows replay/logs --since 1m --until 2m'),
  of('replay-without-flows', 'replay -f replay/cluster'),
  of('replay-a-wrong-time', 'replay -f replay/cluster --flows replay/logs --since yesterday'),
  of('replay-standard-input-twice', 'replay -f - --flows -'),
  of('replay-a-log-that-is-not-there', 'replay -f replay/cluster --flows replay/log'),
];

function of(name: string, command: string | readonly string[], around?: Surroundings): Case {
  const argv = typeof command === 'string' ? command.split(' ') : command;
  return { name, argv, ...(around === undefined ? {} : { around }) };
}

describe('the command line', () => {
  it.each(CASES)('$name', async ({ name, argv, around }) => {
    const { stdout, stderr, code } = await runCli(argv, { cwd: INPUTS, ...around });
    const line = argv.map((word) => (/[ {}>]/.test(word) ? `'${word}'` : word)).join(' ');
    const transcript = `$ netweir ${line}\n[exit code ${code}]\n[standard output]\n${stdout}[standard error]\n${stderr}`;
    // CSV ends its lines with CR and LF, which a checkout may change: they are shown.
    await expect(transcript.replaceAll('\r', '␍')).toMatchFileSnapshot(join(FOLDER, `${name}.txt`));
  });

  it('has no transcript without a case', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));
    expect(files.sort()).toEqual(CASES.map(({ name }) => `${name}.txt`).sort());
  });
});
