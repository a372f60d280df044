import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const POD = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main}]}
---`;
const owner = (apiVersion: string, kind: string) => `{apiVersion: ${apiVersion}, kind: ${kind}, name: own, uid: "1"}`;
const SHIELD = owner('example.com/v1', 'Shield');
const policy = (owners: string, spec: string, name = 'deny') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop, ownerReferences: [${owners}]}
spec: ${spec}
---`;
const DENY = '{podSelector: {}, policyTypes: [Ingress, Egress]}';
const ID = 'owned-default-deny';

describe('owned-default-deny', () => {
  it.each([
    ['a custom resource', SHIELD, DENY, 1],
    ['a custom resource among others', `${owner('apps/v1', 'Deployment')}, ${SHIELD}`, DENY, 1],
    ['a workload', owner('apps/v1', 'Deployment'), DENY, 0],
    ['a built-in group with a dot', owner('networking.k8s.io/v1', 'Ingress'), DENY, 0],
    ['nobody', '', DENY, 0],
    ['a custom resource, with rules', SHIELD, '{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}', 0],
    ['a custom resource, for some pods', SHIELD, '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}', 0],
  ])('owned by %s', (_, owners, spec, count) => {
    for (const pods of ['', POD]) {
      const text = pods + policy(owners, spec);
      const findings = problemsOf(text, ID);
      expect(findings).toHaveLength(count);
      for (const finding of findings) {
        expect(finding.message).toContain(
          'goes with Shield "own": once that is deleted, nothing isolates egress and ingress',
        );
        proveFix(text, finding);
      }
    }
  });

  it('counts the pods that nothing else isolates, and is silent where there are none', () => {
    expect(problemsOf(POD + policy(SHIELD, DENY), ID)[0]).toMatchObject({
      effect: 'would leave 1 pod in 1 namespace open',
      source: { path: 'metadata.ownerReferences[0]' },
    });
    const ingress = policy('', '{podSelector: {}, policyTypes: [Ingress]}', 'own');
    expect(problemsOf(POD + policy(SHIELD, DENY) + ingress, ID)[0]!.message).toContain('nothing isolates egress of');
    expect(problemsOf(POD + policy(SHIELD, DENY) + policy('', DENY, 'own'), ID)).toEqual([]);
    expect(problemsOf(policy(SHIELD, DENY) + policy('', DENY, 'own'), ID)).toEqual([]);
  });
});
