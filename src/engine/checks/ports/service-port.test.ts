import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const deployment = (name: string, ports: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: main, ports: [${ports}]}]}}
---`;
const WEB = deployment('web', '{name: http, containerPort: 8080}');
const API = deployment('api', '');
const service = (ports: string) => `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [${ports}]}
---`;
const SERVICE = service('{port: 443, targetPort: 8443}, {port: 80, targetPort: http}');
const policy = (spec: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: ${spec}
---`;
const ingress = (ports: string) =>
  policy(
    `{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: api}}}], ports: ${ports}}]}`,
  );

describe('service-port', () => {
  it.each([
    ['the port', '[{port: 80}]', 'spec.ingress[0].ports[0]'],
    ['the other port, by number', '[{port: 9}, {port: 443}]', 'spec.ingress[0].ports[1]'],
    ['the target', '[{port: 8080}]', undefined],
    ['the name of the target', '[{port: http}]', undefined],
    ['both', '[{port: 80}, {port: 8080}]', undefined],
    ['both, one by name', '[{port: 80}, {port: http}]', undefined],
    ['another protocol', '[{port: 80, protocol: UDP}]', undefined],
    ['a range', '[{port: 79, endPort: 81}]', undefined],
    ['no port of it', '[{port: 81}]', undefined],
  ])('%s', (_, ports, path) => {
    const text = WEB + API + SERVICE + ingress(ports);
    const findings = problemsOf(text, 'service-port');
    expect(findings.map(({ source }) => source.path)).toEqual(path === undefined ? [] : [path]);
    for (const finding of findings) {
      expect(verdictOn(text, finding.example!)).toBe('denied');
      proveFix(text, finding);
    }
  });

  it('points to the Service and says what is reached', () => {
    const [finding] = problemsOf(WEB + API + SERVICE + ingress('[{port: 80}]'), 'service-port');
    expect(finding).toMatchObject({
      message: '80 is the port of Service shop/web; the pods behind it are reached on 8080, which is what policies see',
      hint: 'write 8080, or the name http',
      impact: { pods: 2 },
      example: 'shop/api -> shop/web:8080',
      related: [{ source: { path: 'spec.ports[1]' }, message: 'forwards 80 to 8080' }],
    });
  });

  it.each([
    [
      'the pods declare',
      WEB.replace('{name: http, containerPort: 8080}', '{name: http, containerPort: 8080}, {containerPort: 80}') +
        SERVICE,
    ],
    [
      'another Service forwards to',
      `${WEB}${SERVICE}${service('{port: 1, targetPort: 80}').replace('name: web', 'name: other')}`,
    ],
    ['the Service forwards as it is', WEB + service('{port: 80}')],
    ['a Service of other pods has', WEB + SERVICE.replace('app: web', 'app: other')],
  ])('says nothing of a port that %s', (_, objects) => {
    expect(problemsOf(objects + API + ingress('[{port: 80}]'), 'service-port')).toEqual([]);
  });

  it('says nothing where the plugin sees the Service', () => {
    const text = WEB + API + SERVICE + ingress('[{port: 80}]');
    expect(problemsOf(text, 'service-port', { assume: ['serviceView=preDNAT'] })).toEqual([]);
  });

  it('looks at the peers of egress rules', () => {
    const egress = policy(
      '{podSelector: {matchLabels: {app: api}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]}',
    );
    const text = WEB + API + SERVICE + egress;
    const [finding] = problemsOf(text, 'service-port');
    expect(finding!.source.path).toBe('spec.egress[0].ports[0]');
    proveFix(text, finding!);
  });

  it('writes the number as each API does', () => {
    const text = `${WEB}${API}${SERVICE}
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: c}
spec: {tier: Admin, priority: 1, subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}, ingress: [{action: Accept, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 80}}}]}]}
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: a}
spec: {priority: 1, subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}, ingress: [{action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 80}}]}]}
`;
    const findings = problemsOf(text, 'service-port');
    expect(findings).toHaveLength(2);
    for (const finding of findings) proveFix(text, finding);
  });
});
