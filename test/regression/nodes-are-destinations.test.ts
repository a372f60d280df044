// What is open towards nodes was never looked at, since maps leave them out: a policy that two workloads share let both reach a
// node that one of them needs, and was called tight.

import { expect, it } from 'vitest';
import { behaviourOf, loadState } from '../../src/engine/index.ts';
import type { FlowEnd } from '../../src/engine/model/flow.ts';
import { readText } from '../../src/manifests/index.ts';
import { observed } from '../support/observed.ts';
import { deployment, node } from '../support/scenario.ts';
import { generateFrom } from '../support/simulation/generate-from.ts';

const job = (
  labels: string,
) => `{apiVersion: batch/v1, kind: Job, metadata: {namespace: shop, name: task}, spec: {template:
  {metadata: {labels: {${labels}}}, spec: {containers: [{name: main, image: task}]}}}}`;

function proofOf(labels: string) {
  const texts = [node('n1', '192.168.0.1'), node('n2', '192.168.0.2'), deployment('shop/web', 'app=web'), job(labels)];
  const read = readText(texts.join('\n---\n'), 'shop.yaml');
  const state = loadState({
    ...read,
    behaviour: behaviourOf('default', ['podCIDRs=10.0.0.0/16']),
    defaultNamespace: 'default',
  });
  const source: FlowEnd = { address: '10.0.0.9', namespace: 'shop', workload: { kind: 'Job', name: 'task' } };
  const flows = [observed('10.0.0.9 -> 192.168.0.2:9100', {}, { source })];
  const given = { flows, broken: 0, lost: 0, within: {} };
  return generateFrom(state, given, 'flows').document.proof;
}

it('a node that only one of two workloads with the same labels needs is more than was needed', () => {
  const { sound, tight, unjustified } = proofOf('app: web');
  expect({ sound, tight }).toEqual({ sound: true, tight: false });
  expect(unjustified).toMatchObject([{ from: ['shop/web'], to: ['192.168.0.2'], ports: { TCP: [[9100, 9100]] } }]);
});

it('with labels of its own there is nothing more', () => {
  expect(proofOf('app: task')).toMatchObject({ sound: true, tight: true, unjustified: [] });
});
