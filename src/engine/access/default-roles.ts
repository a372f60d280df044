// ClusterRoles that every API server creates and that people bind without having them in their manifests, as far as making
// pods and labelling namespaces goes (plugin/pkg/auth/authorizer/rbac/bootstrappolicy of Kubernetes). Facts only.

import { labelOf } from '../model/selector.ts';
import type { AccessRule, WrittenRole } from './access.ts';

const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'] as const;

const rule = (apiGroup: string, ...resources: readonly string[]): AccessRule => ({
  verbs: WRITE,
  apiGroups: [apiGroup],
  resources,
  resourceNames: [],
});

const EVERYTHING: AccessRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [] };

type Name = 'admin' | 'edit' | 'view';

const into = (role: Name): string => `rbac.authorization.k8s.io/aggregate-to-${role}`;

/** A role that people bind: whatever is labelled for it, by whoever adds APIs to the cluster, becomes part of it. */
const gathered = (name: Name, ...parts: readonly Name[]): WrittenRole => ({
  name,
  rules: [],
  labels: Object.fromEntries(parts.map((role) => [into(role), 'true'])),
  aggregates: (labels) => labelOf(labels, into(name)) === 'true',
});

const part = (name: Name, rules: readonly AccessRule[]): WrittenRole => ({
  name: `system:aggregate-to-${name}`,
  rules,
  labels: { [into(name)]: 'true' },
});

/** None of them may write namespaces. */
export const DEFAULT_CLUSTER_ROLES: readonly WrittenRole[] = [
  { name: 'cluster-admin', rules: [EVERYTHING], labels: {} },
  gathered('admin'),
  gathered('edit', 'admin'),
  gathered('view', 'edit'),
  part('admin', [rule('rbac.authorization.k8s.io', 'rolebindings', 'roles')]),
  part('edit', [
    { verbs: ['impersonate'], apiGroups: [''], resources: ['serviceaccounts'], resourceNames: [] },
    rule('', 'pods', 'replicationcontrollers'),
    rule('apps', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'),
    rule('batch', 'cronjobs', 'jobs'),
  ]),
  part('view', []),
];

/** Roles of the system that people bind and that grant nothing of what is asked here. */
const HARMLESS: readonly string[] = [
  'auth-delegator',
  'basic-user',
  'certificates.k8s.io:certificatesigningrequests:nodeclient',
  'certificates.k8s.io:certificatesigningrequests:selfnodeclient',
  'discovery',
  'heapster',
  'kube-aggregator',
  'kube-dns',
  'monitoring',
  'node-bootstrapper',
  'node-problem-detector',
  'node-proxier',
  'persistent-volume-provisioner',
  'public-info-viewer',
  'service-account-issuer-discovery',
  'volume-scheduler',
];

/** Reports whether it is known that the system's role of this name grants neither pods nor labels. */
export function isHarmless(name: string): boolean {
  return HARMLESS.includes(name.replace(/^system:/, '')) && name.startsWith('system:');
}
