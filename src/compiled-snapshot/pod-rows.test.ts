import fc from 'fast-check';
import { expect, it } from 'vitest';
import { areEqual } from '../engine/snapshot/duplicates.ts';
import { collectShapes, podOf } from './pod-rows.ts';

const field = fc.constantFrom<unknown>(undefined, null, '', 'a', 0, {}, [], { a: 'b' });
const pod = fc
  .record({
    apiVersion: fc.constantFrom('v1', 'v2'),
    kind: fc.constantFrom('Pod', 'Pod', 'Node'),
    metadata: fc.oneof(field, fc.record({ name: field, labels: field, namespace: field })),
    spec: fc.oneof(field, fc.record({ nodeName: field, containers: field })),
    status: fc.oneof(
      field,
      fc.record({ podIP: field, podIPs: fc.oneof(field, fc.constant([{ ip: 'a' }])), phase: field }),
    ),
  })
  .map((drawn) => JSON.parse(JSON.stringify(drawn)) as Record<string, unknown>);

it('a row says a Pod in full, or there is none', () => {
  fc.assert(
    fc.property(fc.array(pod, { minLength: 1, maxLength: 5 }), (pods) => {
      const collected = collectShapes();
      const rows = pods.map((one) => collected.rowOf(one));
      rows.forEach((row, at) => {
        if (row !== undefined) expect(areEqual(podOf(row, collected.shapes), pods[at])).toBe(true);
      });
    }),
    { numRuns: 500 },
  );
});

it('Pods that differ in name, node and address have one shape', () => {
  const named = (name: string, nodeName: string | undefined, podIP: string) =>
    JSON.parse(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'shop', labels: { app: 'web' } },
        spec: { containers: [{}], nodeName },
        status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }] },
      }),
    );
  const { rowOf, shapes } = collectShapes();
  expect([named('a', 'n1', '10.0.0.1'), named('b', undefined, '10.0.0.2')].map(rowOf)).toEqual([
    [0, 'a', 'n1', '10.0.0.1'],
    [0, 'b', 0, '10.0.0.2'],
  ]);
  expect(shapes).toHaveLength(1);
});
