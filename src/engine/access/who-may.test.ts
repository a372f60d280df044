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
    [
      'but server-side apply creates under that name',
      '[{verbs: [create, patch], apiGroups: [batch], resources: [jobs], resourceNames: [a, b]}]',
      ['User u: create jobs.batch named a'],
    ],
    [
      'where both rights are for one name',
      '[{verbs: [create], apiGroups: [batch], resources: [jobs], resourceNames: [a]}, {verbs: [patch], apiGroups: [batch], resources: [jobs], resourceNames: [b]}]',
      [],
    ],
    [
      'labels with a status',
      "[{verbs: [patch], apiGroups: [''], resources: [pods/status]}]",
      ['User u: patch pods/status'],
    ],
    ['any status', "[{verbs: [update], apiGroups: [''], resources: ['*/status']}]", ['User u: update pods/status']],
    ['any scale', "[{verbs: [update], apiGroups: ['*'], resources: ['*/scale']}]", []],
    ['no such wildcard', "[{verbs: [create], apiGroups: [''], resources: [pods/*]}]", []],
    ['URLs', "[{verbs: ['*'], nonResourceURLs: ['*']}]", []],
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

  it('what is labelled for a role of every cluster is part of it, and of those that hold it', () => {
    const label = (name: string) => `, labels: {rbac.authorization.k8s.io/aggregate-to-${name}: "true"}`;
    const text = (to: string) =>
      ROLE('ours', "[{verbs: [patch], apiGroups: [''], resources: [namespaces]}]", undefined, label(to)) +
      BINDING('ClusterRole/admin', 'a', 'shop') +
      BINDING('ClusterRole/edit', 'e', 'shop') +
      BINDING('ClusterRole/view', 'v', 'shop');
    const who = (to: string) => names(whoMayLabelNamespace(access(text(to)), 'shop'));
    expect(who('admin')).toEqual(['User a: patch namespaces']);
    expect(who('edit')).toEqual(['User a: patch namespaces', 'User e: patch namespaces']);
    expect(who('view')).toHaveLength(3);
  });

  it('an aggregated role of which the input holds no part has the rules that it shows', () => {
    const text = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: team}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to-team: "true"}}, {matchExpressions: 3}]}
rules: [{verbs: [create], apiGroups: [''], resources: [pods]}]
${BINDING('ClusterRole/team', 'u')}`;
    expect(names(whoMayMakePods(access(text.replace(', {matchExpressions: 3}', '')), 'shop'))).toEqual([
      'User u: create pods',
    ]);
    expect(() => access(text)).not.toThrow();
  });

  it('aggregated roles may hold one another', () => {
    const both = (name: string, other: string) => `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${name}, labels: {to: ${name}}}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: ${other}}}, {matchLabels: {to: ${name}-own}}]}
