// Flow logs with damage, on the command line: what was not understood is counted, in the result as well as beside it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { validateDocument } from '../support/schemas.ts';

const HEADER = 'source_ip,destination_ip,protocol,destination_port\n';
const ROW = '10.0.0.1,10.0.0.2,tcp,80\n';
const pod = (name: string, podIP: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop}
spec: {containers: [{name: c}]}
status: {podIP: ${podIP}}
`;

let cwd = '';
const put = (name: string, text: string): void => writeFileSync(join(cwd, name), text);
const replay = (...argv: string[]) => runCli(['replay', '-f', 'pods.yaml', ...argv], { cwd });

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'netweir-flow-logs-'));
  put('pods.yaml', `${pod('web', '10.0.0.1')}---\n${pod('db', '10.0.0.2')}`);
  put('many.csv', `${HEADER}${ROW}${'x,10.0.0.2,tcp,1\n'.repeat(30)}`);
  for (const name of ['cut1.csv', 'cut2.csv']) put(name, `${HEADER}${ROW}10.0.0.1,10.`);
});
const explain = (record: string, stdin?: string) =>
  runCli(['explain', '-f', 'pods.yaml', '--flow', record], { cwd, ...(stdin === undefined ? {} : { stdin }) });
afterAll(() => rmSync(cwd, { recursive: true }));

it('records that are broken are counted in every format, beside lines that are cut off', async () => {
  const logs = ['many.csv', 'cut1.csv', 'cut2.csv'].flatMap((name) => ['--flows', name]);
  const { stdout, stderr, code } = await replay(...logs);
  expect(stdout).toContain('? none of 1 observed connection would be denied\n');
  expect(stdout).toContain('  3 records: 0 not attributed, 30 more not understood\n');
  expect(stderr).toContain('not read or understood: 30 of 33 records of the flow log were not understood\n');
  expect(stderr.match(/note: many.csv:/g)).toHaveLength(20);
  expect(stderr).toContain('note: … and 10 more lines or files like these\n');
  expect(stderr).toContain('note: the last lines of 2 logs are only begun, and left out\n');
  expect(code).toBe(2);
  const json = JSON.parse((await replay(...logs, '-o', 'json')).stdout);
  expect(validateDocument(json)).toEqual([]);
  expect(json).toMatchObject({
    records: { total: 3, broken: 30 },
    incomplete: [{ reason: 'not-understood', message: '30 of 33 records of the flow log were not understood' }],
    notes: ['the last lines of 2 logs are only begun, and left out'],
  });
  expect((await replay(...logs, '-o', 'junit')).stdout).toContain('30 of 33 records of the flow log were not');
  expect((await replay(...logs, '--allow-incomplete')).code).toBe(0);
});

it('a log in which all was understood says nothing of the kind', async () => {
  put('good.csv', HEADER + ROW);
  const { stdout, code } = await replay('--flows', 'good.csv', '-o', 'json');
  expect(JSON.parse(stdout)).toMatchObject({ records: { total: 1 }, incomplete: [], notes: [] });
  expect(JSON.parse(stdout).records).not.toHaveProperty('broken');
  expect(code).toBe(0);
});

it('a row over several lines is found by its first one, below a header that is not on the first', async () => {
  put(
    'tall.csv',
    `\n${HEADER.replace('\n', ',note\n')}10.0.0.1,10.0.0.2,tcp,80,"a\nb ""c""\nd"\n${ROW.trim()},"open\n`,
  );
  expect((await explain('tall.csv:3')).stdout).toContain('shop/web → shop/db   80/TCP\n  tall.csv:3\n');
  expect((await explain('tall.csv:2')).stderr).toContain('error: tall.csv:2 holds the names of the columns\n');
  expect((await explain('tall.csv:6')).stderr).toContain(
    'no flow to judge: broken; a quote is opened and never closed',
  );
});

