import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const deployment = (namespace: string, name: string, label: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {${label}}}
  template: {metadata: {labels: {${label}}}, spec: {containers: [{name: main}]}}
---`;
const SYSTEM = `
apiVersion: v1
kind: Namespace
metadata: {name: kube-system}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---`;
const DNS = deployment('kube-system', 'coredns', 'k8s-app: kube-dns');
const WEB = deployment('shop', 'web', 'app: web');

const policy = (to: string, ports = '[{port: 53, protocol: UDP}, {port: 53}]') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: ${to}, ports: ${ports}}]}
---`;
const inSystem = (pods: string, label = 'kubernetes.io/metadata.name') =>
  `{namespaceSelector: {matchLabels: {${label}: kube-system}}${pods === '' ? '' : `, podSelector: {matchLabels: {${pods}}}`}}`;

describe('dns-selector-mismatch', () => {
  it.each([
    ['wrong pods', `[${inSystem('k8s-app: coredns')}]`, 1],
    ['a label that the namespace has not', `[${inSystem('', 'name')}]`, 1],
    ['the wrong namespace', '[{podSelector: {matchLabels: {k8s-app: kube-dns}}}]', 1],
    ['the DNS pods', `[${inSystem('k8s-app: kube-dns')}]`, 0],
    ['the DNS pods among others', `[${inSystem('k8s-app: coredns')}, ${inSystem('')}]`, 0],
    ['pods that are there', '[{podSelector: {matchLabels: {app: web}}}]', 0],
    ['an address too', `[${inSystem('k8s-app: coredns')}, {ipBlock: {cidr: 169.254.20.10/32}}]`, 0],
  ])('%s', (_, to, count) => {
    const text = SYSTEM + DNS + WEB + policy(to);
    const findings = problemsOf(text, 'dns-selector-mismatch');
    expect(findings).toHaveLength(count);
    for (const finding of findings) {
      expect(finding.severity).toBe('high');
      expect(verdictOn(text, finding.example!)).toBe('denied');
      proveFix(text, finding);
    }
  });

  it('is silent about rules for more than DNS, and where the input shows no DNS pods', () => {
    const more = policy(`[${inSystem('k8s-app: coredns')}]`, '[{port: 53, protocol: UDP}, {port: 80}]');
    expect(problemsOf(SYSTEM + DNS + WEB + more, 'dns-selector-mismatch')).toEqual([]);
    expect(problemsOf(SYSTEM + WEB + policy(`[${inSystem('k8s-app: coredns')}]`), 'dns-selector-mismatch')).toEqual([]);
  });

  it('is low where another rule leads there', () => {
    const all = policy(`[${inSystem('')}]`).replace('name: web,', 'name: all,');
    const text = SYSTEM + DNS + WEB + policy(`[${inSystem('k8s-app: coredns')}]`) + all;
    const [finding] = problemsOf(text, 'dns-selector-mismatch');
    expect(finding).toMatchObject({ severity: 'low', policy: { name: 'web' } });
    expect(finding!.effect).toBeUndefined();
  });

  it('names the DNS pods that it found, by any of the well-known labels or their Service', () => {
    for (const [namespace, label] of [
      ['openshift-dns', 'dns.operator.openshift.io/daemonset-dns: default'],
      ['kube-system', 'app.kubernetes.io/name: rke2-coredns'],
    ] as const) {
      const text = SYSTEM + deployment(namespace, 'names', label) + WEB + policy(`[${inSystem('k8s-app: kube-dns')}]`);
      expect(problemsOf(text, 'dns-selector-mismatch')[0]!.message).toContain(
        `${namespace}/names (${label.replace(': ', '=')})`,
      );
    }
    const service = `
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec: {selector: {own: dns}, ports: [{port: 53, protocol: UDP}]}
---`;
    const text =
      SYSTEM +
      service +
      deployment('kube-system', 'names', 'own: dns') +
      WEB +
      policy(`[${inSystem('k8s-app: kube-dns')}]`);
    const [finding] = problemsOf(text, 'dns-selector-mismatch');
    expect(finding!.message).toContain('none of the DNS pods kube-system/names');
    expect(finding!.fix).toBeUndefined();
    expect(
      problemsOf(
        SYSTEM +
          deployment('shop', 'coredns', 'app.kubernetes.io/name: coredns') +
          WEB +
          policy(`[${inSystem('k8s-app: kube-dns')}]`),
        'dns-selector-mismatch',
      ),
    ).toEqual([]);
  });
});
