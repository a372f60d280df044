import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const objects = (nodePort: number, rule: number) => `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: ${nodePort}}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: ${rule}}]}]}
`;

describe('node-port', () => {
  it('finds the node port in a rule, and writes the target', () => {
    const text = objects(30080, 30080);
    const [finding] = problemsOf(text, 'node-port');
    expect(finding).toMatchObject({
      message:
        '30080 is the node port of Service shop/web; the pods behind it are reached on 8080, which is what policies see',
      related: [{ message: 'forwards 30080 to 8080' }],
    });
    proveFix(text, finding!);
    expect(problemsOf(text, 'service-port')).toEqual([]);
  });

  it.each([
    [30080, 8080],
    [30080, 30081],
    [30080, 80],
  ])('node port %i, rule for %i', (nodePort, rule) => {
    expect(problemsOf(objects(nodePort, rule), 'node-port')).toEqual([]);
  });
});