`;
    const own = ROLE(
      'own',
      "[{verbs: [create], apiGroups: [''], resources: [pods]}]",
      undefined,
      ', labels: {to: b-own}',
    );
    const text = both('a', 'b') + both('b', 'a') + own + BINDING('ClusterRole/a', 'u');
    expect(names(whoMayMakePods(access(text), 'shop'))).toEqual(['User u: create pods']);
  });

  it('of the roles of the system, some are known', () => {
    const bound = (name: string) => access(BINDING(`ClusterRole/system:${name}`, 'u'));
    expect(names(whoMayMakePods(bound('aggregate-to-edit'), 'shop'))).toEqual(['User u: create pods']);
    expect(bound('auth-delegator').unresolved).toEqual([]);
    expect(bound('node').unresolved.map(({ role }) => role.name)).toEqual(['system:node']);
  });

  it('a binding of a role that nobody knows is named', () => {
    expect(access(BINDING('ClusterRole/ours', 'u')).unresolved.map(({ role }) => role.name)).toEqual(['ours']);
  });
});

describe('rights that can be taken', () => {
  const RBAC = 'apiGroups: [rbac.authorization.k8s.io]';
  const SET = `{verbs: [create], ${RBAC}, resources: [rolebindings, clusterrolebindings]}`;
  const act = (what: string, names = '') => `{verbs: [impersonate], apiGroups: [''], resources: [${what}]${names}}`;
  const bind = (what: string, names = '') => `{verbs: [bind], ${RBAC}, resources: [${what}]${names}}`;
  const who = (rules: string, namespace?: string, more = '') =>
    names(whoMayMakePods(access(ROLE('r', `[${rules}]`) + BINDING('ClusterRole/r', 'u', namespace) + more), 'shop'));

  it.each<[string, string, string[]]>([
    ['any ClusterRole bound', `${SET}, ${bind('clusterroles')}`, ['bind clusterroles.rbac.authorization.k8s.io']],
    [
      'one that suffices',
      `${SET}, ${bind('clusterroles', ', resourceNames: [edit]')}`,
      ['bind clusterroles.rbac.authorization.k8s.io'],
    ],
    ['one that does not', `${SET}, ${bind('clusterroles', ', resourceNames: [view]')}`, []],
    ['no bindings to write', bind('clusterroles'), []],
    ['bindings, and no role to bind', SET, []],
    [
      'a role written',
      `{verbs: [escalate, update], ${RBAC}, resources: [clusterroles]}`,
      ['escalate clusterroles.rbac.authorization.k8s.io'],
    ],
    ['a role not written', `{verbs: [escalate], ${RBAC}, resources: [clusterroles]}`, []],
    ['any user', act('users'), ['impersonate users']],
    ['groups alone', act('groups'), []],
    ['a user who may not either', act('users', ', resourceNames: [jane]'), []],
  ])('%s', (_name, rules, by) => {
    expect(who(rules)).toEqual(by.map((one) => `User u: ${one}`));
  });

  it('a RoleBinding gives them in its namespace only, and over the whole cluster none', () => {
    const taken = ['User u: bind clusterroles.rbac.authorization.k8s.io'];
    expect(who(`${SET}, ${bind('clusterroles')}`, 'shop')).toEqual(taken);
    expect(who(`${SET}, ${bind('clusterroles')}`, 'ops')).toEqual([]);
    expect(who(act('users'), 'shop')).toEqual([]);
    const text = ROLE('r', `[${SET}, ${bind('clusterroles')}]`) + BINDING('ClusterRole/r', 'u', 'shop');
    expect(names(whoMayLabelNamespace(access(text), 'shop'))).toEqual(taken);
    expect(whoMayCreateNamespaces(access(text))).toEqual([]);
  });

  it('whoever may act as one who may, may', () => {
    const jane = BINDING('ClusterRole/edit', 'jane', 'shop');
    expect(who(act('users', ', resourceNames: [jane]'), undefined, jane)).toEqual([
      'User jane: create pods',
      'User u: impersonate users',
    ]);
  });

  it('rights of several bindings of one subject count together', () => {
    const text =
      ROLE('set', `[${SET}]`) +
      ROLE('give', `[${bind('clusterroles')}]`) +
      BINDING('ClusterRole/set', 'u', 'shop') +
      BINDING('ClusterRole/give', 'u');
    expect(names(whoMayMakePods(access(text), 'shop'))).toEqual([
      'User u: bind clusterroles.rbac.authorization.k8s.io',
    ]);
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
    expect(whoMayCreateNamespaces(access(BINDING('ClusterRole/admin', 'u', 'shop')))).toEqual([]);
    const named = access(rules('[create, patch]', ', resourceNames: [new]') + BINDING('ClusterRole/r', 'u'));
    expect(names(whoMayCreateNamespaces(named))).toEqual(['User u: create namespaces named new']);
    // Who may write pods everywhere may act as any service account, those of controllers that write roles among them.
    expect(names(whoMayCreateNamespaces(access(BINDING('ClusterRole/admin', 'u'))))).toEqual([
      'User u: impersonate serviceaccounts',
    ]);
  });

  it('are labelled by who may patch or update them, perhaps only one of them', () => {
    const all = access(rules('[patch]') + BINDING('ClusterRole/r', 'u'));
    expect(names(whoMayLabelNamespace(all, 'shop'))).toEqual(['User u: patch namespaces']);
    const one = access(rules('[update]', ', resourceNames: [shop]') + BINDING('ClusterRole/r', 'u'));
    expect(names(whoMayLabelNamespace(one, 'shop'))).toEqual(['User u: update namespaces']);
    expect(whoMayLabelNamespace(one, 'ops')).toEqual([]);
    const status = ROLE('r', "[{verbs: [update, patch], apiGroups: [''], resources: [namespaces/finalize]}]");
    expect(names(whoMayLabelNamespace(access(status + BINDING('ClusterRole/r', 'u')), 'shop'))).toEqual([
      'User u: update namespaces/finalize',
    ]);
  });

  it('are labelled by whom a RoleBinding in them lets', () => {
    const text = rules('[patch]') + BINDING('ClusterRole/r', 'u', 'shop');
    expect(names(whoMayLabelNamespace(access(text), 'shop'))).toEqual(['User u: patch namespaces']);
    expect(whoMayLabelNamespace(access(text), 'ops')).toEqual([]);
  });
});

describe('readAccess', () => {
  it('leaves out what the API server refuses, and says so', () => {
    const text = `${BINDING('Role/r', 'u')}---\n${BINDING('ClusterRole/r', 'v', 'shop').replace('name: r}', 'other: r}')}`;
    expect(access(text).problems).toEqual([
      'ClusterRoleBinding role-r-u refers to a Role, which the API server refuses',
      'RoleBinding shop/clusterrole-r-v names no role',
    ]);
    const group = BINDING('ClusterRole/edit', 'v', 'shop');
    expect(
      access(group.replace('roleRef: {apiGroup: rbac.authorization.k8s.io', 'roleRef: {apiGroup: apps')).problems,
    ).toEqual(['RoleBinding shop/clusterrole-edit-v names no role']);
    expect(
      access(group.replace('roleRef: {apiGroup: rbac.authorization.k8s.io, ', 'roleRef: {')).bindings,
    ).toHaveLength(1);
    const bad = (subject: string, namespace?: string) => {
      const binding = BINDING('ClusterRole/edit', 'x', namespace).replace('{kind: User, name: x}', subject);
      const { problems, bindings } = access(binding);
      expect(bindings).toEqual([]);
      return problems;
    };
    expect(bad('{kind: ServiceAccount, name: a}')).toEqual([
      'ClusterRoleBinding clusterrole-edit-x has the ServiceAccount "a" of no namespace, which the API server refuses',
    ]);
    expect(bad('{kind: User, name: a}, {kind: user, name: b}', 'shop')).toEqual([
      'RoleBinding shop/clusterrole-edit-x has the subject "b", of a kind that is no User, Group or ServiceAccount, which the API server refuses',
    ]);
    expect(bad('{kind: User}', 'shop')[0]).toContain('has a subject without a name');
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
