// Who may do what, as RBAC says it: roles, bindings and subjects as plain values. Knows no policy and no pod.

import type { ManifestObject } from '../model/source.ts';

/** One rule of a role. `*` in a list means everything; lists that the object leaves out are empty and match nothing. */
export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Names that it is limited to; empty: no limit. */
  readonly resourceNames: readonly string[];
}

/** A Role (with a namespace) or ClusterRole (without). */
export interface AccessRole {
  readonly namespace?: string;
  readonly name: string;
  readonly rules: readonly AccessRule[];
}

/** A role as it is written. */
export interface WrittenRole extends AccessRole {
  readonly labels: Readonly<Record<string, string>>;
  /** Selects the ClusterRoles whose rules it gets in place of its own; absent: it has its own. */
  readonly aggregates?: (labels: Readonly<Record<string, string>>) => boolean;
}

/** A user, a group or a service account. */
export type AccessSubject =
  | { readonly kind: 'User' | 'Group'; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly namespace: string; readonly name: string };

/** A RoleBinding (with a namespace) or ClusterRoleBinding (without). */
export interface AccessBinding {
  readonly namespace?: string;
  readonly name: string;
  readonly role: { readonly kind: 'Role' | 'ClusterRole'; readonly name: string };
  readonly subjects: readonly AccessSubject[];
  readonly object: ManifestObject;
}

/** Everything that RBAC objects of the input say. */
export interface Access {
  readonly roles: readonly AccessRole[];
  readonly bindings: readonly AccessBinding[];
  /** Bindings of roles that neither the input nor every cluster has: what they grant is not known. */
  readonly unresolved: readonly AccessBinding[];
  /** Problems of RBAC objects, each a clause; what they say was left out. */
  readonly problems: readonly string[];
}

/** A subject for a person: `User jane`, `Group system:masters`, `ServiceAccount ops/deployer`. */
export function printSubject(subject: AccessSubject): string {
  return subject.kind === 'ServiceAccount'
    ? `ServiceAccount ${subject.namespace}/${subject.name}`
    : `${subject.kind} ${subject.name}`;
}
