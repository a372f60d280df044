import { expect, it } from 'vitest';
import { objectsOf, stateOf } from '../../../test/support/lint.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { exposure } from './exposure.ts';
import { withAccess } from './exposure-access.ts';

const RBAC = (kind: string, name: string, namespace: string | undefined, role: string, subject: string) => `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: {name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role}}
subjects: [${subject}]
`;
const MANIFESTS = `apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: ops}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, image: c}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}], egress: [{to: [{podSelector: {}}]}]}
${RBAC('RoleBinding', 'developers', 'shop', 'edit', '{kind: Group, name: developers}')}
${RBAC('RoleBinding', 'operators', 'ops', 'edit', '{kind: Group, name: operators}')}
${RBAC('ClusterRoleBinding', 'root', undefined, 'cluster-admin', '{kind: User, name: root}')}
${RBAC('ClusterRoleBinding', 'ours', undefined, 'ours', '{kind: ServiceAccount, namespace: ci, name: deployer}')}`;

it('names who could make the pods that entries speak of, where these can be', () => {
  const state = stateOf(MANIFESTS);
  const open = exposure(state, {}, { defaultNamespace: 'default', protocols: PORT_PROTOCOLS });
  const { access, notes } = withAccess(open, state, objectsOf(MANIFESTS), 'default');
  const names = (list: readonly { title: string; by: string }[]) => list.map(({ title, by }) => `${title}: ${by}`);
  expect(access!.namespaces.map(({ namespace, makePods }) => [namespace, names(makePods)])).toEqual([
    ['shop', ['Group developers: create pods', 'User root: create pods']],
  ]);
  expect(names(access!.createNamespaces)).toEqual(['User root: create namespaces']);
  expect(access!.unresolved).toEqual([
    'ClusterRoleBinding ours grants ClusterRole ours, which the input does not hold',
  ]);
  expect(notes).toContain(access!.unresolved[0]);
});

it('says where the input tells nothing about rights', () => {
  const text = MANIFESTS.slice(0, MANIFESTS.indexOf('---\napiVersion: rbac'));
  const state = stateOf(text);
  const open = exposure(state, {}, { defaultNamespace: 'default', protocols: PORT_PROTOCOLS });
  expect(withAccess(open, state, objectsOf(text), 'default').notes).toContain(
    'the input holds no RoleBinding, so nobody is known who could make such pods',
  );
});
