import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { TestReport } from '../engine/questions/documents.ts';
import { PLAIN_STYLE } from './style.ts';
import { testReportText } from './test-report-text.ts';

const REPORT: TestReport = {
  apiVersion: 'netweir.dev/v1alpha1',
  kind: 'TestReport',
  cni: 'default',
  assumptions: [],
  notes: [],
  incomplete: [],
  endpoints: [],
  summary: { passed: 0, failed: 1 },
  tests: [
    {
      name: 'apart',
      passed: false,
      source: { path: '' },
      explanation: 'there is a path',
      manifests: [
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            name: 'y',
            namespace: '1',
            labels: { no: 'off', 'a.b/c': '', app: 'x y', image: 'busybox:stable' },
          },
          spec: { containers: [{ name: 'shell', command: ['sleep', '3600'] }], count: 3 },
        },
      ],
    },
  ],
};

it('says which line was found and which expected, and explains what these leave open', () => {
  const text = (fields: Partial<TestReport['tests'][0]>): string[] => {
    const test = { name: 'a', passed: false, source: { path: '' }, witness: { from: [0], to: [1] }, ...fields };
    const end = (id: number) => ({
      id,
      key: `x/Pod/${id}`,
      type: 'workload' as const,
      namespace: 'x',
      kind: 'Pod',
      name: `p${id}`,
    });
    const report = { ...REPORT, tests: [test], endpoints: [end(0), end(1)] };
    return [...testReportText(report, { style: PLAIN_STYLE })].slice(1, -2).map((line) => line.trim());
  };
  const explanation = 'x/p0 -> x/p1: 80/TCP is not allowed';
  const expected = '80/TCP allowed';
  expect(text({ expected, explanation })).toEqual(['found:    x/p0 → x/p1   denied', 'expected: 80/TCP allowed']);
  expect(text({ explanation })).toEqual(['x/p0 → x/p1   denied', explanation]);
  const witness = { from: [0], to: [1], unknown: [{ reason: 'sctp', ports: 'all' as const, policies: [] }] };
  expect(text({ expected, explanation, witness }).slice(1)).toEqual(['expected: 80/TCP allowed', explanation]);
});

it('prints the objects that make a witness as YAML that says the same', () => {
  const text = [...testReportText(REPORT, { style: PLAIN_STYLE })].join('');
  const [, yaml = ''] = text.split('  ---\n');
  const lines = yaml.split('\n').filter((line) => line.startsWith('         '));
  expect(parse(lines.join('\n'), { version: '1.1' })).toEqual(REPORT.tests[0]!.manifests![0]);
  expect(text).toMatchInlineSnapshot(`
    "FAIL   apart
           there is a path
           to see it, apply:
             ---
             apiVersion: v1
             kind: Pod
             metadata: {name: "y", namespace: "1", labels: {"no": "off", a.b/c: "", app: "x y", image: busybox:stable}}
             spec: {containers: [{name: shell, command: [sleep, "3600"]}], count: 3}

    0 passed, 1 failed
    "
  `);
});
