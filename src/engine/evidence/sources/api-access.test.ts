// Who calls the API server, by bindings and tokens.

import { describe, expect, it } from 'vitest';
import { edgesOf, evidenceOf } from '../../../../test/support/evidence.ts';
import { object } from '../../../../test/support/scenario.ts';
import { apiAccess } from './api-access.ts';

const app = (spec = '', containers = '[{name: c, image: example/app:1}]') =>
  object(
    'apps/v1',
    'Deployment',
    'shop/app',
    `{template: {metadata: {labels: {app: app}}, spec: {${spec} containers: ${containers}}}}`,
  );
const account = (more = '') => `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: own, namespace: shop}\n${more}`;
const binding = (subject: string, kind = 'RoleBinding') =>
  [
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${kind}`,
    `metadata: {name: b${kind === 'RoleBinding' ? ', namespace: shop' : ''}}`,
    'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}',
    `subjects: [{kind: User, name: jane}, ${subject}]`,
  ].join('\n');
const OWN = '{kind: ServiceAccount, name: own, namespace: shop}';
const EDGE = 'shop/app -> api-server:443/TCP';

describe('clients of the API server', () => {
  it.each<[what: string, texts: string[], ...edges: string[]]>([
    ['a RoleBinding', [app('serviceAccountName: own,'), binding(OWN)], EDGE],
    ['a ClusterRoleBinding', [app('serviceAccountName: own,'), binding(OWN, 'ClusterRoleBinding')], EDGE],
    [
      'a subject without a namespace',
      [app('serviceAccountName: own,'), binding('{kind: ServiceAccount, name: own}')],
      EDGE,
    ],
    ['the default account', [app(), binding('{kind: ServiceAccount, name: default, namespace: shop}')], EDGE],
    ['the old name of the field', [app('serviceAccount: own,'), binding(OWN)], EDGE],
    ['another account', [app(), binding(OWN)]],
    [
      'another namespace',
      [app('serviceAccountName: own,'), binding('{kind: ServiceAccount, name: own, namespace: other}')],
    ],
    ['everybody', [app('serviceAccountName: own,'), binding('{kind: Group, name: "system:serviceaccounts"}')]],
    ['no token, by the pod', [app('serviceAccountName: own, automountServiceAccountToken: false,'), binding(OWN)]],
    [
      'no token, by the account',
      [app('serviceAccountName: own,'), account('automountServiceAccountToken: false'), binding(OWN)],
    ],
    [
      'a token in spite of the account',
      [
        app('serviceAccountName: own, automountServiceAccountToken: true,'),
        account('automountServiceAccountToken: false'),
        binding(OWN),
      ],
      EDGE,
    ],
    [
      'a projected token',
      [
        app(
          'serviceAccountName: own, automountServiceAccountToken: false, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t}}]}}],',
        ),
        binding(OWN),
      ],
      EDGE,
    ],
    [
      'a token for somebody else',
      [
        app(
          'serviceAccountName: own, automountServiceAccountToken: false, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t, audience: vault}}]}}],',
        ),
        binding(OWN),
      ],
    ],
  ])('%s', (_what, texts, ...edges) => {
    const found = evidenceOf(texts, apiAccess);
    expect(edgesOf(found)).toEqual(edges);
    expect(found.questions).toEqual([]);
  });

  it('names the binding and its place', () => {
    expect(evidenceOf([app('serviceAccountName: own,'), binding(OWN)], apiAccess).evidence).toMatchObject([
      {
        kind: 'api-server',
        confidence: 'likely',
        says: 'RoleBinding shop/b gives ClusterRole view to ServiceAccount shop/own of shop/app',
        source: { path: 'subjects[1]' },
      },
    ]);
  });

  it.each<[what: string, containers: string, isAsked: boolean]>([
    ['an image of a client', '[{name: c, image: "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2"}]', true],
    ['a variable', '[{name: c, image: x, env: [{name: WATCH_NAMESPACE, value: ""}]}]', true],
    ['an argument', '[{name: c, image: x, args: [--leader-elect]}]', true],
    ['nothing', '[{name: c, image: x}]', false],
  ])('without a binding %s is a question or nothing', (_what, containers, isAsked) => {
    const { evidence, questions } = evidenceOf([app('', containers)], apiAccess);
    expect(evidence).toEqual([]);
    expect(questions.map(({ about }) => about)).toEqual(isAsked ? ['api-access'] : []);
  });
});
