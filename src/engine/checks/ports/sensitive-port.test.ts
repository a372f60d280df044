import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';

const pod = (ports: string) => `
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: main, ports: [${ports}]}]}
---`;
const policy = (direction: 'ingress' | 'egress', rule: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {}, policyTypes: [${direction === 'ingress' ? 'Ingress' : 'Egress'}], ${direction}: [${rule}]}
---`;
const ID = 'sensitive-port';

describe('sensitive-port', () => {
  it.each([
    ['{ports: [{port: 5432}]}', 'to everybody'],
    ['{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 22}]}', 'to the internet (0.0.0.0/0)'],
    ['{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}], ports: [{port: 22}]}', 'to the internet'],
    ['{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 6379}]}', 'to a whole private range (10.0.0.0/8)'],
    ['{from: [{namespaceSelector: {}}], ports: [{port: 27017}]}', 'to every pod of every namespace'],
    ['{ports: [{port: 2379, endPort: 2380}]}', '2379, the port of etcd'],
    ['{ports: [{port: 80}, {port: 9200}]}', '9200, the port of Elasticsearch'],
    ['{ports: [{port: 5432, protocol: UDP}]}', undefined],
    ['{ports: [{port: 1, endPort: 65535}]}', undefined],
    ['{ports: [{port: 80}]}', undefined],
    ['{}', undefined],
    ['{from: [{podSelector: {}}], ports: [{port: 5432}]}', undefined],
    ['{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}', undefined],
    ['{from: [{namespaceSelector: {matchLabels: {team: a}}}], ports: [{port: 5432}]}', undefined],
    ['{from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 5432}]}', undefined],
  ])('ingress %s', (rule, words) => {
    const text = policy('ingress', rule);
    const findings = problemsOf(text, ID);
    expect(findings.map(({ message }) => message)).toEqual(words === undefined ? [] : [expect.stringContaining(words)]);
    expect(findings.map(({ severity }) => severity)).toEqual(words === undefined ? [] : ['high']);
  });

  it.each([
    ['{ports: [{port: 10250}]}', true],
    ['{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 2379}]}', true],
    ['{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 6443}]}', false],
    ['{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 5432}]}', false],
    ['{ports: [{port: 22}]}', false],
  ])('egress %s', (rule, isFound) => {
    expect(problemsOf(policy('egress', rule), ID).map(({ severity }) => severity)).toEqual(isFound ? ['medium'] : []);
  });

  it('means the Kubernetes API by 6443 only beside the control plane: others listen there too', () => {
    const rule = policy('ingress', '{ports: [{port: 6443}]}');
    expect(problemsOf(rule, ID)).toEqual([]);
    expect(problemsOf(rule.replace('namespace: shop', 'namespace: kube-system'), ID)).toHaveLength(1);
  });

  it('is low where the pods declare other ports only', () => {
    const rule = policy('ingress', '{ports: [{port: 5432}]}');
    expect(problemsOf(pod('{containerPort: 8080}') + rule, ID)[0]!.severity).toBe('low');
    expect(problemsOf(pod('{containerPort: 5432}') + rule, ID)[0]!.severity).toBe('high');
    expect(problemsOf(pod('') + rule, ID)[0]!.severity).toBe('high');
  });

  it('shows a flow that is open', () => {
    const text =
      pod('{containerPort: 5432}') + policy('ingress', '{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 5432}]}');
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({ effect: 'opens it on 1 pod in 1 namespace', controls: ['M1030', 'MS-TA9005'] });
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
  });

  it('asks every node of cluster-scoped rules', () => {
    const text = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: c}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Accept, to: [{nodes: {}}], protocols: [{tcp: {destinationPort: {number: 10250}}}]}]}
`;
    expect(problemsOf(text, ID)[0]!.message).toContain('at every node');
  });
});
