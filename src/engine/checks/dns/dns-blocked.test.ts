import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const deployment = (namespace: string, name: string, label: string, spec = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  replicas: 2
  selector: {matchLabels: {${label}}}
  template: {metadata: {labels: {${label}}}, spec: {${spec} containers: [{name: main, ports: [{name: dns, containerPort: 53, protocol: UDP}]}]}}
---`;

const DNS = deployment('kube-system', 'coredns', 'k8s-app: kube-dns');
const WEB = deployment('shop', 'web', 'app: web') + deployment('shop', 'api', 'app: api');

const policy = (rules: string, name = 'web', selector = '{matchLabels: {app: web}}') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {podSelector: ${selector}, policyTypes: [Egress], egress: ${rules}}
---`;

const API = '{to: [{podSelector: {matchLabels: {app: api}}}]}';
const UDP = 'ports: [{port: 53, protocol: UDP}]';
const KUBE_DNS =
  '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}';

describe('dns-blocked', () => {
  it.each([
    ['pods only', `[${API}]`, 1],
    ['any peer on one port', '[{ports: [{port: 443}]}]', 1],
    ['the internet on one port', '[{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]', 1],
    ['namespaces that may be that of DNS', '[{to: [{namespaceSelector: {matchLabels: {team: a}}}]}]', 0],
    ['another namespace', '[{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: a}}}]}]', 1],
    ['the DNS pods', `[${API}, {to: [${KUBE_DNS}], ${UDP}}]`, 0],
    ['the DNS pods on every port', `[${API}, {to: [${KUBE_DNS}]}]`, 0],
    ['the DNS pods over TCP', `[${API}, {to: [${KUBE_DNS}], ports: [{port: 53}]}]`, 1],
    ['everybody on port 53', `[${API}, {${UDP}}]`, 0],
    ['a cache on the node', `[${API}, {to: [{ipBlock: {cidr: 169.254.20.10/32}}], ${UDP}}]`, 0],
    ['a range with 53 in it', '[{ports: [{port: 1, endPort: 1000, protocol: UDP}, {port: 443}]}]', 0],
    ['everything', '[{}]', 0],
    ['every address', '[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]', 0],
    ['a few addresses', '[{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]', 0],
    ['nobody', '[]', 0],
  ])('a rule for %s', (_, rules, count) => {
    expect(problemsOf(DNS + WEB + policy(rules), 'dns-blocked')).toHaveLength(count);
  });

  it('counts all policies of the pods', () => {
    const dns = policy(`[{to: [${KUBE_DNS}], ${UDP}}]`, 'allow-dns', '{}');
    expect(problemsOf(DNS + WEB + policy(`[${API}]`) + dns, 'dns-blocked')).toEqual([]);
    const elsewhere = dns.replace('namespace: shop', 'namespace: other');
    expect(problemsOf(DNS + WEB + policy(`[${API}]`) + elsewhere, 'dns-blocked')).toHaveLength(1);
  });

  it('says whom it cuts off, with a flow, and opens just DNS', () => {
    const text = DNS + WEB + policy(`[${API}]`);
    const [finding] = problemsOf(text, 'dns-blocked');
    expect(finding).toMatchObject({
      severity: 'critical',
      source: { path: 'spec.egress' },
      effect: 'cuts 2 pods in 1 namespace off from DNS',
      example: 'shop/web -> kube-system/coredns:53/udp',
    });
    expect(verdictOn(text, finding!.example!)).toBe('denied');
    proveFix(text, finding!);
  });

  it('opens the port on which the DNS pods listen', () => {
    const openshift = deployment('openshift-dns', 'dns', 'dns.operator.openshift.io/daemonset-dns: default').replace(
      'containerPort: 53',
      'containerPort: 5353',
    );
    const text = openshift + WEB + policy(`[${API}]`);
    const [finding] = problemsOf(text, 'dns-blocked');
    expect(finding!.example).toBe('shop/web -> openshift-dns/dns:5353/udp');
    expect(JSON.stringify(finding!.fix!.edits.map((edit) => 'value' in edit && edit.value))).toContain('5353');
    proveFix(text, finding!);
  });

  it('without DNS pods in the input, any pods of other namespaces may be them', () => {
    const rest = (rules: string) => problemsOf(WEB + policy(rules), 'dns-blocked');
    expect(rest(`[${API}]`)).toMatchObject([{ severity: 'high' }]);
    expect(rest(`[${API}]`)[0]!.fix).toBeUndefined();
    expect(rest(`[${API}, {to: [{namespaceSelector: {}}]}]`)).toEqual([]);
    expect(rest(`[${API}, {to: [{podSelector: {matchLabels: {app: dns}}}], ${UDP}}]`)).toEqual([]);
  });

  it('is silent about pods that are not there, are not isolated or ask elsewhere, and about the DNS pods', () => {
    expect(problemsOf(DNS + policy(`[${API}]`), 'dns-blocked')).toEqual([]);
    const own = deployment('shop', 'web', 'app: web', 'dnsPolicy: Default,');
    expect(problemsOf(DNS + own + policy(`[${API}]`), 'dns-blocked')).toEqual([]);
    const server = policy(`[${API}]`, 'dns', '{}').replace('namespace: shop', 'namespace: kube-system');
    expect(problemsOf(DNS + server, 'dns-blocked')).toEqual([]);
  });

  it('leaves it to a rule for DNS that misses the pods', () => {
    const wrong = `[${API}, {to: [${KUBE_DNS.replace('k8s-app: kube-dns', 'k8s-app: coredns')}], ${UDP}}]`;
    expect(problemsOf(DNS + WEB + policy(wrong), 'dns-blocked')).toEqual([]);
    expect(problemsOf(DNS + WEB + policy(wrong), 'dns-selector-mismatch')).toHaveLength(1);
  });
});
