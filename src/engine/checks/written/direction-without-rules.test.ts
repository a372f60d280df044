import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const ID = 'direction-without-rules';
const PODS = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: other, namespace: shop}
spec: {containers: [{name: other, image: other}]}
---`;
const policy = (name: string, spec: string, selector = '{matchLabels: {app: web}}') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {podSelector: ${selector}, ${spec}}
---`;
const INGRESS = 'ingress: [{ports: [{port: 8080}]}]';
const EGRESS = 'egress: [{ports: [{port: 53}]}]';

describe(ID, () => {
  it.each([
    ['web', `policyTypes: [Ingress, Egress], ${INGRESS}`, ['medium spec.policyTypes[1]']],
    ['web', `policyTypes: [Ingress, Egress], ${EGRESS}`, ['medium spec.policyTypes[0]']],
    ['web', `policyTypes: [Ingress, Egress], ${INGRESS}, egress: []`, []],
    ['web', `policyTypes: [Ingress, Egress], ${INGRESS}, ${EGRESS}`, []],
    ['web', `policyTypes: [Ingress], ${INGRESS}`, []],
    ['web', EGRESS, []],
    ['default-deny', 'policyTypes: [Ingress, Egress]', []],
    ['allow-web', 'policyTypes: [Ingress]', ['high spec.policyTypes[0]']],
    ['allow-egress', 'policyTypes: [Ingress, Egress]', ['high spec.policyTypes[1]']],
    ['allow-web', 'policyTypes: [Ingress], ingress: []', []],
    ['deny-all-allow-dns', 'policyTypes: [Ingress]', []],
  ])('%s with %s', (name, spec, places) => {
    const found = problemsOf(policy(name, spec), ID).map(({ severity, source }) => `${severity} ${source.path}`);
    expect(found).toEqual(places);
  });

  it.each(['', PODS])('is silent where the direction is closed anyway', (pods) => {
    const deny = policy('default-deny', 'policyTypes: [Egress]', '{}');
    expect(problemsOf(pods + deny + policy('web', `policyTypes: [Ingress, Egress], ${INGRESS}`), ID)).toEqual([]);
  });

  it('shows what it closes, and is mended either way', () => {
    const text = PODS + policy('web', `policyTypes: [Ingress, Egress], ${INGRESS}`);
    const [finding] = problemsOf(text, ID);
    expect(finding!.effect).toBe('closes all egress of 1 pod in 1 namespace');
    expect(finding!.example).toBe('shop/web -> shop/other:443');
    expect(verdictOn(text, finding!.example!)).toBe('denied');
    proveFix(text, finding!);
    proveFix(text, finding!, finding!.alternatives![0]!.title);
  });

  it('takes every mention of the direction out', () => {
    const text = policy('web', `policyTypes: [Egress, Ingress], ${INGRESS}`);
    const [finding] = problemsOf(text, ID);
    expect(finding!.fix!.edits).toMatchObject([{ op: 'remove', path: ['spec', 'policyTypes', 0] }]);
    proveFix(text, finding!);
  });
});
