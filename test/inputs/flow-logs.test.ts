// Flow logs with damage, on the command line: what was not understood is counted, in the result as well as beside it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
