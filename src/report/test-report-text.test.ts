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
