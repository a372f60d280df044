import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const ID = 'allow-all';
const PODS = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}, {containerPort: 53, protocol: UDP}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: x, namespace: shop, labels: {app: x}}
spec: {containers: [{name: x, image: x}]}
---`;
const policy = (spec: string, name = 'web', app = 'web') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {podSelector: {matchLabels: {app: ${app}}}, ${spec}}
---`;

describe(ID, () => {
  it.each([
    ['policyTypes: [Ingress], ingress: [{}]', ['medium spec.ingress[0]']],
    ['policyTypes: [Ingress], ingress: [{from: , ports: }]', ['medium spec.ingress[0]']],
    ['policyTypes: [Ingress], ingress: [{ports: [{port: 80}]}, {}, {}]', ['high spec.ingress[1]']],
    ['policyTypes: [Egress], egress: [{}]', []],
    ['policyTypes: [Egress], egress: [{}, {ports: [{port: 53}]}]', ['high spec.egress[0]']],
    ['policyTypes: [Ingress], ingress: [{ports: [{port: 80}]}]', []],
    ['policyTypes: [Ingress], ingress: []', []],
    ['policyTypes: [Egress], ingress: [{}]', []],
  ])('%s', (spec, places) => {
    const found = problemsOf(policy(spec), ID).map(({ severity, source }) => `${severity} ${source.path}`);
    expect(found).toEqual(places);
  });

  it('is silent for a policy that selects no pod of its namespace', () => {
    expect(problemsOf(PODS + policy('policyTypes: [Ingress], ingress: [{}]', 'old', 'old'), ID)).toEqual([]);
  });

  it('says what it opens; naming the declared ports mends it', () => {
    const text = PODS + policy('policyTypes: [Ingress], ingress: [{}]');
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({
      effect: 'opens every port of 1 pod in 1 namespace',
      example: 'shop/x -> shop/web:22',
      fix: { title: 'allow only 53/UDP, 8080', announced: 'closes', safe: false },
    });
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
    proveFix(text, finding!);
  });

  it('has no fix where a pod declares no port', () => {
    const text = PODS + policy('policyTypes: [Ingress], ingress: [{}]', 'x', 'x');
    expect(problemsOf(text, ID)[0]!.fix).toBeUndefined();
  });

  it('takes every such rule away where others are there', () => {
    const text = policy('policyTypes: [Ingress], ingress: [{}, {ports: [{port: 80}]}, {}]');
    const [finding] = problemsOf(text, ID);
    expect(finding!.message).toContain('the other ingress rules of the policy have no effect');
    proveFix(text, finding!);
  });

  it('is high where it takes the effect of another policy', () => {
    const narrow = policy('policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]', 'dns');
    const deny = policy('policyTypes: [Egress]', 'default-deny');
    const open = policy('policyTypes: [Egress], egress: [{}]');
    expect(problemsOf(PODS + open + deny, ID)).toEqual([]);
    expect(problemsOf(PODS + open + narrow, ID)).toMatchObject([{ severity: 'high', policy: { name: 'web' } }]);
  });

  it.each([
    ['Admin', 'Accept', '{namespaces: {}}', 1],
    ['Admin', 'Accept', '{pods: {namespaceSelector: {}, podSelector: {}}}', 1],
    ['Admin', 'Accept', '{namespaces: {matchLabels: {team: a}}}', 0],
    ['Admin', 'Pass', '{namespaces: {}}', 0],
    ['Baseline', 'Accept', '{namespaces: {}}', 0],
  ])('%s tier, %s of %s', (tier, action, peer, count) => {
    const text = `${PODS}
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: open}
spec: {tier: ${tier}, priority: 1, subject: {namespaces: {}}, ingress: [{action: ${action}, from: [${peer}]}]}`;
    expect(problemsOf(text, ID)).toHaveLength(count);
  });
});
