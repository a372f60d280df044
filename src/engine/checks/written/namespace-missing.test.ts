import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { pod } from '../../../../test/support/shop-manifests.ts';

const ID = 'namespace-missing';

const policy = (name: string, namespace?: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`}}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
---`;

describe(ID, () => {
  it.each([
    ['workloads that name theirs', pod('web') + policy('web'), 1],
    ['workloads that name none', pod('web').replace('namespace: shop, ', '') + policy('web'), 0],
    ['workloads that name the default', pod('web', 'default') + policy('web'), 0],
    ['a namespace', pod('web') + policy('web', 'shop'), 0],
    ['nothing', policy('web'), 0],
    ['policies that name theirs', policy('web') + policy('db', 'shop'), 1],
    ['an empty name', pod('web') + policy('web', '""'), 1],
    ['a list of policies that name none', policy('web') + policy('db'), 0],
  ])('%s', (_, text, count) => {
    expect(problemsOf(text, ID)).toHaveLength(count);
  });

  it('is mended by the one namespace that there is', () => {
    const text = pod('web') + policy('web');
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({ effect: 'protects no pod of shop', fix: { title: 'write namespace: shop' } });
    proveFix(text, finding!);
    expect(problemsOf(text + pod('x', 'dev'), ID)[0]!.fix).toBeUndefined();
  });

  it('says nothing of cluster-scoped policies', () => {
    const text = `${pod('web')}
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: all}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}}`;
    expect(problemsOf(text, ID)).toEqual([]);
  });
});
