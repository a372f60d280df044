import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { from, pod, policy } from '../../../../test/support/shop-manifests.ts';

const ID = 'every-namespace';

const EVERY = '{namespaceSelector: {}}';
const DB = pod('web', 'shop', '', '{containerPort: 5432}, {name: metrics, containerPort: 9187}');
const X = pod('x', 'dev');

describe(ID, () => {
  it.each([
    ['a port', EVERY, ', ports: [{port: 5432}]', 1],
    ['every port', EVERY, '', 1],
    ['a range', EVERY, ', ports: [{port: 9000, endPort: 9200}]', 1],
    ['a port for metrics', EVERY, ', ports: [{port: 9187}]', 0],
    ['its name', EVERY, ', ports: [{port: metrics}]', 0],
    ['DNS', EVERY, ', ports: [{port: 53, protocol: UDP}]', 0],
    ['a port and one for metrics', EVERY, ', ports: [{port: 9187}, {port: 5432}]', 1],
    ['single pods', '{namespaceSelector: {}, podSelector: {matchLabels: {app: x}}}', ', ports: [{port: 5432}]', 0],
    ['every pod, written', '{namespaceSelector: {}, podSelector: {}}', ', ports: [{port: 5432}]', 1],
    ['some namespaces', '{namespaceSelector: {matchLabels: {team: a}}}', ', ports: [{port: 5432}]', 0],
    ['the own namespace', '{podSelector: {}}', ', ports: [{port: 5432}]', 0],
  ])('%s', (_, peer, ports, count) => {
    expect(problemsOf(DB + X + from(peer, ports), ID)).toHaveLength(count);
  });

  it('is silent about egress', () => {
    expect(
      problemsOf(policy('policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: 80}]}]'), ID),
    ).toEqual([]);
  });

  it('takes the name of the port of a Service', () => {
    const service = (name: string, target: string) => `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: ${name}, port: 80, targetPort: ${target}}]}
---`;
    const text = pod('web', 'shop', '', '{name: admin, containerPort: 8080}') + from(EVERY);
    expect(problemsOf(text + service('http-metrics', '8080'), ID)).toEqual([]);
    expect(problemsOf(text + service('http-metrics', 'admin'), ID)).toEqual([]);
    expect(problemsOf(text + service('http', '8080'), ID)).toHaveLength(1);
    expect(problemsOf(text + service('http-metrics', '8081'), ID)).toHaveLength(1);
  });

  it('names the ports that are not for everybody, and is mended by the own namespace', () => {
    const text = DB + X + from(EVERY, ', ports: [{port: 9187}, {port: 5432}]');
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({
      message: 'every pod of every namespace, also of those to come, is let in',
      effect: 'opens 5432 of 1 pod in 1 namespace to 2 pods in 2 namespaces',
      example: 'dev/x -> shop/web:5432',
    });
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
    proveFix(text, finding!, 'let in only pods of the own namespace');
  });

  it.each([
    ['Admin', '{tcp: {destinationPort: {number: 22}}}', 1],
    ['Baseline', '{tcp: {destinationPort: {number: 22}}}', 0],
  ])('%s tier', (tier, protocol, count) => {
    const text = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: open}
spec:
  tier: ${tier}
  priority: 1
  subject: {namespaces: {}}
  ingress: [{action: Accept, from: [{namespaces: {}}], protocols: [${protocol}]}]`;
    expect(problemsOf(text, ID)).toHaveLength(count);
  });
});
