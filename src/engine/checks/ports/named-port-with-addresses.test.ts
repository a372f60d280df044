import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const policy = (peers: string, port: string, direction: 'ingress' | 'egress' = 'egress') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {}, policyTypes: [${direction === 'ingress' ? 'Ingress' : 'Egress'}], ${direction}: [{${direction === 'ingress' ? 'from' : 'to'}: ${peers}, ports: ${port}}]}
`;
const BLOCK = '[{ipBlock: {cidr: 198.51.100.0/24}}]';
const ID = 'named-port-with-addresses';

describe('named-port-with-addresses', () => {
  it.each([
    [BLOCK, '[{port: https}]', ['spec.egress[0].ports[0]']],
    [BLOCK, '[{port: 443}, {port: metrics}]', ['spec.egress[0].ports[1]']],
    [BLOCK, '[{port: 443}]', []],
    ['[{podSelector: {}}]', '[{port: https}]', []],
    ['[{podSelector: {}}, {ipBlock: {cidr: 198.51.100.0/24}}]', '[{port: https}]', ['spec.egress[0].ports[0]']],
  ])('%s on %s', (peers, port, paths) => {
    expect(problemsOf(policy(peers, port), ID).map(({ source }) => source.path)).toEqual(paths);
  });

  it('names of ingress are those of the pods of the policy', () => {
    expect(problemsOf(policy(BLOCK, '[{port: https}]', 'ingress'), ID)).toEqual([]);
  });

  it('writes well-known numbers, where no pods are meant beside', () => {
    const text = policy(BLOCK, '[{port: https}]');
    const [finding] = problemsOf(text, ID);
    expect(finding!.fix!.edits).toMatchObject([{ value: 443 }]);
    proveFix(text, finding!);
    expect(problemsOf(policy(BLOCK, '[{port: metrics}]'), ID)[0]!.fix).toBeUndefined();
    expect(problemsOf(policy(`[{podSelector: {}}, ${BLOCK.slice(1)}`, '[{port: https}]'), ID)[0]!.fix).toBeUndefined();
  });

  it('leaves cluster-scoped policies to decoding', () => {
    const text = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: c}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Accept, to: [{networks: [198.51.100.0/24]}], protocols: [{destinationNamedPort: https}]}]}
`;
    expect(problemsOf(text, ID)).toEqual([]);
    expect(problemsOf(text, 'named-port-without-pods')).toHaveLength(1);
  });
});
