// Reads Role, ClusterRole, RoleBinding and ClusterRoleBinding objects. Aggregated ClusterRoles get the rules of those that
// they select, as the controller would fill them in.

import { type LabelSelectorFields, toSelector } from '../dialects/decoding/label-selector.ts';
import { selects } from '../model/selector.ts';
import type { ManifestObject } from '../model/source.ts';
import type { Access, AccessBinding, AccessRole, AccessRule, AccessSubject } from './access.ts';
import { DEFAULT_CLUSTER_ROLES, isSystemRole } from './default-roles.ts';

const GROUP = 'rbac.authorization.k8s.io/';
const KINDS: readonly string[] = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];

type Fields = Readonly<Record<string, unknown>>;

interface ReadRole extends AccessRole {
  readonly labels: Readonly<Record<string, string>>;
  readonly aggregates: readonly LabelSelectorFields[];
}

/** Everything that the RBAC objects among these say; the others are passed over. Never throws for what they say. */
export function readAccess(objects: readonly ManifestObject[], defaultNamespace: string): Access {
  const problems: string[] = [];
  const roles: ReadRole[] = [];
  const bindings: AccessBinding[] = [];
  for (const object of objects) {
    const { apiVersion, kind } = object.value;
    if (typeof apiVersion !== 'string' || !apiVersion.startsWith(GROUP)) continue;
    if (typeof kind !== 'string' || !KINDS.includes(kind)) continue;
    const metadata = fieldsOf(object.value['metadata']);
    const name = textOf(metadata['name']);
    if (name === undefined) {
      problems.push(`a ${kind} has no name`);
      continue;
    }
    const home = kind.startsWith('Cluster') ? {} : { namespace: textOf(metadata['namespace']) ?? defaultNamespace };
    if (kind.endsWith('Role')) roles.push({ ...home, name, ...readRole(object.value, metadata) });
    else bindings.push(...readBinding(object, { ...home, name }, problems));
  }
  const own = roles.map((role) => aggregated(role, roles));
  const known = new Set(own.map(keyOf));
  const all: AccessRole[] = [...own, ...DEFAULT_CLUSTER_ROLES.filter((role) => !known.has(keyOf(role)))];
  const names = new Set(all.map(keyOf));
  const unresolved = bindings.filter(
    ({ role, namespace }) =>
      !names.has(keyOf(role.kind === 'Role' ? { name: role.name, namespace: namespace ?? '' } : { name: role.name })) &&
      !(role.kind === 'ClusterRole' && isSystemRole(role.name)),
  );
  return { roles: all, bindings, unresolved, problems };
}

/** Equal for the same role. */
export function keyOf({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function readRole(value: Fields, metadata: Fields): Pick<ReadRole, 'rules' | 'labels' | 'aggregates'> {
  const aggregation = fieldsOf(value['aggregationRule']);
  return {
    rules: listOf(value['rules']).map((rule): AccessRule => {
      const fields = fieldsOf(rule);
      return {
        verbs: textsOf(fields['verbs']),
        apiGroups: textsOf(fields['apiGroups']),
        resources: textsOf(fields['resources']),
        resourceNames: textsOf(fields['resourceNames']),
      };
    }),
    labels: Object.fromEntries(
      Object.entries(fieldsOf(metadata['labels'])).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
    aggregates: listOf(aggregation['clusterRoleSelectors']).map(
      (selector) => fieldsOf(selector) as LabelSelectorFields,
    ),
  };
}

/** "The control plane overwrites any values that you manually specify in the rules field of an aggregate ClusterRole." */
function aggregated(role: ReadRole, all: readonly ReadRole[]): AccessRole {
  const { namespace, name, aggregates } = role;
  const home = namespace === undefined ? {} : { namespace };
  if (aggregates.length === 0) return { ...home, name, rules: role.rules };
  const parts = all.filter(
    (one) =>
      one !== role &&
      one.namespace === undefined &&
      aggregates.some((fields) => selects(toSelector(fields), one.labels)),
  );
  return { ...home, name, rules: parts.flatMap(({ rules }) => rules) };
}

function readBinding(
  object: ManifestObject,
  home: { readonly namespace?: string; readonly name: string },
  problems: string[],
): AccessBinding[] {
  const { value } = object;
  const reference = fieldsOf(value['roleRef']);
  const name = textOf(reference['name']);
  const kind = reference['kind'];
  if (name === undefined || (kind !== 'Role' && kind !== 'ClusterRole')) {
    problems.push(`${String(value['kind'])} ${keyOf(home)} names no role`);
    return [];
  }
  if (kind === 'Role' && home.namespace === undefined) {
    problems.push(`ClusterRoleBinding ${home.name} refers to a Role, which the API server refuses`);
    return [];
  }
  const subjects = listOf(value['subjects']).flatMap((subject) => readSubject(fieldsOf(subject), home.namespace));
  return [{ ...home, role: { kind, name }, subjects, object }];
}

/** A service account without a namespace is one of the binding's own; the API server demands it written. */
function readSubject(fields: Fields, namespace: string | undefined): AccessSubject[] {
  const name = textOf(fields['name']);
  const kind = fields['kind'];
  if (name === undefined) return [];
  if (kind === 'User' || kind === 'Group') return [{ kind, name }];
  const home = textOf(fields['namespace']) ?? namespace;
  return kind === 'ServiceAccount' && home !== undefined ? [{ kind, namespace: home, name }] : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
