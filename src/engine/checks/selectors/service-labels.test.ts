import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { from, pod, policy } from '../../../../test/support/shop-manifests.ts';

const ID = 'service-labels';

const service = (labels: string, selector = '{app: web}') => `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {${labels}}}
spec: {selector: ${selector}, ports: [{port: 80}]}
---`;
const RULE = 'policyTypes: [Ingress], ingress: [{ports: [{port: 80}]}]';

describe(ID, () => {
  it.each([
    ['labels of the Service', service('service: web'), '{matchLabels: {service: web}}', 1],
    ['labels that both have', service('app: web'), '{matchLabels: {app: web}}', 0],
    ['labels of nobody', service('service: web'), '{matchLabels: {service: x}}', 0],
    ['labels of a Service without a selector', service('service: web', ''), '{matchLabels: {service: web}}', 0],
  ])('%s', (_, text, selector, count) => {
    expect(problemsOf(pod('web') + text + policy(RULE, selector), ID)).toHaveLength(count);
  });

  it('is mended by the selector of the Service', () => {
    const text = pod('web') + service('service: web') + policy(RULE, '{matchLabels: {service: web}}');
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({
      effect: 'means none of 1 pod in 1 namespace behind the Service',
      hint: 'policies select pods; those of the Service have app=web',
      related: [{ source: { path: 'metadata.labels' } }],
      fix: { title: 'select the pods of the Service: app=web', announced: 'changes' },
    });
    proveFix(text, finding!);
    expect(problemsOf(text).map(({ check }) => check)).toEqual([ID]);
  });

  it('is found in peers', () => {
    const text =
      pod('web') +
      pod('db') +
      service('service: web').replace('name: web, n', 'name: db, n').replace('{app: web}', '{app: db}');
    const peer = text + from('{podSelector: {matchLabels: {service: web}}}');
    const [finding] = problemsOf(peer, ID);
    expect(finding).toMatchObject({
      source: { path: 'spec.ingress[0].from[0].podSelector' },
      fix: { announced: 'changes' },
    });
    proveFix(peer, finding!);
  });
});
