import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const ID = 'empty-peer-list';
const PODS = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: x, namespace: dev}
spec: {containers: [{name: x, image: x}]}
---`;
const policy = (spec: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, ${spec}}
---`;

describe(ID, () => {
  it.each([
    ['policyTypes: [Ingress], ingress: [{from: [], ports: [{port: 8080}]}]', ['spec.ingress[0].from']],
    ['policyTypes: [Egress], egress: [{to: []}]', ['spec.egress[0].to']],
    ['policyTypes: [Ingress], ingress: [{ports: [{port: 8080}]}]', []],
    ['policyTypes: [Ingress], ingress: [{from: , ports: [{port: 8080}]}]', []],
    ['policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]', []],
    ['policyTypes: [Egress], ingress: [{from: []}]', []],
  ])('%s', (spec, paths) => {
    expect(problemsOf(policy(spec), ID).map(({ source }) => source.path)).toEqual(paths);
  });

  it('shows who gets in, and is mended either way', () => {
    const text = PODS + policy('policyTypes: [Ingress], ingress: [{from: [], ports: [{port: 8080}]}]');
    const [finding] = problemsOf(text, ID);
    expect(finding!.effect).toBe('opens 8080 of 1 pod in 1 namespace to everybody');
    expect(finding!.example).toBe('dev/x -> shop/web:8080');
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
    proveFix(text, finding!);
    proveFix(text, finding!, 'take "from" away: everybody is allowed');
  });

  it.each([
    'policyTypes: [Egress], egress: [{to: []}]',
    'egress: [{to: []}]',
    'policyTypes: [Ingress, Egress], ingress: [{from: []}, {ports: [{port: 80}]}], egress: [{ports: [{port: 53}]}]',
  ])('keeps what is isolated when the rule goes: %s', (spec) => {
    const [finding] = problemsOf(policy(spec), ID);
    expect(finding!.alternatives).toBeUndefined();
    proveFix(policy(spec), finding!);
  });

  it('is reported once: the rule is no allow-all, too', () => {
    expect(problemsOf(policy('policyTypes: [Ingress], ingress: [{from: []}]')).map(({ check }) => check)).toEqual([ID]);
  });
});
