import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const PODS = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}
---`;

const policy = (rules: string) => `${PODS}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress: ${rules}
`;

/** The addresses that the message names, without whose they are. */
const addresses = (message: string) => message.match(/[0-9a-f:.]+(?= \()/g);

const OTHERS = ['100.100.100.200', '169.254.0.23', '169.254.42.42', '169.254.170.2', '169.254.170.23', '192.0.0.192'];

describe('metadata-reachable', () => {
  it.each([
    ['[{to: [{ipBlock: {cidr: 169.254.169.254/32}}]}]', ['169.254.169.254']],
    ['[{to: [{ipBlock: {cidr: 169.254.169.254/32}}], ports: [{port: 53, protocol: UDP}, {port: 53}]}]', undefined],
    ['[{to: [{ipBlock: {cidr: 169.254.169.254/32}}], ports: [{port: 80, protocol: UDP}]}]', undefined],
    ['[{to: [{ipBlock: {cidr: 169.254.169.254/32}}], ports: [{port: 1, endPort: 100}]}]', ['169.254.169.254']],
    ['[{to: [{ipBlock: {cidr: 169.254.169.254/32}}], ports: [{port: http}]}]', undefined],
    ['[{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]', undefined],
    ['[{to: [{ipBlock: {cidr: 168.0.0.0/8}}], ports: [{port: 32526}]}]', ['168.63.129.16']],
    ['[{to: [{ipBlock: {cidr: "fd00::/8"}}]}]', ['fd00:42::42', 'fd00:ec2::23', 'fd00:ec2::254', 'fd20:ce::254']],
    ['[{to: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 10.0.0.0/8}}]}]', ['100.100.100.200']],
    ['[{}]', undefined],
    ['[{ports: [{port: 443}]}]', undefined],
    ['[{to: [{namespaceSelector: {}}]}]', undefined],
    ['[]', undefined],
  ])('%s opens %j', (rules, expected) => {
    const [finding] = problemsOf(policy(rules), 'metadata-reachable');
    expect(finding && addresses(finding.message)).toEqual(expected);
  });

  it('a rule for every peer on port 80 opens all of them', () => {
    const [finding] = problemsOf(policy('[{ports: [{port: 80}]}]'), 'metadata-reachable');
    expect(addresses(finding!.message)).toHaveLength(12);
    expect(finding).toMatchObject({ severity: 'critical', source: { path: 'spec.egress[0]' } });
  });

  it('is critical for the address of most clouds, high beside one that is left out, medium otherwise', () => {
    const block = (except: string) => policy(`[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [${except}]}}]}]`);
    expect(problemsOf(block('10.0.0.0/8'), 'metadata-reachable')[0]).toMatchObject({
      severity: 'critical',
      source: { path: 'spec.egress[0].to[0].ipBlock.cidr' },
    });
    const [rest] = problemsOf(block('169.254.169.254/32, 168.63.129.16/32'), 'metadata-reachable');
    expect(rest!.severity).toBe('high');
    expect(addresses(rest!.message)).toEqual(OTHERS);
    expect(rest!.related!.map(({ message, source }) => [source.path, message])).toEqual([
      ['spec.egress[0].to[0].ipBlock.except[0]', expect.stringContaining('169.254.169.254 (AWS, Azure')],
      ['spec.egress[0].to[0].ipBlock.except[1]', 'leaves out 168.63.129.16 (Azure WireServer)'],
    ]);
    const [alone] = problemsOf(policy('[{to: [{ipBlock: {cidr: 100.0.0.0/8}}]}]'), 'metadata-reachable');
    expect(alone!.severity).toBe('medium');
  });

  it('counts the pods that reach it, and shows one', () => {
    const text = policy('[{to: [{ipBlock: {cidr: 168.63.0.0/16}}]}]');
    const [finding] = problemsOf(text, 'metadata-reachable');
    expect(finding).toMatchObject({
      effect: 'opens ports 80 and 32526 there to 3 pods in 1 namespace',
      impact: { pods: 3, namespaces: 1 },
      example: 'shop/web -> 168.63.129.16:80',
    });
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
  });

  it('asks tiers that deny', () => {
    const admin = (networks: string) => `---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: no-metadata}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  egress: [{action: Deny, to: [{networks: [${networks}]}]}]
`;
    const text = policy('[{to: [{ipBlock: {cidr: 169.254.0.0/16}}]}]');
    expect(problemsOf(`${text}${admin('169.254.0.0/16')}`, 'metadata-reachable')).toEqual([]);
    const [finding] = problemsOf(`${text}${admin('169.254.169.254/32')}`, 'metadata-reachable');
    expect(addresses(finding!.message)).toEqual(['169.254.0.23', '169.254.42.42', '169.254.170.2', '169.254.170.23']);
  });

  it('asks only for the clouds that nodes name', () => {
    const node = (id: string) => `---
apiVersion: v1
kind: Node
metadata: {name: n1}
spec: {providerID: ${id}}
`;
    const text = policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]');
    const [finding] = problemsOf(`${text}${node('azure:///subscriptions/1')}`, 'metadata-reachable');
    expect(addresses(finding!.message)).toEqual(['168.63.129.16']);
    expect(finding!.severity).toBe('critical');
    expect(problemsOf(`${text}${node('gce://project/zone/n1')}`, 'metadata-reachable')).toEqual([]);
    expect(addresses(problemsOf(`${text}${node('kind://n1')}`, 'metadata-reachable')[0]!.message)).toHaveLength(7);
  });

  it('finds networks and names in cluster-scoped policies, which have no except', () => {
    const text = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: out}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  egress:
  - {action: Accept, to: [{networks: [10.0.0.0/8, 169.254.0.0/16]}]}
  - {action: Accept, to: [{domainNames: ["*.google.internal"]}]}
`;
    const [block, name] = problemsOf(text, 'metadata-reachable');
    expect(block).toMatchObject({ source: { path: 'spec.egress[0].to[0].networks[1]' } });
    expect(block!.fix).toBeUndefined();
    expect(addresses(name!.message)).toEqual(['169.254.169.254', 'fd20:ce::254']);
  });

  it.each([
    '[{to: [{ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: "::/0", except: ["fc00::/8"]}}]}]',
    '[{to: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 168.63.129.16/32}}, {ipBlock: {cidr: 169.254.0.0/16}}]}]',
    '[{to: [{ipBlock: {cidr: 169.254.42.42/32}}]}, {to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]',
  ])('is mended by exceptions that the API accepts: %s', (rules) => {
    const text = policy(rules);
    const [finding] = problemsOf(text, 'metadata-reachable');
    expect(finding!.fix!.announced).toBe('closes');
    proveFix(text, finding!);
  });
});
