import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { pod, policy } from '../../../../test/support/shop-manifests.ts';

const ingress = (...rules: string[]) => pod('web') + pod('api') + policy(`policyTypes: [Ingress], ingress: [${rules}]`);
const API = 'from: [{podSelector: {matchLabels: {app: api}}}]';

describe('mergeable-rules', () => {
  it.each([
    ['the same peers on other ports', [`{${API}, ports: [{port: 80}]}`, `{${API}, ports: [{port: 81}]}`], 1],
    ['three of them once', ['80', '81', '82'].map((port) => `{${API}, ports: [{port: ${port}}]}`), 1],
    ['everybody', ['{ports: [{port: 80}]}', '{ports: [{port: 81}]}'], 1],
    ['other peers', [`{${API}, ports: [{port: 80}]}`, '{from: [{podSelector: {}}], ports: [{port: 81}]}'], 0],
    ['the same ports, which is redundant', [`{${API}, ports: [{port: 80}]}`, `{${API}, ports: [{port: 80}]}`], 0],
    ['every port, which says it all', [`{${API}}`, `{${API}, ports: [{port: 80}]}`], 0],
  ])('%s', (_, rules, expected) => {
    expect(problemsOf(ingress(...rules), 'mergeable-rules')).toHaveLength(expected);
  });

  it('writes one rule', () => {
    const text = ingress(`{${API}, ports: [{port: 80}]}`, `{${API}, ports: [{port: 81}, {port: 80}]}`);
    const [finding] = problemsOf(text, 'mergeable-rules');
    expect(finding).toMatchObject({
      source: { path: 'spec.ingress[1]' },
      related: [{ source: { path: 'spec.ingress[0]' } }],
    });
    expect(finding!.fix!.edits).toMatchObject([
      { op: 'set', value: [{ port: 80 }, { port: 81 }] },
      { op: 'remove', path: ['spec', 'ingress', 1] },
    ]);
    proveFix(text, finding!);
  });
});
