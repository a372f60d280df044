import { describe, expect, it } from 'vitest';
import { edgesOf } from '../../../test/support/evidence.ts';
import { deployment, object, scenario, service } from '../../../test/support/scenario.ts';
import { detectPlatform } from '../platforms/index.ts';
import { gatherEvidence } from './gather-evidence.ts';

const agent = (port: string) =>
  object(
    'apps/v1',
    'DaemonSet',
    'shop/agent',
    `{selector: {matchLabels: {app: agent}}, template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: c, image: a, ports: [${port}]}]}}}`,
  );
const web = (value: string) =>
  object(
    'v1',
    'Pod',
    'shop/web',
    `{containers: [{name: c, image: w, env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}, {name: AGENT_ADDR, value: "${value}"}]}]}`,
  ).replace('name: web,', 'name: web, labels: {app: web},');

function gathered(texts: readonly string[]) {
  const { state } = scenario(texts);
  return gatherEvidence(state, detectPlatform(state), ['shop'], undefined).found;
}
const called = (texts: readonly string[]) => edgesOf(gathered(texts)).filter((edge) => edge.startsWith('shop/web -> '));

describe('a port of the node', () => {
  it('is the pod that has it', () => {
    const texts = [agent('{containerPort: 126, hostPort: 8126}'), web('$(NODE):8126')];
    expect(called(texts)).toContain('shop/web -> shop/agent:126/TCP');
    expect(called(texts).some((edge) => edge.includes('node'))).toBe(false);
    expect(
      gathered(texts).evidence.find(({ from, to }) => from.type === 'workload' && to.type === 'workload')?.says,
    ).toBe('AGENT_ADDR of shop/web names NODE:8126; port 8126 of nodes leads to shop/agent (hostPort)');
  });

  it('is the pods behind the Service that has it', () => {
    const api = service(
      'shop/api',
      '{type: NodePort, selector: {app: api}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}',
    );
    const texts = [deployment('shop/api', 'app=api', '8080'), api, web('http://$(NODE):30080')];
    expect(called(texts)).toContain('shop/web -> shop/api:8080/TCP');
  });

  it.each([
    ['of another number', '{containerPort: 126, hostPort: 8127}'],
    ['of another protocol', '{containerPort: 126, hostPort: 8126, protocol: UDP}'],
    ['that only the pod has', '{containerPort: 8126}'],
  ])('%s is its own', (_what, port) => {
    expect(called([agent(port), web('$(NODE):8126')])).toContain('shop/web -> node:8126/TCP');
  });
});

it('no question shows what only stands for an address', () => {
  const { questions } = gathered([web('$(NODE)')]);
  expect(questions.map(({ says }) => says)).toContain('AGENT_ADDR of shop/web names NODE, and its port is not known');
});
