import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const pod = (namespace: string, name: string, label: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {${label}}}
spec: {containers: [{name: main}]}
---`;
const WEB = pod('shop', 'web', 'app: web');
const DNS = pod('kube-system', 'coredns', 'k8s-app: kube-dns');
const PROXY = pod('kube-system', 'proxy', 'k8s-app: proxy');

const policy = (to: string, ports = '[{port: 53, protocol: UDP}, {port: 53}]') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{${to === '' ? '' : `to: ${to}, `}ports: ${ports}}]}
---`;
const SYSTEM = 'namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}';

describe('dns-anywhere', () => {
  it.each([
    ['', 'medium', 'to everybody'],
    ['[{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]', 'medium', 'to the internet'],
    ['[{namespaceSelector: {}}]', 'medium', 'to every pod'],
    [`[{${SYSTEM}}]`, 'low', 'others there may answer'],
    [`[{${SYSTEM}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]`, undefined, ''],
    ['[{ipBlock: {cidr: 169.254.20.10/32}}]', undefined, ''],
    ['[{ipBlock: {cidr: 10.96.0.10/32}}]', undefined, ''],
    ['[{podSelector: {matchLabels: {app: resolver}}}]', undefined, ''],
  ])('%s is %s', (to, severity, words) => {
    const text = WEB + DNS + PROXY + policy(to);
    const findings = problemsOf(text, 'dns-anywhere');
    expect(findings.map((one) => one.severity)).toEqual(severity === undefined ? [] : [severity]);
    for (const finding of findings) {
      expect(finding.message).toContain(words);
      proveFix(text, finding);
    }
  });

  it('says of a namespace with DNS pods alone that others may come', () => {
    const [finding] = problemsOf(WEB + DNS + policy(`[{${SYSTEM}}]`), 'dns-anywhere');
    expect(finding!.message).toContain('any other that comes there may answer');
  });

  it('speaks of a namespace only where the input shows its DNS pods', () => {
    expect(problemsOf(WEB + policy(`[{${SYSTEM}}]`), 'dns-anywhere')).toEqual([]);
    const [finding] = problemsOf(WEB + policy(''), 'dns-anywhere');
    expect(finding!.severity).toBe('medium');
    expect(finding!.fix).toBeUndefined();
  });

  it('is silent about rules for more than DNS', () => {
    expect(problemsOf(WEB + DNS + policy('', '[{port: 53, protocol: UDP}, {port: 443}]'), 'dns-anywhere')).toEqual([]);
    expect(problemsOf(WEB + DNS + policy('', '[{protocol: UDP}]'), 'dns-anywhere')).toEqual([]);
  });

  it('narrows one of several peers', () => {
    const text = WEB + DNS + PROXY + policy(`[{ipBlock: {cidr: 169.254.20.10/32}}, {${SYSTEM}}]`);
    const [finding] = problemsOf(text, 'dns-anywhere');
    expect(finding!.source.path).toBe('spec.egress[0].to[1]');
    proveFix(text, finding!);
  });
});
