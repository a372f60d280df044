import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const PODS = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}}
---`;

const policy = (direction: 'ingress' | 'egress', rules: string) => `${PODS}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [${direction === 'ingress' ? 'Ingress' : 'Egress'}]
  ${direction}: ${rules}
`;

const PRIVATE = '10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16';

describe('whole-internet', () => {
  it.each([
    ['egress', '[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]', 'high'],
    ['egress', '[{to: [{ipBlock: {cidr: "::/0"}}]}]', 'high'],
    ['egress', '[{to: [{ipBlock: {cidr: "0:0::/0"}}]}]', 'high'],
    ['egress', '[{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]', 'medium'],
    ['ingress', '[{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]', 'high'],
    ['ingress', '[{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]', 'low'],
    ['egress', '[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]', 'high'],
    ['egress', '[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]', 'high'],
    ['egress', `[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [${PRIVATE}]}}]}]`, undefined],
    ['egress', '[{to: [{ipBlock: {cidr: "::/0", except: ["fc00::/7"]}}]}]', undefined],
    ['egress', '[{to: [{ipBlock: {cidr: 0.0.0.0/1}}]}]', undefined],
    ['egress', '[{}]', undefined],
  ] as const)('%s %s is %s', (direction, rules, severity) => {
    expect(problemsOf(policy(direction, rules), 'whole-internet')[0]?.severity).toBe(severity);
  });

  it('shows a private address that is open, and what it is open to', () => {
    const text = policy(
      'egress',
      '[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [192.168.0.0/16]}}], ports: [{port: 53, protocol: UDP}]}]',
    );
    const [finding] = problemsOf(text, 'whole-internet');
    expect(finding).toMatchObject({
      source: { path: 'spec.egress[0].to[0].ipBlock.cidr' },
      effect: 'lets 2 pods in 1 namespace reach all of it but 192.168.0.0/16',
      example: 'shop/web -> 172.16.0.1:53/udp',
    });
    expect(finding!.message).toBe(
      '0.0.0.0/0 means all of IPv4: the internet, private networks, and pods and nodes of the cluster',
    );
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
    const inwards = policy('ingress', '[{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: http}]}]');
    const [other] = problemsOf(inwards, 'whole-internet');
    expect(other!.example).toBe('192.168.0.1 -> shop/web:8080');
    expect(verdictOn(inwards, other!.example!)).toBe('allowed');
  });

  it('does not speak of pods where the plugin does not compare blocks with them', () => {
    const [finding] = problemsOf(policy('egress', '[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]'), 'whole-internet', {
      cni: 'cilium',
    });
    expect(finding!.message).toBe('0.0.0.0/0 means all of IPv4: the internet and private networks');
  });

  it('is one finding a rule, both families in it', () => {
    const text = policy('egress', '[{to: [{ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: "::/0"}}]}]');
    const findings = problemsOf(text, 'whole-internet');
    expect(findings).toHaveLength(1);
    expect(findings[0]!.related).toMatchObject([{ source: { path: 'spec.egress[0].to[1].ipBlock.cidr' } }]);
    proveFix(text, findings[0]!);
  });

  it('is mended without a second copy of an exception', () => {
    const text = policy('egress', '[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16, 168.63.129.16/32]}}]}]');
    const [finding] = problemsOf(text, 'whole-internet');
    proveFix(text, finding!);
    const added = finding!.fix!.edits.map((edit) => ('value' in edit ? edit.value : undefined));
    expect(added).toEqual(['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', '192.0.0.192/32']);
  });

  it('expects from anywhere behind a way into the cluster, on its ports', () => {
    const service = (type: string) => `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: ${type}, selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---`;
    const rules = '[{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 8080}]}]';
    const all = '[{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 8080}, {port: 9090}]}]';
    expect(problemsOf(service('LoadBalancer') + policy('ingress', rules), 'whole-internet')).toEqual([]);
    expect(problemsOf(service('LoadBalancer') + policy('ingress', all), 'whole-internet')).toHaveLength(1);
    expect(problemsOf(service('ClusterIP') + policy('ingress', rules), 'whole-internet')).toHaveLength(1);
  });

  it('finds networks of cluster-scoped policies', () => {
    const text = `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: out}
spec:
  priority: 1
  subject: {namespaces: {}}
  egress:
  - {action: Deny, to: [{networks: [0.0.0.0/0]}]}
  - {action: Allow, to: [{networks: [198.51.100.0/24, 0.0.0.0/0]}]}
`;
    const findings = problemsOf(text, 'whole-internet');
    expect(findings.map(({ source, fix }) => [source.path, fix])).toEqual([
      ['spec.egress[1].to[0].networks[1]', undefined],
    ]);
  });
});
