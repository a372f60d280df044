import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { pod, policy } from '../../../../test/support/shop-manifests.ts';

const ID = 'reply-ports';

const ingress = (rules: string) => policy(`policyTypes: [Ingress], ingress: [${rules}]`);
const RANGE = '{protocol: TCP, port: 32768, endPort: 60999}';

describe(ID, () => {
  it.each([
    [RANGE, 1],
    ['{port: 49152, endPort: 65535}', 1],
    ['{port: 32768, endPort: 65535}', 1],
    ['{protocol: UDP, port: 49152, endPort: 65535}', 0],
    ['{port: 30000, endPort: 32767}', 0],
    ['{port: 32768, endPort: 40000}', 0],
    ['{port: 1024, endPort: 65535}', 0],
    ['{port: 32768}', 0],
  ])('%s', (port, count) => {
    expect(problemsOf(ingress(`{ports: [${port}]}`), ID)).toHaveLength(count);
  });

  it('is silent where a pod declares such a port', () => {
    const served = pod('web', 'shop', '', '{containerPort: 50000}');
    expect(problemsOf(served + ingress(`{ports: [${RANGE}]}`), ID)).toEqual([]);
    expect(problemsOf(served + policy(`policyTypes: [Egress], egress: [{ports: [${RANGE}]}]`), ID)).toHaveLength(1);
  });

  it.each([
    `{ports: [${RANGE}]}`,
    `{ports: [{port: 80}, ${RANGE}]}`,
    `{ports: [{port: 80}, ${RANGE}, {protocol: UDP, port: 32768, endPort: 60999}]}`,
    `{ports: [{port: 80}]}, {ports: [${RANGE}, {protocol: UDP, port: 32768, endPort: 60999}]}`,
  ])('is mended by taking them away: %s', (rules) => {
    const text = pod('web') + pod('x') + ingress(rules);
    const [finding] = problemsOf(text, ID);
    expect(finding!.effect).toBe('opens 28232 ports of 1 pod in 1 namespace');
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
    expect(proveFix(text, finding!).filter(({ check }) => check === ID)).toEqual([]);
  });

  it('keeps the isolation where the only egress rule goes', () => {
    const text = policy(`egress: [{ports: [${RANGE}]}], ingress: []`);
    proveFix(text, problemsOf(text, ID)[0]!);
  });

  it('is found in cluster-scoped policies', () => {
    const text = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: all}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  ingress:
  - {action: Accept, from: [{namespaces: {matchLabels: {a: b}}}], protocols: [{tcp: {destinationPort: {range: {start: 32768, end: 60999}}}}]}`;
    proveFix(text, problemsOf(text, ID)[0]!);
  });
});
