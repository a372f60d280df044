import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const ID = 'deny-policy-allows';
const PODS = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web}]}
---`;
const policy = (name: string, spec: string, annotations = '{}') =>
  `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop, annotations: ${annotations}}
spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [], egress: [], ${spec}}
---`.replace(spec.startsWith('ingress') ? 'ingress: [], ' : 'egress: [], ', '');

const BUT = 'egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]';
const DNS = 'egress: [{ports: [{port: 53, protocol: UDP}]}]';
const OWN = 'ingress: [{from: [{podSelector: {}}]}]';
const OTHER = 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]';
const ANYBODY = 'ingress: [{ports: [{port: 80}]}]';

describe(ID, () => {
  it.each([
    ['block-metadata', BUT, 1],
    ['deny-internet', BUT, 1],
    ['deny.all', ANYBODY, 1],
    ['default-deny', OTHER, 1],
    ['default-deny', OWN, 0],
    ['default-deny', DNS, 0],
    ['deny-all-except-monitoring', OTHER, 0],
    ['deny-from-other-namespaces', OTHER, 0],
    ['deny-web', OTHER, 0],
    ['deny-egress', ANYBODY, 0],
    ['deny-ingress', ANYBODY, 1],
    ['metadata', BUT, 0],
    ['deny-all-allow-monitoring', OTHER, 0],
    ['block', 'egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]', 0],
    ['denyall', 'egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]', 1],
    ['block', 'egress: [{to: [{ipBlock: {cidr: "2000::/3"}}]}]', 1],
    ['blockchain', ANYBODY, 0],
  ])('%s with %s', (name, spec, count) => {
    expect(problemsOf(policy(name, spec), ID)).toHaveLength(count);
  });

  it.each([
    ['{kubernetes.io/description: "Block the metadata address"}', 1],
    ['{description: "Deny all egress, except the internet"}', 0],
    ['{owner: "deny"}', 0],
    ['{example.com/description: 5}', 0],
  ])('reads descriptions: %s', (annotations, count) => {
    expect(problemsOf(policy('egress', BUT, annotations), ID)).toHaveLength(count);
  });

  it('says what it opens; without the rules it denies', () => {
    const text = PODS + policy('block-metadata', BUT);
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({
      message:
        'the policy is called "block-metadata", but NetworkPolicy has no deny: what its rules name is opened, and nothing else is closed by them',
      effect: 'opens every port to 0.0.0.0/0 except 169.254.169.254/32 for 1 pod in 1 namespace',
      example: 'shop/web -> 203.0.113.10:443',
    });
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
    proveFix(text, finding!, finding!.alternatives![0]!.title);
  });
});
