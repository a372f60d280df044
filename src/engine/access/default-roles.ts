// ClusterRoles that every API server creates and that people bind without having them in their manifests, as far as making
// pods and labelling namespaces goes (plugin/pkg/auth/authorizer/rbac/bootstrappolicy of Kubernetes). Facts only.

import type { AccessRole, AccessRule } from './access.ts';

const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'] as const;

const rule = (apiGroup: string, ...resources: readonly string[]): AccessRule => ({
  verbs: WRITE,
  apiGroups: [apiGroup],
  resources,
  resourceNames: [],
});

/** What `edit` and `admin` may write of the kinds that make pods. Neither may write namespaces. */
const WRITE_WORKLOADS: readonly AccessRule[] = [
  rule('', 'pods', 'replicationcontrollers', 'replicationcontrollers/scale'),
  rule('apps', 'daemonsets', 'deployments', 'deployments/scale', 'replicasets', 'replicasets/scale', 'statefulsets'),
  rule('batch', 'cronjobs', 'jobs'),
];

const EVERYTHING: AccessRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [] };

/** By name. `view` and the like grant nothing of what is asked. */
export const DEFAULT_CLUSTER_ROLES: readonly AccessRole[] = [
  { name: 'cluster-admin', rules: [EVERYTHING] },
  { name: 'admin', rules: WRITE_WORKLOADS },
  { name: 'edit', rules: WRITE_WORKLOADS },
  { name: 'view', rules: [] },
];

/** Reports whether every cluster has a ClusterRole of this name that the input need not hold: it is the system's own. */
export function isSystemRole(name: string): boolean {
  return name.startsWith('system:');
}
