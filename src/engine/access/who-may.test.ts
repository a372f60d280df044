import { describe, expect, it } from 'vitest';
import { objectsOf } from '../../../test/support/lint.ts';
import { printSubject } from './access.ts';
import { readAccess } from './read-access.ts';
import { type Maker, whoMayCreateNamespaces, whoMayLabelNamespace, whoMayMakePods } from './who-may.ts';

const BINDING = (role: string, subject: string, namespace?: string) => `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding'}
metadata: {name: ${role.toLowerCase().replace('/', '-')}-${subject}${namespace === undefined ? '' : `, namespace: ${namespace}`}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${role.split('/')[0]}, name: ${role.split('/')[1]}}
subjects: [{kind: User, name: ${subject}}]
`;
const ROLE = (name: string, rules: string, namespace?: string, more = '') => `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${namespace === undefined ? 'ClusterRole' : 'Role'}
metadata: {name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`}${more}}
rules: ${rules}
`;

const access = (text: string) => readAccess(objectsOf(text), 'default');
const names = (makers: readonly Maker[]) => makers.map(({ subject, by }) => `${printSubject(subject)}: ${by}`);

describe('whoMayMakePods', () => {
  it.each<[string, string, string[]]>([
    ['pods', "[{verbs: [create], apiGroups: [''], resources: [pods]}]", ['User u: create pods']],
    [
      'a Deployment',
      '[{verbs: [create], apiGroups: [apps], resources: [deployments]}]',
      ['User u: create deployments.apps'],
    ],
    ['labels of pods that are there', "[{verbs: [patch], apiGroups: [''], resources: [pods]}]", ['User u: patch pods']],
    [
      'one workload by name',
      '[{verbs: [update], apiGroups: [apps], resources: [deployments], resourceNames: [web]}]',
      ['User u: update deployments.apps'],
    ],
    ['everything', "[{verbs: ['*'], apiGroups: ['*'], resources: ['*']}]", ['User u: create pods']],
    [
      'a name at creation grants nothing',
      "[{verbs: [create], apiGroups: [''], resources: [pods], resourceNames: [web]}]",
      [],
    ],
    ['another group', '[{verbs: [create], apiGroups: [apps], resources: [pods]}]', []],
    ['scale changes no label', '[{verbs: [update], apiGroups: [apps], resources: [deployments/scale]}]', []],
    ['reading', "[{verbs: [get, list, watch], apiGroups: [''], resources: [pods]}]", []],
    ['a running Job cannot be given another template', '[{verbs: [patch], apiGroups: [batch], resources: [jobs]}]', []],
    ['no rules', '[]', []],
  ])('%s', (_name, rules, expected) => {
    const text = ROLE('r', rules) + BINDING('ClusterRole/r', 'u');
    expect(names(whoMayMakePods(access(text), 'shop'))).toEqual(expected);
  });

  it('a RoleBinding grants in its own namespace only', () => {
    const text =
      ROLE('r', "[{verbs: [create], apiGroups: [''], resources: [pods]}]", 'shop') + BINDING('Role/r', 'u', 'shop');
    expect(names(whoMayMakePods(access(text), 'shop'))).toEqual(['User u: create pods']);
    expect(names(whoMayMakePods(access(text), 'ops'))).toEqual([]);
  });

  it('a Role of another namespace is another role', () => {
    const text =
      ROLE('r', "[{verbs: [create], apiGroups: [''], resources: [pods]}]", 'ops') + BINDING('Role/r', 'u', 'shop');
    expect(names(whoMayMakePods(access(text), 'shop'))).toEqual([]);
    expect(access(text).unresolved).toHaveLength(1);
  });

  it('roles that every cluster has need not be in the input', () => {
    const text =
      BINDING('ClusterRole/edit', 'dev', 'shop') +
      BINDING('ClusterRole/cluster-admin', 'root') +
      BINDING('ClusterRole/view', 'guest');
    expect(names(whoMayMakePods(access(text), 'shop'))).toEqual(['User dev: create pods', 'User root: create pods']);
    expect(access(text).unresolved).toEqual([]);
  });

  it('an aggregated role has the rules of those that it selects, and not its own', () => {
    const text = `${ROLE('part', '[{verbs: [create], apiGroups: [batch], resources: [jobs]}]', undefined, ', labels: {to-team: "true"}')}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: team}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to-team: "true"}}]}
rules: [{verbs: [create], apiGroups: [''], resources: [pods]}]
${BINDING('ClusterRole/team', 'u')}`;
    expect(names(whoMayMakePods(access(text), 'shop'))).toEqual(['User u: create jobs.batch']);
  });

  it('a binding of a role that nobody knows is named', () => {
    expect(access(BINDING('ClusterRole/ours', 'u')).unresolved.map(({ role }) => role.name)).toEqual(['ours']);
  });
});

describe('namespaces', () => {
  const rules = (verbs: string, more = '') =>
    ROLE('r', `[{verbs: ${verbs}, apiGroups: [''], resources: [namespaces]${more}}]`);

  it('are created by who may create them everywhere', () => {
    expect(names(whoMayCreateNamespaces(access(rules('[create]') + BINDING('ClusterRole/r', 'u'))))).toEqual([
      'User u: create namespaces',
    ]);
    expect(whoMayCreateNamespaces(access(rules('[create]') + BINDING('ClusterRole/r', 'u', 'shop')))).toEqual([]);
    expect(whoMayCreateNamespaces(access(BINDING('ClusterRole/admin', 'u')))).toEqual([]);
  });

  it('are labelled by who may patch or update them, perhaps only one of them', () => {
    const all = access(rules('[patch]') + BINDING('ClusterRole/r', 'u'));
    expect(names(whoMayLabelNamespace(all, 'shop'))).toEqual(['User u: patch namespaces']);
    const one = access(rules('[update]', ', resourceNames: [shop]') + BINDING('ClusterRole/r', 'u'));
    expect(names(whoMayLabelNamespace(one, 'shop'))).toEqual(['User u: update namespaces']);
    expect(whoMayLabelNamespace(one, 'ops')).toEqual([]);
  });
});

describe('readAccess', () => {
  it('leaves out what the API server refuses, and says so', () => {
    const text = `${BINDING('Role/r', 'u')}---\n${BINDING('ClusterRole/r', 'v', 'shop').replace('name: r}', 'other: r}')}`;
    expect(access(text).problems).toEqual([
      'ClusterRoleBinding role-r-u refers to a Role, which the API server refuses',
      'RoleBinding shop/clusterrole-r-v names no role',
    ]);
  });

  it("knows service accounts by their namespace, else the binding's", () => {
    const text = BINDING('ClusterRole/edit', 'x', 'shop').replace(
      '[{kind: User, name: x}]',
      '[{kind: ServiceAccount, name: a}, {kind: ServiceAccount, name: b, namespace: ops}, {kind: Group, name: g}]',
    );
    expect(names(whoMayMakePods(access(text), 'shop'))).toEqual([
      'Group g: create pods',
      'ServiceAccount ops/b: create pods',
      'ServiceAccount shop/a: create pods',
    ]);
  });
});
