import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const pod = (namespace: string, name: string, label: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {${label}}}
spec: {containers: [{name: main}]}
---`;
const PODS = pod('kube-system', 'coredns', 'k8s-app: kube-dns') + pod('shop', 'web', 'app: web');

const policy = (rules: string, name = 'web') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: ${rules}}
---`;
const TO = 'to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]';

describe('dns-udp-only', () => {
  it.each([
    [`[{${TO}, ports: [{port: 53, protocol: UDP}]}]`, 'spec.egress[0].ports[0]'],
    [`[{${TO}, ports: [{port: 80}, {port: 53, protocol: UDP}]}]`, 'spec.egress[0].ports[1]'],
    [`[{${TO}, ports: [{port: 53, protocol: UDP}, {port: 53}]}]`, undefined],
    [`[{${TO}, ports: [{port: 53, protocol: UDP}, {protocol: TCP}]}]`, undefined],
    [`[{${TO}, ports: [{port: 53, protocol: UDP}, {port: 1, endPort: 100}]}]`, undefined],
    [`[{${TO}, ports: [{port: 53}]}]`, undefined],
    [`[{${TO}}]`, undefined],
    [`[{${TO}, ports: [{protocol: UDP}]}]`, undefined],
    ['[{to: [{podSelector: {}}], ports: [{port: 53, protocol: UDP}]}]', undefined],
  ])('%s', (rules, path) => {
    const text = PODS + policy(rules);
    const findings = problemsOf(text, 'dns-udp-only');
    expect(findings.map(({ source }) => source.path)).toEqual(path === undefined ? [] : [path]);
    for (const finding of findings) {
      expect(finding).toMatchObject({ severity: 'medium', impact: { pods: 1 } });
      proveFix(text, finding);
    }
  });

  it('is low where another policy opens TCP for the same pods, and says which', () => {
    const text = PODS + policy(`[{${TO}, ports: [{port: 53, protocol: UDP}]}]`) + policy(`[{${TO}}]`, 'all');
    const [finding] = problemsOf(text, 'dns-udp-only');
    expect(finding).toMatchObject({ severity: 'low', related: [{ message: '"all" opens TCP for these pods' }] });
    expect(finding!.impact).toBeUndefined();
    proveFix(text, finding!);
  });

  it('speaks of the ingress of the DNS pods, not of other pods that listen on 53', () => {
    const ingress = (namespace: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: dns, namespace: ${namespace}}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 53, protocol: UDP}]}]}
---`;
    expect(problemsOf(PODS + ingress('kube-system'), 'dns-udp-only')).toHaveLength(1);
    expect(problemsOf(PODS + ingress('shop'), 'dns-udp-only')).toEqual([]);
  });

  it('writes the port as each API does', () => {
    const text = `${PODS}
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: dns}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  egress: [{action: Accept, to: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}}], protocols: [{udp: {destinationPort: {number: 53}}}]}]
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: dns}
spec:
  priority: 1
  subject: {namespaces: {}}
  egress: [{action: Allow, to: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}}], ports: [{portNumber: {protocol: UDP, port: 53}}]}]
`;
    const findings = problemsOf(text, 'dns-udp-only');
    expect(findings).toHaveLength(2);
    for (const finding of findings) proveFix(text, finding);
  });
});