it.each([
  ['{bad', 'error: the record at <argument>:1 is no flow log that is known\n'],
  ['{"flow":{}}', 'error: the record at <argument>:1 is no flow to judge: without addresses\n'],
  ['{"flow":5}', 'error: the record at <argument>:1 is no flow to judge: broken; "flow" is no object\n'],
  ['long.csv:2', 'error: long.csv:2 is longer than any record\n'],
  ['many.csv:99', 'error: "many.csv" has no line 99\nhint: it has 32\n'],
])('what is no record is named as it was given: %s', async (record, message) => {
  put('long.csv', `${HEADER}${'x'.repeat(4 * 1024 * 1024 + 1)}\n${ROW}`);
  const { stderr, code } = await explain(record);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

it('a folder in which nothing is a log has as many files as it has', async () => {
  mkdirSync(join(cwd, 'junk'));
  for (const name of ['a.txt', 'b.txt']) put(`junk/${name}`, 'hello\n');
  const { stderr } = await replay('--flows', 'junk');
  expect(stderr).toBe('error: no flows in 2 files\nhint: junk/a.txt: not read: no flow log that is known\n');
});

it.each<[string[], string]>([
  [
    ['replay', '-f', 'pods.yaml', '--flows', 'good.csv', '--protocols', 'udp'],
    'error: replay has no flag --protocols\n',
  ],
  [['replay', '-f', 'pods.yaml', '--flows', ''], 'error: a path of a flow log is empty\n'],
  [
    ['explain', 'shop/web', 'shop/db', '-f', 'pods.yaml', '--flows', 'good.csv'],
    'error: --flows is about a record of a log, and none is named\n',
  ],
  [
    ['explain', 'shop/web', 'shop/db', '-f', 'pods.yaml', '--columns', 'source_ip=a'],
    'error: --columns is about a record of a log, and none is named\n',
  ],
])('%j would do something else than was meant', async (argv, message) => {
  const { stderr, code } = await runCli(argv, { cwd });
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

it('a proposal keeps what only the server of a snapshot knows, and is laid over it as over a cluster', async () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\n';
  put(
    'snapshot.yaml',
    `${pod('web', '10.0.0.1')}---\n${pod('db', '10.0.0.2').replace('namespace: shop', 'namespace: shop, labels: {app: db}')}---
${service}spec: {clusterIP: 10.96.0.50, selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}
`,
  );
  put(
    'proposal.yaml',
    `${service}spec: {selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}}
`,
  );
  put('vip.csv', `${HEADER}10.0.0.1,10.96.0.50,tcp,80\n`);
  const { stdout, code } = await runCli(
    ['replay', '-f', 'snapshot.yaml', '--with', 'proposal.yaml', '--flows', 'vip.csv'],
    { cwd },
  );
  expect(stdout).toContain('✗ 1 of 1 observed connection would be denied\n');
  expect(stdout).toContain('shop/web → shop/db   5432/TCP   via Service shop/db:80');
  expect(code).toBe(1);
});

it('what pods of a changed template were seen to do is judged for those that it would make', async () => {
  const web = (labels: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {${labels}}}, spec: {containers: [{name: c}]}}}
`;
  const owned = (kind: string, name: string) =>
    `ownerReferences: [{apiVersion: apps/v1, kind: ${kind}, name: ${name}, controller: true}]`;
  put(
    'today.yaml',
    `${web('app: web')}---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-6bfb7f754, namespace: shop, ${owned('Deployment', 'web')}}
spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}}
---
${pod('web-6bfb7f754-bcdfg', '10.0.0.1').replace('namespace: shop', `namespace: shop, labels: {app: web}, ${owned('ReplicaSet', 'web-6bfb7f754')}`)}---
${pod('db', '10.0.0.2').replace('namespace: shop', 'namespace: shop, labels: {app: db}')}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {role: front}}}]}]}
`,
  );
  put('labelled.yaml', web('app: web, role: front'));
  put('row.csv', HEADER + ROW);
  const ask = (...argv: string[]) => runCli(['replay', '-f', 'today.yaml', '--flows', 'row.csv', ...argv], { cwd });
  expect((await ask()).stdout).toContain('✗ 1 of 1 observed connection would be denied\n');
  const { stdout, code } = await ask('--with', 'labelled.yaml');
  expect(stdout).toMatch(/^✓ none of 1 observed connection would be denied\n.*\n {2}1 record: 0 not attributed\n/);
  expect(code).toBe(0);
});
